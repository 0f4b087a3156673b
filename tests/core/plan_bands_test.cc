// Which steps a program joins, and that its answers stay.
// SPDX-License-Identifier: MIT
#include "plan/fuse_bands.h"

#include "graph_builder.h"
#include "optimize/optimize.h"
#include "plan/plan.h"
#include "run/execution.h"

namespace graph_testing {
namespace {

constexpr int64_t kChannels = 64, kSide = 56; // 800 KB: too large for a cache

// A network whose pictures are all large.
class Net {
public:
    explicit Net(int64_t side = kSide) { x_ = builder.input("x", {1, kChannels, side, side}); }
    ValueId x() const { return x_; }
    ValueId pointwise(ValueId x, int64_t in, int64_t out) {
        return builder.add("Relu", {builder.conv(x, {out, in, 1, 1})});
    }
    ValueId depthwise(ValueId x, int64_t channels, int64_t stride = 1) {
        ValueId y = builder.conv(x, {channels, 1, 3, 3}, true, 1);
        builder.attributes().set("group", channels).set("strides",
                                                        std::vector<int64_t>{stride, stride});
        return builder.add("Relu", {y});
    }

    // The kernels of the planned program, and that it answers as the graph, node by node.
    std::string plan(int threads = 1) {
        Contents inputs = random_inputs(builder.graph());
        Contents expected = interpret(builder.graph(), inputs);
        Graph &graph = builder.graph();
        EXPECT_OK(linnet::optimize(&graph));
        linnet::WeightCache cache;
        auto program = linnet::plan_program(graph, &cache, {}, threads);
        EXPECT_TRUE(program.ok());
        std::string kernels;
        for (const linnet::Step &step : program.value().steps)
            kernels += (kernels.empty() ? "" : " ") +
                       std::string(linnet::kernel(step.kernel, linnet::Isa::kPlain).name);
        arena_bytes = program.value().arena_bytes;
        auto pool = linnet::ThreadPool::create(threads);
        EXPECT_TRUE(pool.ok());
        auto execution = linnet::Execution::create(std::move(program.value()), linnet::Isa::kAuto,
                                                   pool.value().get(), {});
        EXPECT_TRUE(execution.ok());
        linnet::Execution &run = *execution.value();
        run.write_input(0, DType::kFloat32, inputs[0]->data());
        for (size_t step = 0; step < run.program().steps.size(); ++step) run.run_step(step);
        Contents outputs;
        for (size_t i = 0; i < expected.size(); ++i) {
            outputs.push_back(Tensor::create(DType::kFloat32, expected[i]->shape()).value());
            run.read_output(i, DType::kFloat32, outputs.back()->writable<float>().data());
        }
        expect_near(outputs, expected, 1e-4f);
        return kernels;
    }

    GraphBuilder builder;
    int64_t arena_bytes = 0;

private:
    ValueId x_;
};

TEST(PlanBands, JoinsAnInvertedResidual) {
    for (int threads : {1, 3}) {
        Net net;
        ValueId y = net.depthwise(net.pointwise(net.x(), kChannels, 96), 96);
        y = net.builder.conv(y, {kChannels, 96, 1, 1});
        net.builder.output(net.builder.add("Relu", {net.builder.add("Add", {y, net.x()})}));
        EXPECT_EQ(net.plan(threads), "bands2d");
        // Input, output, and of the two pictures of 1.2 MB in between some rows.
        EXPECT_LT(net.arena_bytes, 2 * kChannels * kSide * kSide * 4 + threads * 800000);
    }
}

// The sum is computed over the input's own memory where nobody joins; in bands it must not be.
TEST(PlanBands, MovesAnOutputAwayFromItsInput) {
    for (int threads : {1, 3}) {
        Net net;
        ValueId x = net.pointwise(net.x(), kChannels, kChannels);
        ValueId y = net.depthwise(net.pointwise(x, kChannels, 96), 96);
        y = net.builder.conv(y, {kChannels, 96, 1, 1});
        y = net.builder.add("Add", {y, x});
        net.builder.output(net.pointwise(y, kChannels, 8));
        net.builder.output(y);
        EXPECT_EQ(net.plan(threads), "conv2d bands2d conv2d");
    }
}

TEST(PlanBands, JoinsAConvolutionAndItsPool) {
    Net net;
    ValueId y = net.builder.conv(net.x(), {kChannels, kChannels, 5, 5}, true, 2);
    y = net.builder.add("MaxPool", {net.builder.add("Relu", {y})});
    net.builder.attributes()
        .set("kernel_shape", std::vector<int64_t>{3, 3})
        .set("strides", std::vector<int64_t>{2, 2})
        .set("pads", std::vector<int64_t>{1, 1, 1, 1});
    net.builder.output(y);
    EXPECT_EQ(net.plan(), "bands2d");
}

TEST(PlanBands, LeavesPicturesThatOthersRead) {
    Net net;
    ValueId wide = net.pointwise(net.x(), kChannels, 96);
    ValueId y = net.depthwise(wide, 96, 2);
    net.builder.output(net.pointwise(y, 96, kChannels));
    net.builder.output(wide);
    EXPECT_EQ(net.plan(), "conv2d depthwise2d conv2d");
}

// Both branches write into one tensor, and the second one reads what the first one wrote there: its
// first step stays alone, lest the output take that away.
TEST(PlanBands, LeavesPartsOfOneConcatenation) {
    Net net;
    ValueId a = net.pointwise(net.x(), kChannels, 32);
    ValueId b = net.pointwise(net.depthwise(net.pointwise(a, 32, 96), 96), 96, 32);
    net.builder.output(net.builder.add("Concat", {a, b}));
    net.builder.attributes().set("axis", 1);
    EXPECT_EQ(net.plan(3), "conv2d conv2d bands2d");
}

TEST(PlanBands, LeavesSmallPictures) {
    Net net;
    ValueId y = net.depthwise(net.pointwise(net.x(), kChannels, 8), 8);
    net.builder.output(net.pointwise(y, 8, kChannels));
    EXPECT_EQ(net.plan(), "conv2d depthwise2d conv2d");
}

// A convolution of 3x3 with Relu, and a max pool of 2x2 behind it.
ValueId convolve_and_pool(Net *net, ValueId x, int64_t out, bool ceil = false) {
    ValueId y = net->builder.conv(x, {out, kChannels, 3, 3}, true, 1);
    ValueId pooled = net->builder.add("MaxPool", {net->builder.add("Relu", {y})});
    net->builder.attributes()
        .set("kernel_shape", std::vector<int64_t>{2, 2})
        .set("strides", std::vector<int64_t>{2, 2})
        .set("ceil_mode", ceil ? 1 : 0);
    return pooled;
}

TEST(PlanPools, JoinAConvolutionAndItsPool) {
    for (int threads : {1, 3}) {
        Net net;
        ValueId y = convolve_and_pool(&net, net.x(), kChannels);
        net.builder.output(convolve_and_pool(&net, y, 40));
        EXPECT_EQ(net.plan(threads), "winograd2d winograd2d");
        EXPECT_LT(net.arena_bytes, (kChannels + 16) * kSide * kSide * 4 + threads * 1200000);
    }
}

TEST(PlanPools, LeaveWhatIsCutOff) {
    for (bool ceil : {false, true}) {
        Net net(kSide - 1);
        net.builder.output(convolve_and_pool(&net, net.x(), 40, ceil));
        EXPECT_EQ(net.plan(), ceil ? "winograd2d pool2d" : "winograd2d");
    }
}

TEST(PlanPools, LeavePicturesThatOthersRead) {
    Net net;
    ValueId y = net.builder.add("Relu", {net.builder.conv(net.x(), {40, kChannels, 3, 3}, true, 1)});
    net.builder.output(net.builder.add("MaxPool", {y}));
    net.builder.attributes()
        .set("kernel_shape", std::vector<int64_t>{2, 2})
        .set("strides", std::vector<int64_t>{2, 2});
    net.builder.output(net.builder.add("GlobalAveragePool", {y}));
    EXPECT_EQ(net.plan(), "winograd2d pool2d pool2d");
}

} // namespace
} // namespace graph_testing

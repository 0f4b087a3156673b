// Random graphs: whatever the passes make of them, the answers stay.
// SPDX-License-Identifier: MIT
#include "graph_builder.h"
#include "optimize/optimize.h"

namespace graph_testing {
namespace {

constexpr int64_t kChannels = 4, kSide = 6;

// Nodes over tensors [batch, 4, 6, 6], each applied to a random earlier one.
class RandomGraph {
public:
    RandomGraph(uint64_t seed, int64_t batch) : random_(seed) {
        values_.push_back(builder_.input("x", {batch, kChannels, kSide, kSide}));
        for (int i = 0; i < 24; ++i) values_.push_back(grow());
        builder_.output(values_.back());
        for (int i = below(3); i > 0; --i) builder_.output(any());
    }
    GraphBuilder &builder() { return builder_; }

private:
    int below(int limit) {
        return static_cast<int>(random_.between(0, static_cast<float>(limit)));
    }
    // Mostly the last one, so that chains that can be folded are common.
    ValueId any() {
        int count = static_cast<int>(values_.size()), back = below(3) > 0 ? 0 : below(count);
        return values_[static_cast<size_t>(count - 1 - back)];
    }
    ValueId per_channel() {
        const Shape shapes[] = {{}, {1}, {kChannels, 1, 1}, {1, kChannels, 1, 1}, {1, 1, 1}};
        return builder_.random(shapes[below(5)], 0.5f, 2);
    }
    ValueId convolution() {
        int64_t pad = below(2), kernel = 2 * pad + 1, group = below(2) ? 1 : below(2) ? 2 : 4;
        Shape weights = {kChannels, kChannels / group, kernel, kernel};
        ValueId y = builder_.conv(any(), weights, below(2), pad);
        builder_.attributes().set("group", group);
        return y;
    }
    ValueId arithmetic() {
        const char *ops[] = {"Add", "Sub", "Mul", "Div"};
        const char *op = ops[below(4)];
        ValueId x = any(), c = per_channel();
        bool swapped = below(4) == 0 && op[0] != 'D';
        return swapped ? builder_.add(op, {c, x}) : builder_.add(op, {x, c});
    }
    ValueId activation() {
        const char *ops[] = {"Relu", "Tanh", "Sigmoid", "HardSwish", "LeakyRelu", "HardSigmoid"};
        return builder_.add(ops[below(6)], {any()});
    }
    ValueId clipping() {
        ValueId x = any(), bound = builder_.scalar(below(3) - 1);
        if (below(2)) return builder_.add(below(2) ? "Min" : "Max", {x, bound});
        return builder_.add("Clip", {x, bound, builder_.scalar(3)});
    }
    ValueId gate() {
        ValueId x = any(), six = builder_.scalar(6);
        if (below(2)) return builder_.add("Mul", {x, builder_.add("Sigmoid", {x})});
        ValueId sum = builder_.add("Add", {x, builder_.scalar(3)});
        ValueId clip = builder_.add("Clip", {sum, builder_.scalar(0), six});
        return builder_.add("Div", {builder_.add("Mul", {x, clip}), six});
    }
    ValueId pooling() {
        ValueId x = any(), pads = builder_.ints({0, 0, 1, 1, 0, 0, 1, 1});
        if (below(2)) x = builder_.add("Relu", {x});
        ValueId padded = builder_.add("Pad", {x, pads});
        ValueId y = builder_.add(below(2) ? "MaxPool" : "AveragePool", {padded});
        builder_.attributes().set("kernel_shape", {3, 3});
        return y;
    }
    ValueId padded_convolution() {
        ValueId pads = builder_.ints({0, 0, 1, 1, 0, 0, 1, 1});
        return builder_.conv(builder_.add("Pad", {any(), pads}), {kChannels, kChannels, 3, 3});
    }
    ValueId moving() {
        ValueId y = builder_.add("Transpose", {any()});
        builder_.attributes().set("perm", {0, 2, 3, 1});
        if (below(2)) y = builder_.add("Identity", {y});
        y = builder_.add("Transpose", {y});
        builder_.attributes().set("perm", {0, 3, 1, 2});
        return y;
    }
    ValueId reshaping() {
        ValueId y = builder_.add("Reshape", {any(), builder_.ints({0, 2, 2, -1})});
        return builder_.add("Reshape", {y, builder_.ints({-1, kChannels, kSide, kSide})});
    }
    ValueId grow() {
        switch (below(14)) {
        case 0:
        case 1:
        case 2: return convolution();
        case 3: return builder_.batch_norm(any(), kChannels);
        case 4:
        case 5: return arithmetic();
        case 6: return activation();
        case 7: return clipping();
        case 8: return gate();
        case 9: return pooling();
        case 10: return padded_convolution();
        case 11: return moving();
        case 12: return reshaping();
        default: {
            ValueId a = any(), b = any();
            return builder_.add(below(3) ? "Add" : "Mul", {a, builder_.add("Tanh", {b})});
        }
        }
    }

    GraphBuilder builder_;
    Random random_;
    std::vector<ValueId> values_;
};

TEST(OptimizeRandom, AnswersStay) {
    size_t before = 0, after = 0;
    for (uint64_t seed = 1; seed <= 150 && !::testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        bool free_batch = seed % 2 == 0;
        RandomGraph random(seed, free_batch ? -1 : 2);
        Graph &graph = random.builder().graph();
        Contents inputs = random_inputs(graph, 2);
        Contents expected = interpret(graph, inputs);
        before += graph.nodes.size();
        EXPECT_OK(linnet::optimize(&graph));
        expect_near(interpret(graph, inputs), expected, 1e-4f);
        Shape shape = {2, kChannels, kSide, kSide};
        EXPECT_OK(linnet::set_input_shapes(&graph, Span<const Shape>(&shape, 1)));
        EXPECT_OK(linnet::optimize(&graph));
        expect_near(interpret(graph, inputs), expected, 1e-4f);
        after += graph.nodes.size();
    }
    EXPECT_LT(after, before / 2);
}

} // namespace
} // namespace graph_testing

// What one step can compute becomes one node: pads, sums, activations; and all passes together.
// SPDX-License-Identifier: MIT
#include <cfloat>

#include "graph_builder.h"
#include "ops/matrix_product.h"
#include "optimize/optimize.h"
#include "optimize/passes.h"

namespace graph_testing {
namespace {

using linnet::Function;
using Pass = Status (*)(Graph *, bool *);

// The operators after the pass; the answers must not change.
std::string after(GraphBuilder *builder, Pass pass) {
    Contents inputs = random_inputs(builder->graph());
    Contents expected = interpret(builder->graph(), inputs);
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder->graph(), &changed));
    EXPECT_OK(pass(&builder->graph(), &changed));
    expect_near(interpret(builder->graph(), inputs), expected, 2e-6f);
    return operators(builder->graph());
}

Function fused(const Graph &graph, size_t node) {
    return linnet::fused_activation(graph.nodes[node]).function;
}

// ---- shuffles ----

class FindShuffles : public ::testing::Test {
protected:
    // The channels of pictures, [2, 4, 3, 5] each, in turn, written with this permutation.
    std::string shuffled(int parts, const std::vector<int64_t> &perm = {0, 2, 1, 3, 4}) {
        std::vector<ValueId> pictures;
        for (int i = 0; i < parts; ++i)
            pictures.push_back(builder_.add(i % 2 ? "Sin" : "Cos", {x_}));
        ValueId joined = builder_.add("Concat", pictures);
        builder_.attributes().set("axis", 1);
        if (shows_joined_) builder_.output(joined);
        int64_t channels = 4;
        ValueId groups =
            builder_.add("Reshape", {joined, builder_.ints({2, parts, channels, 3, 5})});
        ValueId turned = builder_.add("Transpose", {groups});
        builder_.attributes().set("perm", perm);
        builder_.output(
            builder_.add("Reshape", {turned, builder_.ints({2, parts * channels, 3, 5})}));
        return after(&builder_, linnet::find_shuffles);
    }

    GraphBuilder builder_;
    ValueId x_ = builder_.input("x", {2, 4, 3, 5});
    bool shows_joined_ = false;
};

TEST_F(FindShuffles, OfTwoPictures) { EXPECT_EQ(shuffled(2), "Cos Sin linnet.ChannelShuffle"); }
TEST_F(FindShuffles, OfFourPictures) {
    EXPECT_EQ(shuffled(4), "Cos Sin Cos Sin linnet.ChannelShuffle");
}
TEST_F(FindShuffles, NotOfMoreThanTheKernelTakes) {
    EXPECT_EQ(shuffled(5), "Cos Sin Cos Sin Cos Concat Reshape Transpose Reshape");
}
TEST_F(FindShuffles, NotOfOtherAxes) {
    EXPECT_EQ(shuffled(2, {0, 2, 1, 4, 3}), "Cos Sin Concat Reshape Transpose Reshape");
}
TEST_F(FindShuffles, NotIfTheConcatenationIsShown) {
    shows_joined_ = true;
    EXPECT_EQ(shuffled(2), "Cos Sin Concat Reshape Transpose Reshape");
}

// ---- pads ----

class FoldPads : public ::testing::Test {
protected:
    ValueId pad(ValueId x, const std::vector<int64_t> &pads) {
        return builder_.add("Pad", {x, builder_.ints(pads)});
    }
    ValueId pool(const char *op, ValueId x, int64_t kernel) {
        ValueId y = builder_.add(op, {x});
        builder_.attributes().set("kernel_shape", {kernel, kernel});
        return y;
    }
    std::string folded() { return after(&builder_, linnet::fold_pads); }

    GraphBuilder builder_;
    ValueId x_ = builder_.input("x", {1, 2, 5, 5});
};

TEST_F(FoldPads, IntoConv) {
    builder_.output(builder_.conv(pad(x_, {0, 0, 1, 0, 0, 0, 2, 1}), {3, 2, 3, 3}, true, 1));
    EXPECT_EQ(folded(), "Conv");
    Span<const int64_t> pads = builder_.graph().nodes[0].get_ints("pads");
    ASSERT_EQ(pads.size(), 4u);
    EXPECT_EQ(pads[0], 2);
    EXPECT_EQ(pads[1], 1);
    EXPECT_EQ(pads[2], 3);
    EXPECT_EQ(pads[3], 2);
}
TEST_F(FoldPads, IntoConvWithAxesInput) {
    ValueId zero = builder_.scalar(0);
    ValueId y = builder_.add("Pad", {x_, builder_.ints({1, 2}), zero, builder_.ints({-1})});
    y = builder_.conv(y, {3, 2, 3, 3});
    builder_.attributes().set("auto_pad", "VALID");
    builder_.output(y);
    EXPECT_EQ(folded(), "Conv");
}
TEST_F(FoldPads, IntoAveragePool) {
    builder_.output(pool("AveragePool", pad(x_, {0, 0, 1, 1, 0, 0, 1, 1}), 3));
    EXPECT_EQ(folded(), "AveragePool");
}
TEST_F(FoldPads, NotIntoAveragePoolThatDoesNotCountItsPads) {
    builder_.output(pool("AveragePool", pad(x_, {0, 0, 1, 1, 0, 0, 1, 1}), 3));
    builder_.attributes().set("pads", {1, 1, 1, 1}).set("count_include_pad", 0);
    EXPECT_EQ(folded(), "Pad AveragePool");
}
TEST_F(FoldPads, IntoMaxPoolOfWhatIsNeverNegative) {
    ValueId relu = builder_.add("Relu", {x_});
    builder_.output(pool("MaxPool", pad(relu, {0, 0, 0, 0, 0, 0, 1, 1}), 3));
    EXPECT_EQ(folded(), "Relu MaxPool");
}
TEST_F(FoldPads, IntoMaxPoolWithTheLeastNumber) {
    ValueId least = builder_.scalar(-FLT_MAX);
    ValueId y = builder_.add("Pad", {x_, builder_.ints({0, 0, 1, 1, 0, 0, 1, 1}), least});
    builder_.output(pool("MaxPool", y, 3));
    EXPECT_EQ(folded(), "MaxPool");
}
TEST_F(FoldPads, NotIntoMaxPoolWhereZeroMayWin) {
    builder_.output(pool("MaxPool", pad(x_, {0, 0, 1, 1, 0, 0, 1, 1}), 3));
    EXPECT_EQ(folded(), "Pad MaxPool");
}
TEST_F(FoldPads, NotIntoMaxPoolWindowsOfPadsAlone) {
    ValueId relu = builder_.add("Relu", {x_});
    builder_.output(pool("MaxPool", pad(relu, {0, 0, 2, 2, 0, 0, 2, 2}), 2));
    EXPECT_EQ(folded(), "Relu Pad MaxPool");
}
TEST_F(FoldPads, NotOtherPads) {
    ValueId channels = pad(x_, {0, 1, 0, 0, 0, 0, 0, 0});
    builder_.output(builder_.conv(channels, {3, 3, 3, 3}));
    ValueId crop = pad(x_, {0, 0, -1, 0, 0, 0, 1, 0});
    builder_.output(builder_.conv(crop, {3, 2, 3, 3}));
    ValueId one = builder_.scalar(1);
    ValueId ones = builder_.add("Pad", {x_, builder_.ints({0, 0, 1, 1, 0, 0, 1, 1}), one});
    builder_.output(builder_.conv(ones, {3, 2, 3, 3}));
    ValueId mirrored = pad(x_, {0, 0, 1, 1, 0, 0, 1, 1});
    builder_.attributes().set("mode", "reflect");
    builder_.output(builder_.conv(mirrored, {3, 2, 3, 3}));
    ValueId same = builder_.conv(pad(x_, {0, 0, 1, 1, 0, 0, 1, 1}), {3, 2, 3, 3});
    builder_.attributes().set("auto_pad", "SAME_LOWER").set("strides", {2, 2});
    builder_.output(same);
    ValueId shown = pad(x_, {0, 0, 1, 1, 0, 0, 1, 1});
    builder_.output(shown);
    builder_.output(builder_.conv(shown, {3, 2, 3, 3}));
    EXPECT_EQ(folded(), "Pad Conv Pad Conv Pad Conv Pad Conv Pad Conv Pad Conv");
}

// ---- scalars ----

class FoldFactors : public ::testing::Test {
protected:
    std::string folded() { return after(&builder_, linnet::fold_factors); }
    float factor(size_t node) {
        return builder_.graph().nodes[node].get_float(linnet::kMatMulFactor, 1);
    }

    GraphBuilder builder_;
    ValueId a_ = builder_.input("a", {2, 3, 4}), b_ = builder_.input("b", {2, 4, 5});
};

TEST_F(FoldFactors, FromBothSidesAndFromTheProduct) {
    ValueId a = builder_.add("Mul", {a_, builder_.scalar(0.5)});
    ValueId b = builder_.add("Div", {builder_.add("Mul", {builder_.scalar(3), b_}),
                                     builder_.scalar(4)});
    ValueId y = builder_.add("Div", {builder_.add("MatMul", {a, b}), builder_.scalar(2)});
    builder_.output(builder_.add("Relu", {y}));
    EXPECT_EQ(folded(), "MatMul Relu");
    EXPECT_FLOAT_EQ(factor(0), 0.1875f);
}
TEST_F(FoldFactors, NotWhatOthersRead) {
    ValueId a = builder_.add("Mul", {a_, builder_.scalar(0.5)});
    builder_.output(builder_.add("Relu", {a}));
    ValueId y = builder_.add("MatMul", {a, b_});
    builder_.output(y);
    builder_.output(builder_.add("Mul", {y, builder_.scalar(2)}));
    EXPECT_EQ(folded(), "Mul Relu MatMul Mul");
}
TEST_F(FoldFactors, NotVectorsNorDivisionByTheProduct) {
    ValueId a = builder_.add("Mul", {a_, builder_.random({4})});
    ValueId y = builder_.add("MatMul", {a, b_});
    builder_.output(builder_.add("Div", {builder_.scalar(2), y}));
    builder_.output(builder_.add("MatMul", {builder_.add("Mul", {a_, a_}), b_}));
    EXPECT_EQ(folded(), "Mul MatMul Div Mul MatMul");
}

// ---- sums ----

class FuseResiduals : public ::testing::Test {
protected:
    std::string fused_sums() { return after(&builder_, linnet::fuse_residuals); }

    GraphBuilder builder_;
    ValueId x_ = builder_.input("x", {1, 4, 3, 3});
};

TEST_F(FuseResiduals, ConvOnEitherSide) {
    ValueId first = builder_.add("Add", {builder_.conv(x_, {4, 4, 3, 3}, true, 1), x_});
    ValueId second = builder_.add("Add", {first, builder_.conv(first, {4, 4, 1, 1}, false)});
    builder_.output(second);
    EXPECT_EQ(fused_sums(), "Conv Conv");
    EXPECT_EQ(builder_.graph().nodes[0].inputs[3], x_);
    EXPECT_EQ(builder_.graph().nodes[1].inputs[3], first);
    EXPECT_EQ(builder_.graph().nodes[1].inputs[2], kNoValue);
}
TEST_F(FuseResiduals, OfTwoConvsTheLaterOne) {
    ValueId early = builder_.conv(x_, {4, 4, 1, 1}), late = builder_.conv(x_, {4, 4, 1, 1});
    builder_.output(builder_.add("Add", {early, late}));
    EXPECT_EQ(fused_sums(), "Conv Conv");
    EXPECT_EQ(builder_.graph().nodes[1].inputs[3], early);
}
TEST_F(FuseResiduals, TakesTheActivationOfTheSum) {
    builder_.output(builder_.add("Add", {builder_.conv(x_, {4, 4, 1, 1}), x_}));
    EXPECT_OK(linnet::fuse_activation(&builder_.graph().nodes.back(), {Function::kRelu, 0, 0}));
    EXPECT_EQ(fused_sums(), "Conv");
    EXPECT_EQ(fused(builder_.graph(), 0), Function::kRelu);
}
TEST_F(FuseResiduals, NotWhatBroadcasts) {
    ValueId small = builder_.input("small", {1, 4, 1, 1}), row = builder_.input("row", {3});
    builder_.output(builder_.add("Add", {builder_.conv(x_, {4, 4, 1, 1}), small}));
    builder_.output(builder_.add("Add", {builder_.conv(x_, {4, 4, 1, 1}), row}));
    builder_.output(builder_.add("Add", {builder_.conv(small, {4, 4, 1, 1}), x_}));
    EXPECT_EQ(fused_sums(), "Conv Add Conv Add Conv Add");
}
TEST_F(FuseResiduals, NotAcrossReadersOutputsAndActivations) {
    ValueId read = builder_.conv(x_, {4, 4, 1, 1}), shown = builder_.conv(x_, {4, 4, 1, 1});
    builder_.output(builder_.add("Add", {read, x_}));
    builder_.output(builder_.add("Relu", {read}));
    builder_.output(builder_.add("Add", {shown, x_}));
    builder_.output(shown);
    ValueId doubled = builder_.conv(x_, {4, 4, 1, 1});
    builder_.output(builder_.add("Add", {doubled, doubled}));
    ValueId active = builder_.conv(x_, {4, 4, 1, 1});
    EXPECT_OK(linnet::fuse_activation(&builder_.graph().nodes.back(), {Function::kRelu, 0, 0}));
    builder_.output(builder_.add("Add", {active, x_}));
    EXPECT_EQ(fused_sums(), "Conv Conv Add Relu Add Conv Add Conv Add");
}
TEST_F(FuseResiduals, OneSumForOneConv) {
    ValueId sum = builder_.add("Add", {builder_.conv(x_, {4, 4, 1, 1}), x_});
    builder_.output(builder_.add("Add", {sum, x_}));
    EXPECT_EQ(fused_sums(), "Conv Add");
}
TEST_F(FuseResiduals, MatMulWithConstantMatrix) {
    ValueId rows = builder_.input("rows", {2, 5, 4}), row = builder_.input("row", {4});
    auto product = [&](ValueId x, ValueId weights) {
        return builder_.add("MatMul", {x, weights});
    };
    ValueId computed = builder_.input("computed", {4, 4});
    builder_.output(builder_.add("Add", {rows, product(rows, builder_.random({4, 4}))}));
    builder_.output(builder_.add("Add", {product(rows, computed), rows}));
    builder_.output(builder_.add("Add", {product(rows, builder_.random({2, 4, 4})), rows}));
    builder_.output(builder_.add("Add", {product(row, builder_.random({4, 4})), row}));
    EXPECT_EQ(fused_sums(), "MatMul MatMul Add MatMul Add MatMul Add");
    EXPECT_EQ(builder_.graph().nodes[0].inputs[3], rows);
}
TEST_F(FuseResiduals, WaitsForKnownShapes) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {-1, 4, 3, 3}), y = builder.input("y", {-1, 4, 3, 3});
    ValueId sum = builder.add("Add", {builder.conv(x, {4, 4, 1, 1}), y});
    builder.output(builder.add("Relu", {sum}));
    Contents inputs = random_inputs(builder.graph(), 2);
    Contents expected = interpret(builder.graph(), inputs);
    EXPECT_OK(linnet::optimize(&builder.graph()));
    EXPECT_EQ(operators(builder.graph()), "Conv Add");
    EXPECT_EQ(fused(builder.graph(), 1), Function::kRelu);
    Shape shapes[] = {{2, 4, 3, 3}, {2, 4, 3, 3}};
    EXPECT_OK(linnet::set_input_shapes(&builder.graph(), shapes));
    EXPECT_OK(linnet::optimize(&builder.graph()));
    EXPECT_EQ(operators(builder.graph()), "Conv");
    EXPECT_EQ(fused(builder.graph(), 0), Function::kRelu);
    expect_near(interpret(builder.graph(), inputs), expected);
}
TEST_F(FuseResiduals, TheOtherBatchMayBeOne) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {-1, 4, 3, 3}), y = builder.input("y", {-1, 4, 3, 3});
    builder.output(builder.add("Add", {builder.conv(x, {4, 4, 1, 1}), y}));
    EXPECT_OK(linnet::optimize(&builder.graph()));
    Shape shapes[] = {{2, 4, 3, 3}, {1, 4, 3, 3}};
    EXPECT_OK(linnet::set_input_shapes(&builder.graph(), shapes));
    EXPECT_OK(linnet::optimize(&builder.graph()));
    EXPECT_EQ(operators(builder.graph()), "Conv Add");
}

// ---- activations ----

class FuseActivations : public ::testing::Test {
protected:
    std::string fused_all() { return after(&builder_, linnet::fuse_activations); }

    GraphBuilder builder_;
    ValueId x_ = builder_.input("x", {2, 4, 3, 3});
};

TEST_F(FuseActivations, IntoEveryKindOfProducer) {
    ValueId row = builder_.input("row", {2, 5});
    ValueId conv = builder_.conv(x_, {4, 4, 1, 1});
    builder_.output(builder_.add("Relu", {conv}));
    ValueId sum = builder_.add("Add", {x_, x_});
    builder_.output(builder_.add("LeakyRelu", {sum}));
    builder_.attributes().set("alpha", 0.25);
    ValueId product = builder_.add("Mul", {x_, x_});
    ValueId low = builder_.scalar(1), high = builder_.scalar(2);
    builder_.output(builder_.add("Clip", {product, low, high}));
    ValueId difference = builder_.add("Sub", {x_, builder_.scalar(1)});
    builder_.output(builder_.add("Tanh", {difference}));
    ValueId quotient = builder_.add("Div", {x_, builder_.scalar(3)});
    builder_.output(builder_.add("Sigmoid", {quotient}));
    ValueId gemm = builder_.add("Gemm", {row, builder_.random({5, 4}), builder_.random({4})});
    builder_.output(builder_.add("HardSwish", {gemm}));
    ValueId matmul = builder_.add("MatMul", {row, builder_.random({5, 4})});
    builder_.output(builder_.add("Gelu", {matmul}));
    EXPECT_EQ(fused_all(), "Conv Add Mul Sub Div Gemm MatMul");
    EXPECT_EQ(fused(builder_.graph(), 1), Function::kLeakyRelu);
    EXPECT_EQ(linnet::fused_activation(builder_.graph().nodes[1]).a, 0.25f);
    EXPECT_EQ(fused(builder_.graph(), 6), Function::kGelu);
}
TEST_F(FuseActivations, OnlyOne) {
    ValueId relu = builder_.add("Relu", {builder_.conv(x_, {4, 4, 1, 1})});
    builder_.output(builder_.add("Tanh", {relu}));
    EXPECT_EQ(fused_all(), "Conv Tanh");
}
TEST_F(FuseActivations, NotAcrossReadersAndOutputs) {
    ValueId read = builder_.conv(x_, {4, 4, 1, 1}), shown = builder_.conv(x_, {4, 4, 1, 1});
    builder_.output(builder_.add("Relu", {read}));
    builder_.output(builder_.add("Tanh", {read}));
    builder_.output(builder_.add("Relu", {shown}));
    builder_.output(shown);
    EXPECT_EQ(fused_all(), "Conv Conv Relu Tanh Relu");
}
TEST_F(FuseActivations, NotIntegersNorComputedBoundsNorComputedMatrices) {
    ValueId n = builder_.input("n", {2}, DType::kInt64), bound = builder_.input("bound", {});
    Graph &graph = builder_.graph();
    builder_.output(builder_.add("Abs", {builder_.add("Add", {n, n})}));
    builder_.output(builder_.add("Clip", {builder_.add("Add", {x_, x_}), bound}));
    builder_.output(builder_.add("Relu", {builder_.add("MatMul", {x_, x_})}));
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&graph, &changed));
    EXPECT_OK(linnet::fuse_activations(&graph, &changed));
    EXPECT_FALSE(changed);
    EXPECT_EQ(operators(graph), "Add Abs Add Clip MatMul Relu");
}

// ---- everything ----

std::string optimized(GraphBuilder *builder) {
    Contents inputs = random_inputs(builder->graph());
    Contents expected = interpret(builder->graph(), inputs);
    EXPECT_OK(linnet::optimize(&builder->graph()));
    expect_near(interpret(builder->graph(), inputs), expected);
    return operators(builder->graph());
}

TEST(Optimize, ResidualBlock) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 4, 6, 6});
    ValueId y = builder.batch_norm(builder.conv(x, {4, 4, 3, 3}, false, 1), 4);
    y = builder.add("Relu", {y});
    y = builder.batch_norm(builder.conv(y, {4, 4, 3, 3}, false, 1), 4);
    ValueId shortcut = builder.batch_norm(builder.conv(x, {4, 4, 1, 1}, false), 4);
    y = builder.add("Relu", {builder.add("Add", {y, shortcut})});
    builder.output(y);
    EXPECT_EQ(optimized(&builder), "Conv Conv Conv");
    EXPECT_EQ(fused(builder.graph(), 0), Function::kRelu);
    EXPECT_EQ(fused(builder.graph(), 2), Function::kRelu);
    EXPECT_EQ(builder.graph().nodes[2].outputs[0], y);
}

TEST(Optimize, MobileBlockWithDecomposedHardSwish) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {-1, 3, -1, -1});
    ValueId y = builder.batch_norm(builder.conv(x, {4, 3, 1, 1}), 4);
    ValueId three = builder.scalar(3), zero = builder.scalar(0), six = builder.scalar(6);
    ValueId gate = builder.add("Clip", {builder.add("Add", {y, three}), zero, six});
    builder.output(builder.add("Div", {builder.add("Mul", {y, gate}), six}));
    EXPECT_EQ(optimized(&builder), "Conv");
    EXPECT_EQ(fused(builder.graph(), 0), Function::kHardSwish);
}

TEST(Optimize, TransformerBlock) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 5, 6});
    ValueId axis = builder.ints({-1});
    ValueId mean = builder.add("ReduceMean", {x, axis});
    ValueId d = builder.add("Sub", {x, mean});
    ValueId square = builder.add("Pow", {d, builder.scalar(2)});
    ValueId variance = builder.add("ReduceMean", {square, axis});
    ValueId root = builder.add("Sqrt", {builder.add("Add", {variance, builder.scalar(1e-5)})});
    ValueId y = builder.add("Mul", {builder.add("Div", {d, root}), builder.random({6})});
    y = builder.add("Add", {y, builder.random({6})});
    y = builder.add("MatMul", {y, builder.random({6, 8})});
    y = builder.add("Add", {builder.random({8}), y});
    ValueId erf = builder.add("Erf", {builder.add("Div", {y, builder.scalar(std::sqrt(2.0))})});
    y = builder.add("Mul", {y, builder.add("Add", {erf, builder.scalar(1)})});
    y = builder.add("Mul", {y, builder.scalar(0.5)});
    builder.output(builder.add("Add", {builder.add("MatMul", {y, builder.random({8, 6})}), x}));
    EXPECT_EQ(optimized(&builder), "LayerNormalization MatMul MatMul");
    EXPECT_EQ(fused(builder.graph(), 1), Function::kGelu);
}

// A watched tensor is an output of the graph: it keeps its value, and the others their answers.
TEST(Optimize, WatchedTensors) {
    for (size_t watched = 0; watched < 6; ++watched) {
        GraphBuilder builder;
        ValueId x = builder.input("x", {1, 4, 6, 6});
        std::vector<ValueId> values = {builder.conv(x, {4, 4, 3, 3}, true, 1)};
        values.push_back(builder.batch_norm(values.back(), 4));
        values.push_back(builder.add("Add", {values.back(), x}));
        values.push_back(builder.add("Relu", {values.back()}));
        values.push_back(builder.add("Identity", {values.back()}));
        values.push_back(builder.add("Sigmoid", {values.back()}));
        builder.output(values.back());
        builder.output(values[watched]);
        optimized(&builder);
        EXPECT_EQ(builder.graph().outputs[1].value, values[watched]);
    }
}

// What has been optimized stays as it is.
TEST(Optimize, Twice) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 4, 6, 6});
    ValueId y = builder.batch_norm(builder.conv(x, {4, 4, 3, 3}, false, 1), 4);
    builder.output(builder.add("Relu", {builder.add("Add", {y, x})}));
    std::string once = optimized(&builder);
    EXPECT_EQ(optimized(&builder), once);
}

} // namespace
} // namespace graph_testing

// Arithmetic that exporters write, recognized as one operator.
// SPDX-License-Identifier: MIT
#include "graph_builder.h"
#include "optimize/optimize.h"
#include "optimize/passes.h"

namespace graph_testing {
namespace {

constexpr double kRootHalf = 0.70710678118654752, kRootTwoByPi = 0.79788456080286536;

// A graph around an input x [2, 3, 4], which a Sin hides from further folding.
class PatternTest : public ::testing::Test {
protected:
    PatternTest() { x_ = builder_.add("Sin", {builder_.input("x", {2, 3, 4})}); }

    ValueId apply(const char *op, ValueId a) { return builder_.add(op, {a}); }
    ValueId apply(const char *op, ValueId a, ValueId b) { return builder_.add(op, {a, b}); }
    ValueId apply(const char *op, ValueId a, double b) {
        return builder_.add(op, {a, builder_.scalar(b)});
    }
    ValueId apply(const char *op, double a, ValueId b) {
        return builder_.add(op, {builder_.scalar(a), b});
    }
    ValueId clip(ValueId x, double low, double high) {
        return builder_.add("Clip", {x, builder_.scalar(low), builder_.scalar(high)});
    }
    // What the graph with this output becomes, without the Sin; the answers must not change.
    std::string found(ValueId y) {
        builder_.output(y);
        Graph &graph = builder_.graph();
        Contents inputs = random_inputs(graph, 2, -6, 6);
        Contents expected = interpret(graph, inputs);
        bool changed = false;
        EXPECT_OK(linnet::fold_constants(&graph, &changed));
        EXPECT_OK(linnet::merge_clips(&graph, &changed));
        EXPECT_OK(linnet::find_activations(&graph, &changed));
        EXPECT_OK(linnet::find_layer_norm(&graph, &changed));
        EXPECT_OK(linnet::fold_affine_back(&graph, &changed));
        expect_near(interpret(graph, inputs), expected, 2e-6f);
        std::string all = operators(graph);
        EXPECT_EQ(all.substr(0, 4), "Sin ");
        return all.substr(4);
    }
    const Node &last() { return builder_.graph().nodes.back(); }
    linnet::Activation last_activation() {
        linnet::Activation activation;
        EXPECT_TRUE(linnet::activation_of(builder_.graph(), last(), &activation));
        return activation;
    }

    GraphBuilder builder_;
    ValueId x_;
};

class MergeClips : public PatternTest {};

TEST_F(MergeClips, MinAndMaxBecomeOneClip) {
    EXPECT_EQ(found(apply("Max", apply("Min", x_, 0.5), -0.25)), "Clip");
    EXPECT_EQ(last_activation().a, -0.25f);
    EXPECT_EQ(last_activation().b, 0.5f);
}
TEST_F(MergeClips, MaxWithZeroIsRelu) { EXPECT_EQ(found(apply("Max", 0.0, x_)), "Relu"); }
TEST_F(MergeClips, ReluAndMin) {
    EXPECT_EQ(found(apply("Min", apply("Relu", x_), 0.5)), "Clip");
    EXPECT_EQ(last_activation().a, 0);
}
TEST_F(MergeClips, ClipAndRelu) {
    EXPECT_EQ(found(apply("Relu", clip(x_, -1, 0.5))), "Clip");
    EXPECT_EQ(last_activation().a, 0);
    EXPECT_EQ(last_activation().b, 0.5f);
}
TEST_F(MergeClips, ClipsWithoutCommonNumbers) {
    EXPECT_EQ(found(clip(clip(x_, -1, 0), 0.25, 0.5)), "Clip");
    EXPECT_EQ(last_activation().a, 0.25f);
    EXPECT_EQ(last_activation().b, 0.25f);
}
TEST_F(MergeClips, NotTensorsNorWhatOthersRead) {
    ValueId relu = apply("Relu", x_);
    builder_.output(relu);
    ValueId y = apply("Min", relu, builder_.random({4}));
    EXPECT_EQ(found(clip(y, 0.1, 0.2)), "Relu Min Clip");
}
TEST_F(MergeClips, NotBoundsOfMoreAxes) {
    EXPECT_EQ(found(apply("Min", x_, builder_.constant({1, 1, 1, 1}, {0.5f}))), "Min");
}
TEST_F(MergeClips, NotAcrossOutputs) {
    ValueId relu = apply("Relu", x_);
    builder_.output(relu);
    EXPECT_EQ(found(clip(relu, 0.1, 0.2)), "Relu Clip");
}

class FindActivations : public PatternTest {};

TEST_F(FindActivations, HardSwishOrders) {
    ValueId g = clip(apply("Add", x_, 3.0), 0, 6);
    EXPECT_EQ(found(apply("Div", apply("Mul", x_, g), 6.0)), "HardSwish");
}
TEST_F(FindActivations, HardSwishByTheSixth) {
    ValueId g = clip(apply("Add", 3.0, x_), 0, 6);
    EXPECT_EQ(found(apply("Mul", apply("Mul", g, x_), 1.0 / 6)), "HardSwish");
}
TEST_F(FindActivations, HardSwishWithTheGateDivided) {
    ValueId g = apply("Div", clip(apply("Add", x_, 3.0), 0, 6), 6.0);
    EXPECT_EQ(found(apply("Mul", g, x_)), "HardSwish");
}
TEST_F(FindActivations, HardSwishWithXDivided) {
    ValueId g = clip(apply("Add", x_, 3.0), 0, 6);
    EXPECT_EQ(found(apply("Mul", apply("Mul", x_, 1.0 / 6), g)), "HardSwish");
}
TEST_F(FindActivations, HardSwishOfReluAndMin) {
    ValueId g = apply("Min", apply("Relu", apply("Sub", x_, -3.0)), 6.0);
    EXPECT_EQ(found(apply("Div", apply("Mul", x_, g), 6.0)), "HardSwish");
}
TEST_F(FindActivations, HardSwishOfHardSigmoid) {
    ValueId g = apply("HardSigmoid", x_);
    builder_.attributes().set("alpha", 1.0 / 6).set("beta", 0.5);
    EXPECT_EQ(found(apply("Mul", x_, g)), "HardSwish");
}
TEST_F(FindActivations, NotHardSwishWithOtherNumbers) {
    ValueId g = clip(apply("Add", x_, 2.5), 0, 6);
    EXPECT_EQ(found(apply("Div", apply("Mul", x_, g), 6.0)), "Add Clip Mul Div");
}
TEST_F(FindActivations, NotHardSwishOfTwoTensors) {
    ValueId g = clip(apply("Add", apply("Cos", x_), 3.0), 0, 6);
    EXPECT_EQ(found(apply("Div", apply("Mul", x_, g), 6.0)), "Cos Add Clip Mul Div");
}
TEST_F(FindActivations, NotIfTheGateIsShown) {
    ValueId g = clip(apply("Add", x_, 3.0), 0, 6);
    builder_.output(g);
    EXPECT_EQ(found(apply("Div", apply("Mul", x_, g), 6.0)), "Add Clip Mul Div");
}
TEST_F(FindActivations, NotIfOthersReadTheInside) {
    ValueId g = clip(apply("Add", x_, 3.0), 0, 6), product = apply("Mul", x_, g);
    builder_.output(apply("Neg", product));
    EXPECT_EQ(found(apply("Div", product, 6.0)), "Add Clip Mul Neg Div");
}
TEST_F(FindActivations, NotThroughFusedActivations) {
    ValueId sum = apply("Add", x_, 3.0);
    EXPECT_OK(linnet::fuse_activation(&builder_.graph().nodes.back(),
                                      {linnet::Function::kSigmoid, 0, 0}));
    EXPECT_EQ(found(apply("Div", apply("Mul", x_, clip(sum, 0, 6)), 6.0)), "Add Clip Mul Div");
}

TEST_F(FindActivations, HardSigmoid) {
    EXPECT_EQ(found(apply("Div", clip(apply("Add", x_, 3.0), 0, 6), 6.0)), "HardSigmoid");
    EXPECT_NEAR(last_activation().a, 1.0 / 6, 1e-7);
    EXPECT_NEAR(last_activation().b, 0.5, 1e-7);
}
TEST_F(FindActivations, HardSigmoidOfALine) {
    ValueId line = apply("Add", apply("Mul", x_, 0.2), 0.5);
    EXPECT_EQ(found(clip(line, 0, 1)), "HardSigmoid");
    EXPECT_EQ(last_activation().a, 0.2f);
    EXPECT_EQ(last_activation().b, 0.5f);
}
TEST_F(FindActivations, NotHardSigmoidOfOtherBounds) {
    EXPECT_EQ(found(clip(apply("Add", x_, 0.5), 0, 0.9)), "Add Clip");
}

TEST_F(FindActivations, Swish) {
    EXPECT_EQ(found(apply("Mul", x_, apply("Sigmoid", x_))), "linnet.Swish");
}
TEST_F(FindActivations, SwishWithASlope) {
    ValueId gate = apply("Sigmoid", apply("Mul", x_, 1.702));
    EXPECT_EQ(found(apply("Mul", gate, x_)), "linnet.Swish");
    EXPECT_EQ(last_activation().a, 1.702f);
}
TEST_F(FindActivations, NotSwishTwice) {
    ValueId doubled = apply("Mul", x_, 2.0);
    EXPECT_EQ(found(apply("Mul", doubled, apply("Sigmoid", x_))), "Mul Sigmoid Mul");
}
TEST_F(FindActivations, Mish) {
    EXPECT_EQ(found(apply("Mul", x_, apply("Tanh", apply("Softplus", x_)))), "Mish");
}

TEST_F(FindActivations, GeluOrders) {
    ValueId gate = apply("Add", apply("Erf", apply("Div", x_, std::sqrt(2.0))), 1.0);
    EXPECT_EQ(found(apply("Mul", apply("Mul", x_, gate), 0.5)), "Gelu");
    EXPECT_EQ(last_activation().function, linnet::Function::kGelu);
}
TEST_F(FindActivations, GeluWithXHalved) {
    ValueId gate = apply("Add", 1.0, apply("Erf", apply("Mul", x_, kRootHalf)));
    EXPECT_EQ(found(apply("Mul", apply("Mul", 0.5, x_), gate)), "Gelu");
}
TEST_F(FindActivations, GeluWithTheGateHalved) {
    ValueId gate = apply("Add", apply("Erf", apply("Mul", kRootHalf, x_)), 1.0);
    EXPECT_EQ(found(apply("Mul", x_, apply("Mul", gate, 0.5))), "Gelu");
}
TEST_F(FindActivations, NotGeluOfAnotherScale) {
    ValueId gate = apply("Add", apply("Erf", apply("Mul", 0.7, x_)), 1.0);
    EXPECT_EQ(found(apply("Mul", x_, apply("Mul", gate, 0.5))), "Mul Erf Add Mul Mul");
}
TEST_F(FindActivations, GeluByTanh) {
    ValueId cubic = apply("Mul", apply("Pow", x_, 3.0), 0.044715);
    ValueId inner = apply("Mul", apply("Add", x_, cubic), kRootTwoByPi);
    ValueId gate = apply("Add", apply("Tanh", inner), 1.0);
    EXPECT_EQ(found(apply("Mul", apply("Mul", x_, 0.5), gate)), "Gelu");
    EXPECT_EQ(last_activation().function, linnet::Function::kGeluTanh);
}
TEST_F(FindActivations, GeluByTanhOfProducts) {
    ValueId cubic = apply("Mul", 0.044715, apply("Mul", apply("Mul", x_, x_), x_));
    ValueId inner = apply("Mul", kRootTwoByPi, apply("Add", cubic, x_));
    ValueId gate = apply("Add", 1.0, apply("Tanh", inner));
    EXPECT_EQ(found(apply("Mul", 0.5, apply("Mul", x_, gate))), "Gelu");
}
TEST_F(FindActivations, GeluByTanhWithXOutside) {
    ValueId square = apply("Mul", apply("Mul", x_, 0.044715), x_);
    ValueId inner = apply("Mul", apply("Mul", x_, kRootTwoByPi), apply("Add", square, 1.0));
    ValueId gate = apply("Add", apply("Tanh", inner), 1.0);
    EXPECT_EQ(found(apply("Mul", apply("Mul", x_, 0.5), gate)), "Gelu");
    EXPECT_EQ(last_activation().function, linnet::Function::kGeluTanh);
}

class FindLayerNorm : public PatternTest {
protected:
    ValueId mean(ValueId x, int64_t axis = -1) {
        ValueId y = builder_.add("ReduceMean", {x, builder_.ints({axis})});
        builder_.attributes().set("keepdims", 1);
        return y;
    }
    ValueId centred(ValueId x, int64_t axis = -1) { return apply("Sub", x, mean(x, axis)); }
    ValueId deviation(ValueId squares, int64_t axis = -1) {
        return apply("Sqrt", apply("Add", mean(squares, axis), 1e-3));
    }
};

TEST_F(FindLayerNorm, WithScaleAndBias) {
    ValueId d = centred(x_);
    ValueId y = apply("Div", d, deviation(apply("Pow", d, 2.0)));
    y = apply("Add", apply("Mul", y, builder_.random({4})), builder_.random({4}));
    EXPECT_EQ(found(y), "LayerNormalization");
    EXPECT_EQ(last().get_float("epsilon", 0), 1e-3f);
    EXPECT_EQ(last().inputs.size(), 3u);
}
TEST_F(FindLayerNorm, WithSquareAsAProduct) {
    ValueId d = centred(x_, 2);
    EXPECT_EQ(found(apply("Div", d, deviation(apply("Mul", d, d), 2))), "LayerNormalization");
}
TEST_F(FindLayerNorm, CentredTwice) {
    ValueId m = mean(x_);
    ValueId square = apply("Pow", apply("Sub", x_, m), 2.0);
    ValueId s = deviation(square);
    EXPECT_EQ(found(apply("Div", apply("Sub", x_, m), s)), "LayerNormalization");
}
TEST_F(FindLayerNorm, ByTheReciprocal) {
    ValueId d = centred(x_);
    ValueId inverse = apply("Reciprocal", deviation(apply("Mul", d, d)));
    EXPECT_EQ(found(apply("Mul", d, inverse)), "LayerNormalization");
}
TEST_F(FindLayerNorm, ByOneOver) {
    ValueId d = centred(x_);
    ValueId inverse = apply("Div", 1.0, deviation(apply("Mul", d, d)));
    EXPECT_EQ(found(apply("Mul", inverse, d)), "LayerNormalization");
}
TEST_F(FindLayerNorm, NotOverAnotherAxis) {
    ValueId d = centred(x_, 1);
    EXPECT_EQ(found(apply("Div", d, deviation(apply("Mul", d, d), 1))),
              "ReduceMean Sub Mul ReduceMean Add Sqrt Div");
}
TEST_F(FindLayerNorm, NotIfTheMeanIsShown) {
    ValueId m = mean(x_);
    builder_.output(m);
    ValueId d = apply("Sub", x_, m);
    EXPECT_EQ(found(apply("Div", d, deviation(apply("Mul", d, d)))),
              "ReduceMean Sub Mul ReduceMean Add Sqrt Div");
}
TEST_F(FindLayerNorm, NotIfOthersReadTheInside) {
    ValueId d = centred(x_);
    builder_.output(apply("Neg", d));
    EXPECT_EQ(found(apply("Div", d, deviation(apply("Mul", d, d)))),
              "ReduceMean Sub Neg Mul ReduceMean Add Sqrt Div");
}
TEST_F(FindLayerNorm, NotOfTwoTensors) {
    ValueId d = centred(x_), other = centred(apply("Cos", x_));
    std::string all = found(apply("Div", d, deviation(apply("Mul", other, other))));
    EXPECT_EQ(all.find("LayerNormalization"), std::string::npos);
}

} // namespace
} // namespace graph_testing

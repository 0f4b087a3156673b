// Scale and shift per channel, folded into weights.
// SPDX-License-Identifier: MIT
#include "graph_builder.h"
#include "optimize/optimize.h"
#include "optimize/passes.h"

namespace graph_testing {
namespace {

using Pass = Status (*)(Graph *, bool *);

// The operators after the pass; the answers must not change.
std::string after(GraphBuilder *builder, Pass pass) {
    Contents inputs = random_inputs(builder->graph());
    Contents expected = interpret(builder->graph(), inputs);
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder->graph(), &changed));
    EXPECT_OK(pass(&builder->graph(), &changed));
    expect_near(interpret(builder->graph(), inputs), expected);
    return operators(builder->graph());
}

std::string back(GraphBuilder *builder) { return after(builder, linnet::fold_affine_back); }
std::string ahead(GraphBuilder *builder) { return after(builder, linnet::fold_affine_ahead); }

TEST(FoldAffineBack, BatchNormIntoConv) {
    for (bool bias : {false, true}) {
        GraphBuilder builder;
        ValueId y = builder.conv(builder.input("x", {1, 3, 6, 6}), {4, 3, 3, 3}, bias, 1);
        ValueId normal = builder.batch_norm(y, 4);
        builder.output(normal);
        EXPECT_EQ(back(&builder), "Conv");
        EXPECT_EQ(builder.graph().nodes[0].outputs[0], normal);
    }
}

TEST(FoldAffineBack, BatchNormIntoGroupsAndDepthwise) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 6, 5, 5});
    ValueId y = builder.conv(x, {4, 3, 1, 1});
    builder.attributes().set("group", 2);
    builder.output(builder.batch_norm(y, 4));
    ValueId z = builder.conv(x, {6, 1, 3, 3}, false);
    builder.attributes().set("group", 6);
    builder.output(builder.batch_norm(z, 6));
    EXPECT_EQ(back(&builder), "Conv Conv");
}

TEST(FoldAffineBack, BatchNormIntoConvTranspose) {
    GraphBuilder builder;
    ValueId y = builder.add("ConvTranspose",
                            {builder.input("x", {1, 4, 3, 3}), builder.random({4, 3, 2, 2})});
    builder.attributes().set("group", 2).set("strides", {2, 2});
    builder.output(builder.batch_norm(y, 6));
    EXPECT_EQ(back(&builder), "ConvTranspose");
}

TEST(FoldAffineBack, BatchNormIntoGemm) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {3, 5});
    ValueId y = builder.add("Gemm", {x, builder.random({4, 5}), builder.random({4})});
    builder.attributes().set("transB", 1).set("alpha", 0.5).set("beta", 2.0);
    builder.output(builder.batch_norm(y, 4));
    ValueId z = builder.add("Gemm", {x, builder.random({5, 4}), builder.scalar(3)});
    builder.output(builder.batch_norm(z, 4));
    EXPECT_EQ(back(&builder), "Gemm Gemm");
}

TEST(FoldAffineBack, MatMulTakesABiasAndAScale) {
    GraphBuilder builder;
    ValueId y = builder.add("MatMul", {builder.input("x", {2, 3, 5}), builder.random({5, 4})});
    y = builder.add("Add", {builder.random({4}), y});
    y = builder.add("Mul", {y, builder.random({1, 1, 4})});
    y = builder.add("Sub", {y, builder.scalar(2)});
    builder.output(y);
    EXPECT_EQ(back(&builder), "MatMul");
    EXPECT_EQ(builder.graph().nodes[0].inputs.size(), 3u);
}

TEST(FoldAffineBack, MatMulOfUnknownRankTakesVectors) {
    GraphBuilder builder;
    ValueId x = builder.input("x", Shape::unknown());
    ValueId y = builder.add("MatMul", {x, builder.random({5, 4})});
    builder.output(builder.add("Add", {y, builder.random({4})}));
    ValueId z = builder.add("MatMul", {x, builder.random({5, 4})});
    builder.output(builder.add("Add", {z, builder.random({1, 4})})); // x may be a vector
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder.graph(), &changed));
    EXPECT_OK(linnet::fold_affine_back(&builder.graph(), &changed));
    EXPECT_EQ(operators(builder.graph()), "MatMul MatMul Add");
}

TEST(FoldAffineBack, DecomposedBatchNorm) {
    GraphBuilder builder;
    ValueId y = builder.conv(builder.input("x", {-1, 3, -1, -1}), {4, 3, 2, 2});
    y = builder.add("Sub", {y, builder.random({4, 1, 1})});
    y = builder.add("Div", {y, builder.random({1, 4, 1, 1}, 0.5f, 2)});
    y = builder.add("Mul", {builder.random({4, 1, 1}), y});
    y = builder.add("Add", {y, builder.random({1, 4, 1, 1})});
    y = builder.add("Sub", {builder.scalar(1), y});
    builder.output(y);
    EXPECT_EQ(back(&builder), "Conv");
}

TEST(FoldAffineBack, IntoNormalisations) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3, 4});
    ValueId y = builder.add("LayerNormalization", {x, builder.random({4})});
    y = builder.add("Mul", {y, builder.random({4})});
    builder.output(builder.add("Add", {y, builder.random({1, 4})}));
    ValueId z = builder.batch_norm(x, 3);
    builder.output(builder.add("Mul", {z, builder.random({3, 1})}));
    EXPECT_EQ(back(&builder), "LayerNormalization BatchNormalization");
}

TEST(FoldAffineBack, KeepsTheActivationThatTheSumCarried) {
    GraphBuilder builder;
    ValueId y = builder.conv(builder.input("x", {1, 2, 3, 3}), {4, 2, 1, 1});
    builder.output(builder.add("Add", {y, builder.scalar(0.5)}));
    EXPECT_OK(linnet::fuse_activation(&builder.graph().nodes.back(),
                                      {linnet::Function::kRelu, 0, 0}));
    EXPECT_EQ(back(&builder), "Conv");
    EXPECT_EQ(linnet::fused_activation(builder.graph().nodes[0]).function, linnet::Function::kRelu);
}

TEST(FoldAffineBack, NotAcrossReadersAndOutputs) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 3, 4, 4});
    ValueId read = builder.conv(x, {4, 3, 1, 1}), shown = builder.conv(x, {4, 3, 1, 1});
    builder.output(builder.batch_norm(read, 4));
    builder.output(builder.add("Relu", {read}));
    builder.output(builder.batch_norm(shown, 4));
    builder.output(shown);
    EXPECT_EQ(back(&builder), "Conv Conv BatchNormalization Relu BatchNormalization");
}

TEST(FoldAffineBack, NotWhatIsNotPerChannel) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 3, 4, 4});
    for (const Shape &shape : {Shape{4}, Shape{4, 1}, Shape{2, 1, 1, 1}, Shape{1, 1, 4, 1, 1}})
        builder.output(builder.add("Add", {builder.conv(x, {4, 3, 1, 1}), builder.random(shape)}));
    ValueId one = builder.conv(x, {1, 3, 1, 1}); // becomes wider
    builder.output(builder.add("Mul", {one, builder.random({4, 1, 1})}));
    ValueId computed = builder.add("Relu", {builder.input("c", {4, 1, 1})});
    builder.output(builder.add("Mul", {builder.conv(x, {4, 3, 1, 1}), computed}));
    builder.output(builder.add("Div", {builder.scalar(1), builder.conv(x, {4, 3, 1, 1})}));
    size_t nodes = builder.graph().nodes.size();
    back(&builder);
    EXPECT_EQ(builder.graph().nodes.size(), nodes);
}

TEST(FoldAffineBack, NotAfterAnActivationNorWithComputedWeights) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 3, 4, 4});
    ValueId y = builder.conv(x, {4, 3, 1, 1});
    EXPECT_OK(linnet::fuse_activation(&builder.graph().nodes.back(),
                                      {linnet::Function::kRelu, 0, 0}));
    builder.output(builder.batch_norm(y, 4));
    ValueId z = builder.add("Conv", {x, builder.input("w", {4, 3, 1, 1})});
    builder.output(builder.batch_norm(z, 4));
    EXPECT_EQ(back(&builder), "Conv BatchNormalization Conv BatchNormalization");
}

TEST(FoldAffineAhead, BatchNormIntoConvWithoutPads) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 4, 5, 5});
    builder.output(builder.conv(builder.batch_norm(x, 4), {3, 4, 3, 3}));
    ValueId grouped = builder.conv(builder.batch_norm(x, 4), {6, 2, 2, 2}, false);
    builder.attributes().set("group", 2);
    builder.output(grouped);
    EXPECT_EQ(ahead(&builder), "Conv Conv");
}

TEST(FoldAffineAhead, AShiftDoesNotGoThroughPadsAScaleDoes) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 4, 5, 5});
    builder.output(builder.conv(builder.batch_norm(x, 4), {3, 4, 3, 3}, true, 1));
    ValueId scaled = builder.add("Mul", {x, builder.random({4, 1, 1})});
    builder.output(builder.conv(scaled, {3, 4, 3, 3}, true, 1));
    ValueId same = builder.conv(builder.batch_norm(x, 4), {3, 4, 3, 3});
    builder.attributes().set("auto_pad", "SAME_UPPER");
    builder.output(same);
    EXPECT_EQ(ahead(&builder), "BatchNormalization Conv Conv BatchNormalization Conv");
}

TEST(FoldAffineAhead, IntoConvTransposeOnlyScales) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 4, 3, 3});
    ValueId scaled = builder.add("Div", {x, builder.scalar(255)});
    builder.output(builder.add("ConvTranspose", {scaled, builder.random({4, 2, 2, 2})}));
    builder.attributes().set("group", 2);
    ValueId shifted = builder.add("Add", {x, builder.scalar(1)});
    builder.output(builder.add("ConvTranspose", {shifted, builder.random({4, 3, 2, 2})}));
    EXPECT_EQ(ahead(&builder), "ConvTranspose Add ConvTranspose");
}

TEST(FoldAffineAhead, IntoMatrices) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {3, 5});
    ValueId y = builder.batch_norm(x, 5);
    builder.output(builder.add("Gemm", {y, builder.random({4, 5}), builder.random({1, 4})}));
    builder.attributes().set("transB", 1).set("alpha", 0.5).set("beta", 2.0);
    ValueId z = builder.add("Sub", {x, builder.random({5})});
    builder.output(builder.add("MatMul", {z, builder.random({5, 4})}));
    EXPECT_EQ(ahead(&builder), "Gemm MatMul");
}

TEST(FoldAffineAhead, NotWhatBroadcastsOrIsReadTwice) {
    GraphBuilder builder;
    ValueId narrow = builder.input("narrow", {1, 1, 3, 3}), x = builder.input("x", {1, 4, 3, 3});
    ValueId wide = builder.add("Mul", {narrow, builder.random({4, 1, 1})});
    builder.output(builder.conv(wide, {2, 4, 1, 1}));
    ValueId twice = builder.batch_norm(x, 4);
    builder.output(builder.conv(twice, {2, 4, 1, 1}));
    builder.output(builder.conv(twice, {3, 4, 1, 1}));
    ValueId shown = builder.batch_norm(x, 4);
    builder.output(builder.conv(shown, {2, 4, 1, 1}));
    builder.output(shown);
    EXPECT_EQ(ahead(&builder),
              "Mul Conv BatchNormalization Conv Conv BatchNormalization Conv");
}

} // namespace
} // namespace graph_testing

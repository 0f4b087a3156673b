// Passes that need no pattern: constants, nodes that change nothing, dead nodes, shapes.
// SPDX-License-Identifier: MIT
#include "graph_builder.h"
#include "optimize/optimize.h"
#include "optimize/passes.h"

namespace graph_testing {
namespace {

using Pass = Status (*)(Graph *, bool *);

// Applies the pass between two inferences; returns whether it changed anything.
bool apply(Graph *graph, Pass pass) {
    bool ignored = false, changed = false;
    EXPECT_OK(linnet::fold_constants(graph, &ignored));
    EXPECT_OK(pass(graph, &changed));
    return changed;
}

TEST(FoldConstants, EvaluatesWhatIsKnown) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3});
    ValueId sum = builder.add("Add", {builder.scalar(1), builder.constant({3}, {1, 2, 3})});
    builder.output(builder.add("Mul", {x, builder.add("Neg", {sum})}));
    Contents inputs = random_inputs(builder.graph());
    Contents expected = interpret(builder.graph(), inputs);
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder.graph(), &changed));
    EXPECT_TRUE(changed);
    EXPECT_EQ(operators(builder.graph()), "Mul");
    expect_near(interpret(builder.graph(), inputs), expected, 0);
    changed = false;
    EXPECT_OK(linnet::fold_constants(&builder.graph(), &changed));
    EXPECT_FALSE(changed);
}

TEST(FoldConstants, ReleasesWhatNobodyReadsAnyMore) {
    GraphBuilder builder;
    ValueId constant = builder.random({4}), both = builder.random({4});
    ValueId folded = builder.add("Neg", {constant});
    builder.output(builder.add("Add", {builder.input("x", {4}), folded}));
    builder.output(builder.add("Add", {builder.input("y", {4}), both}));
    builder.add("Neg", {both});
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder.graph(), &changed));
    EXPECT_FALSE(builder.graph().constant(constant));
    EXPECT_TRUE(builder.graph().constant(folded));
    EXPECT_TRUE(builder.graph().constant(both));
}

TEST(FoldConstants, AnOutputMayBecomeAConstant) {
    GraphBuilder builder;
    builder.input("x", {2});
    ValueId y = builder.add("Neg", {builder.constant({2}, {1, 2})});
    builder.output(y);
    EXPECT_OK(linnet::optimize(&builder.graph()));
    EXPECT_EQ(operators(builder.graph()), "");
    ASSERT_TRUE(builder.graph().constant(y));
    EXPECT_EQ(builder.graph().constant(y)->floats()[1], -2);
}

TEST(FoldConstants, ShapeIsKnownWhereTheInputsShapeIs) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3, 4});
    ValueId free = builder.input("free", {-1, 3});
    builder.output(builder.add("Reshape", {x, builder.add("Shape", {x})}));
    builder.output(builder.add("Reshape", {free, builder.add("Shape", {free})}));
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder.graph(), &changed));
    EXPECT_EQ(operators(builder.graph()), "Reshape Shape Reshape");
}

TEST(FoldConstants, LeavesBombs) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1});
    ValueId big = builder.add("Expand", {builder.scalar(1), builder.ints({1 << 11, 1 << 11})});
    ValueId huge = builder.add("Expand", {builder.scalar(1), builder.ints({1 << 15, 1 << 15})});
    ValueId small = builder.add("Expand", {builder.scalar(1), builder.ints({1 << 9, 1 << 10})});
    for (ValueId constant : {big, huge, small}) builder.output(builder.add("Add", {x, constant}));
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder.graph(), &changed));
    EXPECT_EQ(operators(builder.graph()), "Expand Expand Add Add Add");
}

// Each of them is small, all of them are not.
TEST(FoldConstants, GrowthHasABudget) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1});
    for (int i = 0; i < 70; ++i) {
        ValueId one = builder.add("Expand", {builder.scalar(1), builder.ints({1 << 20})});
        builder.output(builder.add("Add", {x, one}));
    }
    bool changed = false;
    EXPECT_OK(linnet::fold_constants(&builder.graph(), &changed));
    EXPECT_GT(builder.graph().nodes.size(), 70u);
    EXPECT_LT(builder.graph().nodes.size(), 80u);
}

TEST(FoldConstants, ReportsWhatCannotBe) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3});
    builder.output(builder.add("Add", {x, builder.random({4})}));
    bool changed = false;
    EXPECT_EQ(linnet::fold_constants(&builder.graph(), &changed).code(), linnet::Code::kMalformed);
}

TEST(DropDead, RemovesNodesAndContents) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2});
    ValueId constant = builder.random({2});
    builder.add("Neg", {builder.add("Add", {x, constant})});
    builder.output(builder.add("Relu", {x}));
    bool changed = false;
    EXPECT_OK(linnet::drop_dead(&builder.graph(), &changed));
    EXPECT_TRUE(changed);
    EXPECT_EQ(operators(builder.graph()), "Relu");
    EXPECT_FALSE(builder.graph().constant(constant));
}

TEST(DropIdentity, RemovesWhatChangesNothing) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3, 4, 5});
    ValueId y = builder.add("Identity", {x});
    y = builder.add("Dropout", {y});
    y = builder.add("Cast", {y});
    builder.attributes().set("to", 1);
    y = builder.add("Reshape", {y, builder.ints({0, 3, 4, -1})});
    y = builder.add("Transpose", {y});
    builder.attributes().set("perm", {0, 1, 2, 3});
    y = builder.add("Expand", {y, builder.ints({1, 3, 1, 5})});
    y = builder.add("Slice", {y, builder.ints({0}), builder.ints({99}), builder.ints({2})});
    y = builder.add("Pad", {y, builder.ints({0, 0, 0, 0, 0, 0, 0, 0})});
    y = builder.add("Concat", {y});
    builder.attributes().set("axis", 1);
    builder.output(builder.add("Relu", {y}));
    Contents inputs = random_inputs(builder.graph());
    Contents expected = interpret(builder.graph(), inputs);
    EXPECT_TRUE(apply(&builder.graph(), linnet::drop_identity));
    EXPECT_EQ(operators(builder.graph()), "Relu");
    EXPECT_EQ(builder.graph().nodes[0].inputs[0], x);
    expect_near(interpret(builder.graph(), inputs), expected, 0);
}

TEST(DropIdentity, KeepsWhatChangesSomething) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 4, 4});
    ValueId y = builder.add("Cast", {x});
    builder.attributes().set("to", 10); // rounds to half precision
    y = builder.add("Transpose", {y});
    builder.attributes().set("perm", {0, 2, 1}); // the same shape
    y = builder.add("Slice", {y, builder.ints({-1}), builder.ints({-99}), builder.ints({1}),
                              builder.ints({-1})}); // reversed
    y = builder.add("Pad", {y, builder.ints({0, 1, 0, 0, -1, 0})}); // moved
    builder.output(builder.add("Relu", {y}));
    EXPECT_FALSE(apply(&builder.graph(), linnet::drop_identity));
    EXPECT_EQ(operators(builder.graph()), "Cast Transpose Slice Pad Relu");
}

TEST(DropIdentity, OneFreeAxisIsTheSameAfterAReshapeTwoAreNot) {
    GraphBuilder builder;
    ValueId one = builder.input("one", {-1, 6}), two = builder.input("two", {-1, -1});
    builder.output(builder.add("Relu", {builder.add("Reshape", {one, builder.ints({-1, 6})})}));
    ValueId shape = builder.input("shape", {2}, DType::kInt64);
    builder.output(builder.add("Relu", {builder.add("Reshape", {two, shape})}));
    EXPECT_TRUE(apply(&builder.graph(), linnet::drop_identity));
    EXPECT_EQ(operators(builder.graph()), "Relu Reshape Relu");
}

TEST(DropIdentity, OutputsOfTheGraphKeepTheirValues) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3});
    ValueId direct = builder.add("Identity", {x}); // must stay: nothing else makes it
    builder.output(direct);
    ValueId moved = builder.add("Identity", {builder.add("Relu", {x})});
    builder.output(moved);
    ValueId shared = builder.add("Neg", {x}), copy = builder.add("Identity", {shared});
    builder.output(copy);
    builder.output(builder.add("Abs", {shared}));
    Contents inputs = random_inputs(builder.graph());
    Contents expected = interpret(builder.graph(), inputs);
    EXPECT_TRUE(apply(&builder.graph(), linnet::drop_identity));
    EXPECT_EQ(operators(builder.graph()), "Identity Relu Neg Identity Abs");
    EXPECT_EQ(builder.graph().nodes[1].outputs[0], moved);
    expect_near(interpret(builder.graph(), inputs), expected, 0);
}

// An input that several removed nodes share is not taken for unread when one of its readers goes.
TEST(DropIdentity, CountsReadersOfBypassedNodes) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3, 4});
    ValueId first = builder.add("Transpose", {x});
    builder.attributes().set("perm", {1, 0, 2});
    ValueId same = builder.add("Identity", {first});
    ValueId second = builder.add("Transpose", {first});
    builder.attributes().set("perm", {2, 0, 1});
    builder.output(builder.add("Relu", {second}));
    builder.output(builder.add("Relu", {same}));
    Contents inputs = random_inputs(builder.graph());
    Contents expected = interpret(builder.graph(), inputs);
    EXPECT_TRUE(apply(&builder.graph(), linnet::drop_identity));
    EXPECT_EQ(operators(builder.graph()), "Transpose Transpose Relu Relu");
    expect_near(interpret(builder.graph(), inputs), expected, 0);
}

TEST(DropIdentity, MergesTransposes) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3, 4, 5});
    ValueId y = builder.add("Transpose", {x});
    builder.attributes().set("perm", {0, 2, 3, 1});
    y = builder.add("Transpose", {y});
    builder.attributes().set("perm", {1, 3, 0, 2});
    builder.output(builder.add("Relu", {y}));
    ValueId z = builder.add("Transpose", {x});
    builder.attributes().set("perm", {0, 2, 3, 1});
    z = builder.add("Transpose", {z});
    builder.attributes().set("perm", {0, 3, 1, 2});
    builder.output(builder.add("Relu", {z}));
    Contents inputs = random_inputs(builder.graph());
    Contents expected = interpret(builder.graph(), inputs);
    EXPECT_TRUE(apply(&builder.graph(), linnet::drop_identity));
    EXPECT_EQ(operators(builder.graph()), "Transpose Relu Relu");
    expect_near(interpret(builder.graph(), inputs), expected, 0);
}

TEST(DropIdentity, MergesReshapesThatDoNotCopyAxes) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {2, 3, 4});
    ValueId y = builder.add("Flatten", {x});
    builder.output(builder.add("Relu", {builder.add("Reshape", {y, builder.ints({4, -1})})}));
    ValueId z = builder.add("Flatten", {x});
    builder.output(builder.add("Relu", {builder.add("Reshape", {z, builder.ints({0, 4, 3})})}));
    Contents inputs = random_inputs(builder.graph());
    Contents expected = interpret(builder.graph(), inputs);
    EXPECT_TRUE(apply(&builder.graph(), linnet::drop_identity));
    EXPECT_EQ(operators(builder.graph()), "Reshape Relu Flatten Reshape Relu");
    expect_near(interpret(builder.graph(), inputs), expected, 0);
}

TEST(SetInputShapes, InfersAnewWhatTheSessionNeeds) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {-1, 2, 3});
    ValueId batch = builder.add("Gather", {builder.add("Shape", {x}), builder.ints({0})});
    ValueId shape = builder.add("Concat", {batch, builder.ints({-1})});
    builder.attributes().set("axis", 0);
    ValueId y = builder.add("Relu", {builder.add("Reshape", {x, shape})});
    builder.output(y);
    EXPECT_OK(linnet::optimize(&builder.graph()));
    Shape wanted = {5, 2, 3};
    EXPECT_OK(linnet::set_input_shapes(&builder.graph(), Span<const Shape>(&wanted, 1)));
    EXPECT_OK(linnet::optimize(&builder.graph()));
    EXPECT_EQ(operators(builder.graph()), "Reshape Relu");
    EXPECT_TRUE(builder.graph().value(y).shape == (Shape{5, 6}));
}

// What one pass leaves for its size, the next one does not take.
TEST(FoldConstants, GrowsWithinOneBudgetInAllPasses) {
    GraphBuilder builder;
    ValueId sum = builder.input("x", {1});
    for (int i = 0; i < 90; ++i)
        sum = builder.add("Add", {sum, builder.add("ConstantOfShape", {builder.ints({1 << 20})})});
    builder.output(sum);
    for (int round = 0; round < 3; ++round) EXPECT_OK(linnet::optimize(&builder.graph()));
    size_t left = 0;
    for (const Node &node : builder.graph().nodes) left += node.op.view() == "ConstantOfShape";
    EXPECT_GE(left, 26u);
}

TEST(SetInputShapes, RefusesWhatDoesNotFit) {
    GraphBuilder builder;
    builder.output(builder.add("Relu", {builder.input("x", {-1, 3})}));
    for (const Shape &wrong : {Shape{2, 4}, Shape{2}, Shape{-1, 3}, Shape::unknown()})
        EXPECT_EQ(linnet::set_input_shapes(&builder.graph(), Span<const Shape>(&wrong, 1)).code(),
                  linnet::Code::kInvalidArgument);
    EXPECT_EQ(linnet::set_input_shapes(&builder.graph(), {}).code(),
              linnet::Code::kInvalidArgument);
}

// 30000 nodes in a chain: every pass takes time in proportion, and none recurses.
TEST(Optimize, LongChains) {
    GraphBuilder builder;
    ValueId x = builder.input("x", {1, 2});
    ValueId y = x;
    for (int i = 0; i < 10000; ++i) {
        y = builder.add("Identity", {y});
        y = builder.add("Sin", {y});
        builder.add("Cos", {y}); // dead
    }
    ValueId dead = x;
    for (int i = 0; i < 10000; ++i) dead = builder.add("Sin", {dead});
    builder.output(y);
    EXPECT_OK(linnet::optimize(&builder.graph()));
    EXPECT_EQ(builder.graph().nodes.size(), 10000u);
}

} // namespace
} // namespace graph_testing

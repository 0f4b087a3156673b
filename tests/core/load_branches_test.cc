// If: what the loader makes of its subgraphs, and which of them a model takes.
// SPDX-License-Identifier: MIT
#include "load_testing.h"
#include "optimize/optimize.h"

namespace {

using namespace onnx_writer;
using load_testing::error_of;
using load_testing::load;

const std::string kUsable = "malformed: not a usable ONNX model: ";

BranchWriter branch_of(const std::string &op, const Names &inputs, const std::string &output) {
    return BranchWriter().node(op, inputs, {output}).output(output);
}

// A model that takes the one branch or the other by a constant, and adds what it makes to x.
OnnxWriter choosing(bool condition, const BranchWriter &one, const BranchWriter &other) {
    OnnxWriter writer;
    writer.input("x", {2}).initializer(small_tensor("c", kBool, {}, {condition}));
    writer.node("If", {"c"}, {"v"}, branches(one, other), {"choice", ""});
    return writer.node("Add", {"x", "v"}, {"y"}).output("y");
}

std::string loaded(const OnnxWriter &writer) {
    std::string file = writer.bytes();
    auto model = load(file);
    return model.ok() ? load_testing::describe_all(model.value().graph) : error_of(file);
}

// The graph once its inputs have their shapes, or the error.
std::string optimized(const OnnxWriter &writer, const linnet::Shape &shape = {2}) {
    std::string file = writer.bytes();
    auto model = load(file);
    if (!model.ok()) return error_of(file);
    linnet::Graph &graph = model.value().graph;
    linnet::Status status = linnet::optimize(&graph);
    if (status.ok()) status = linnet::set_input_shapes(&graph, {&shape, 1});
    if (status.ok()) status = linnet::optimize(&graph);
    return status.ok() ? load_testing::describe(graph) : status.message();
}

TEST(LoadBranches, BecomePartOfTheGraph) {
    OnnxWriter writer;
    writer.input("x", {2}).initializer(float_tensor("k", {}, {5})).node("Neg", {"x"}, {"n"});
    BranchWriter one, other;
    one.initializer(float_tensor("b", {}, {3})).node("Add", {"n", "b"}, {"t"}).output("t");
    other.node("Mul", {"n", "k"}, {"t"}).output("t");
    writer.node("If", {"x"}, {"y"}, branches(one, other)).output("y");
    EXPECT_EQ(loaded(writer), "Neg(x) -> n; If(x, n, n, {5}) -> y then_branch=0 else_branch=1 "
                              "{0: Add(n~1, {3}) -> t => t} {1: Mul(n~2, {5}) -> t~3 => t~3}");
}

TEST(LoadBranches, OrderOfTheAttributesDoesNotMatter) {
    OnnxWriter writer;
    writer.input("x", {2}).initializer(small_tensor("c", kBool, {}, {1}));
    writer.node("Neg", {"x"}, {"n"});
    Proto one = branch_of("Abs", {"x"}, "a").as("then_branch");
    Proto other = branch_of("Exp", {"n"}, "b").as("else_branch");
    writer.node("If", {"c"}, {"y"}, {other, one}).output("y");
    EXPECT_EQ(optimized(writer), "Abs(x) -> y");
}

TEST(LoadBranches, ConstantsChoose) {
    BranchWriter one = branch_of("Abs", {"x"}, "a"), other = branch_of("Exp", {"x"}, "b");
    EXPECT_EQ(optimized(choosing(true, one, other)), "Abs(x) -> a; Add(x, a) -> y");
    EXPECT_EQ(optimized(choosing(false, one, other)), "Exp(x) -> b; Add(x, b) -> y");
}

TEST(LoadBranches, WhatIsNotTakenNeedNotFit) {
    BranchWriter wrong;
    wrong.initializer(int64_tensor("s", {1}, {7})).node("Reshape", {"x", "s"}, {"r"});
    wrong.node("NoSuchOperator", {"r"}, {"z"}).output("z");
    EXPECT_EQ(optimized(choosing(false, wrong, branch_of("Exp", {"x"}, "b"))),
              "Exp(x) -> b; Add(x, b) -> y");
    EXPECT_EQ(optimized(choosing(true, wrong, branch_of("Exp", {"x"}, "b"))),
              "1 of the model's nodes cannot be run: node NoSuchOperator: the operator is not "
              "supported");
}

TEST(LoadBranches, HandOnWhatIsAroundThem) {
    BranchWriter same = BranchWriter().output("x"), constant;
    constant.initializer(float_tensor("k", {}, {5})).output("k");
    EXPECT_EQ(optimized(choosing(true, same, constant)), "Add(x, x) -> y");
    EXPECT_EQ(optimized(choosing(false, same, constant)), "Add(x, {5}) -> y");
}

TEST(LoadBranches, ShapesChoose) {
    OnnxWriter writer;
    writer.input("x", {-1, 3}).initializer(int64_tensor("one", {1}, {1}));
    writer.initializer(int64_tensor("zero", {1}, {0}));
    writer.node("Shape", {"x"}, {"s"}).node("Gather", {"s", "zero"}, {"n"});
    writer.node("Equal", {"n", "one"}, {"c"});
    BranchWriter squeezed, same;
    squeezed.node("Squeeze", {"x", "zero"}, {"q"}).output("q");
    same.node("Identity", {"x"}, {"i"}).output("i");
    writer.node("If", {"c"}, {"v"}, branches(squeezed, same)).node("Exp", {"v"}, {"y"});
    writer.output("y");
    EXPECT_EQ(optimized(writer, {1, 3}), "Squeeze(x, {0}) -> q; Exp(q) -> y");
    EXPECT_EQ(optimized(writer, {2, 3}), "Exp(x) -> y");
}

TEST(LoadBranches, NumbersDoNotChoose) {
    OnnxWriter writer;
    writer.input("x", {}).node("Cast", {"x"}, {"c"}, {attr("to", 9)});
    writer.node("If", {"c"}, {"y"},
                branches(branch_of("Abs", {"x"}, "a"), branch_of("Exp", {"x"}, "b")),
                {"choice", ""});
    EXPECT_EQ(optimized(writer.output("y"), {}),
              "node 'choice' (If): its condition depends on the numbers in the model's inputs; one "
              "that follows from constants and shapes can be honoured");
}

TEST(LoadBranches, ConditionsAreOneTruthValue) {
    auto of = [](const Proto &condition) {
        OnnxWriter writer;
        writer.input("x", {2}).initializer(condition);
        BranchWriter one = branch_of("Abs", {"x"}, "a"), other = branch_of("Exp", {"x"}, "b");
        writer.node("If", {"c"}, {"y"}, branches(one, other), {"n", ""});
        return optimized(writer.output("y"));
    };
    std::string problem = "node 'n' (If): its condition is no single truth value";
    EXPECT_EQ(of(small_tensor("c", kBool, {1, 1}, {1})), "Abs(x) -> y");
    EXPECT_EQ(of(small_tensor("c", kBool, {2}, {1, 1})), problem);
    EXPECT_EQ(of(int64_tensor("c", {}, {1})), problem);
}

TEST(LoadBranches, LieInEachOther) {
    BranchWriter inner = branch_of("Softmax", {"m"}, "a"), unused = branch_of("Exp", {"k"}, "b");
    BranchWriter outer;
    outer.node("Mul", {"x", "k"}, {"m"}).node("If", {"c"}, {"i"}, branches(inner, unused));
    outer.output("i");
    OnnxWriter writer = choosing(true, outer, branch_of("Neg", {"x"}, "n"));
    writer.initializer(float_tensor("k", {}, {5}));
    EXPECT_EQ(optimized(writer), "Mul(x, {5}) -> m; Softmax(m) -> a; Add(x, a) -> y");
}

TEST(LoadBranches, BelongToFunctions) {
    FunctionWriter function("my", "F", {"a", "c"}, {"r"});
    Proto leak = ref_attr("alpha", "slope", 1);
    BranchWriter one, other = branch_of("Exp", {"a"}, "e");
    one.node("LeakyRelu", {"a"}, {"t"}, {leak}).output("t");
    function.attribute("slope").node("If", {"c"}, {"r"}, branches(one, other));
    OnnxWriter writer;
    writer.input("x", {2}).initializer(small_tensor("yes", kBool, {}, {1})).import("my", 1);
    writer.node("F", {"x", "yes"}, {"u"}, {attr("slope", 0.5f)}, {"f", "my"});
    writer.node("F", {"u", "yes"}, {"y"}, {attr("slope", 0.25f)}, {"g", "my"});
    EXPECT_EQ(optimized(writer.function(function).output("y")),
              "LeakyRelu(x) -> f/t alpha=0.5; LeakyRelu(f/t) -> y alpha=0.25");
}

TEST(LoadBranches, MalformedOnes) {
    BranchWriter abs = branch_of("Abs", {"x"}, "a");
    auto of = [&](const BranchWriter &branch) { return error_of(choosing(true, branch, abs)); };
    std::string node = kUsable + "node \"choice\": ";
    EXPECT_EQ(of(abs), "ok");
    EXPECT_EQ(of(BranchWriter()), node + "it has 1 outputs, but its \"then_branch\" has 0");
    EXPECT_EQ(of(BranchWriter(abs).input("i")), node + "a branch of it has inputs");
    EXPECT_EQ(of(branch_of("Abs", {"nobody"}, "b")),
              kUsable + "node \"choice\" (\"If\"): nothing produces its input \"nobody\"");
    EXPECT_EQ(of(branch_of("Abs", {"v"}, "b")),
              kUsable + "node \"choice\" (\"If\"): a cycle leads through its input \"v\"");
    BranchWriter constant;
    constant.initializer(float_tensor("x", {}, {5})).output("x");
    EXPECT_EQ(of(constant), "malformed: a branch has a second value named \"x\"");
    EXPECT_EQ(of(branch_of("Abs", {"x"}, "y")),
              "malformed: a branch has a second value named \"y\"");
    BranchWriter cycle = branch_of("Abs", {"q"}, "p");
    EXPECT_EQ(of(cycle.node("Abs", {"p"}, {"q"})),
              node + "node \"\" (\"Abs\"): a cycle leads through its input \"p\"");
    OnnxWriter two;
    two.input("x", {1}).node("If", {"x", "x"}, {"y"}, branches(abs, abs), {"n", ""});
    EXPECT_EQ(error_of(two.output("y")),
              kUsable + "node \"n\": an If has one input, its condition");
}

TEST(LoadBranches, RefusedOnes) {
    BranchWriter abs = branch_of("Abs", {"x"}, "a"), text;
    text.initializer(tensor_head("t", kString, {})).node("Abs", {"t"}, {"b"}).output("b");
    EXPECT_NE(error_of(choosing(false, text, abs)).find("tensor \"t\": "), std::string::npos);
    BranchWriter loop;
    loop.node("Loop", {"x"}, {"b"}, {odd_attr("body", 6, 5)}, {"deep", ""}).output("b");
    EXPECT_EQ(error_of(choosing(false, loop, abs)),
              "unsupported: unsupported: node \"deep\" (Loop): its attribute \"body\" has a "
              "subgraph");
}

// ---- Limits -------------------------------------------------------------------------------------

BranchWriter nested(int levels) {
    BranchWriter branch = branch_of("Abs", {"x"}, "t0");
    for (int i = 1; i < levels; ++i) {
        std::string other = "o" + std::to_string(i), name = "t" + std::to_string(i);
        branch = BranchWriter()
                     .node("If", {"c"}, {name}, branches(branch, branch_of("Exp", {"x"}, other)))
                     .output(name);
    }
    return branch;
}

TEST(LoadBranches, DepthIsLimited) {
    BranchWriter abs = branch_of("Abs", {"x"}, "a");
    EXPECT_EQ(optimized(choosing(true, nested(8), abs)), "Abs(x) -> t0; Add(x, t0) -> y");
    EXPECT_NE(error_of(choosing(true, nested(20), abs)).find("deep"), std::string::npos);
}

TEST(LoadBranches, NodesCount) {
    linnet::LoadOptions options;
    options.nodes = 4;
    BranchWriter one = branch_of("Abs", {"x"}, "a"), other = branch_of("Exp", {"x"}, "b");
    EXPECT_EQ(error_of(choosing(true, one, other).bytes(), options), "ok");
    options.nodes = 3;
    EXPECT_EQ(error_of(choosing(true, one, other).bytes(), options),
              "limit: not a usable ONNX model: the model has more than 3 nodes");
}

// As many as a file may have, one behind the other: that takes no time that grows with the square.
TEST(LoadBranches, ManyTakeLinearTime) {
    OnnxWriter writer;
    writer.input("v0", {2}).initializer(small_tensor("c", kBool, {}, {1}));
    constexpr int kMany = 10000;
    for (int i = 0; i < kMany; ++i) {
        std::string from = "v" + std::to_string(i), to = "v" + std::to_string(i + 1);
        writer.node("If", {"c"}, {to}, branches(branch_of("Abs", {from}, "a" + to),
                                                branch_of("Exp", {from}, "b" + to)));
    }
    std::string text = optimized(writer.output("v" + std::to_string(kMany)));
    EXPECT_EQ(text.substr(0, 10), "Abs(v0) ->");
}

} // namespace

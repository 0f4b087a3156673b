// SPDX-License-Identifier: MIT
#include "optimize/branches.h"

#include "ops/operator.h"

namespace linnet {

static Result<Node> make_identity(const Node &owner, ValueId from, ValueId to) {
    Node node;
    LINNET_TRY(node.op.assign("Identity"));
    LINNET_TRY(node.name.assign(owner.name));
    LINNET_TRY(node.inputs.push(from));
    LINNET_TRY(node.outputs.push(to));
    return node;
}

static Result<bool> condition_of(const Graph &graph, const Node &node) {
    const Tensor &condition = *graph.constant(node.inputs[0]);
    if (condition.dtype() == DType::kBool && condition.elements() == 1)
        return condition.integer(0) != 0;
    LINNET_ASSIGN(Text where, describe_node(node));
    return error(Code::kMalformed, "%s: its condition is no single truth value", where.c_str());
}

Result<Array<Node>> take_branch(Graph *graph, const Node &node) {
    LINNET_ASSIGN(bool condition, condition_of(*graph, node));
    Branch *then_branch = graph->branch(node, "then_branch");
    Branch *else_branch = graph->branch(node, "else_branch");
    Branch &taken = condition ? *then_branch : *else_branch;
    Array<Node> nodes;
    for (size_t i = 0; i < taken.parameters.size(); ++i) {
        if (taken.parameters[i] == kNoValue) continue;
        LINNET_ASSIGN(Node copy, make_identity(node, node.inputs[taken.first_input + i],
                                               taken.parameters[i]));
        LINNET_TRY(nodes.push(std::move(copy)));
    }
    LINNET_TRY(check_operators(taken.nodes.span()));
    for (Node &inner : taken.nodes) LINNET_TRY(nodes.push(std::move(inner)));
    for (size_t i = 0; i < node.outputs.size(); ++i) {
        if (node.outputs[i] == kNoValue) continue;
        LINNET_ASSIGN(Node copy, make_identity(node, taken.outputs[i], node.outputs[i]));
        LINNET_TRY(nodes.push(std::move(copy)));
    }
    *then_branch = Branch();
    *else_branch = Branch();
    return nodes;
}

Status check_branches_taken(const Graph &graph) {
    for (const Node &node : graph.nodes) {
        if (!is_if(node)) continue;
        LINNET_ASSIGN(Text where, describe_node(node));
        return error(Code::kUnsupported, "%s: its condition depends on the numbers in the model's "
                     "inputs; one that follows from constants and shapes can be honoured",
                     where.c_str());
    }
    return Status();
}

} // namespace linnet

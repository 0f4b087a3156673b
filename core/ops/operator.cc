// SPDX-License-Identifier: MIT
#include "ops/operator.h"

#include <cstring>

#include "base/cut.h"
#include "base/message_log.h"

namespace linnet {

#define LINNET_OPERATOR(name) extern const Operator name##_operator;
#include "ops/operator_list.inl"
#undef LINNET_OPERATOR

static const Operator *const kOperators[] = {
#define LINNET_OPERATOR(name) &name##_operator,
#include "ops/operator_list.inl"
#undef LINNET_OPERATOR
};

const Operator *find_operator(string_view op) {
    for (const Operator *candidate : kOperators) {
        if (op != candidate->op) continue;
        tell_use("operator", candidate->op);
        return candidate;
    }
    return nullptr;
}

static const AttributeRule *find_rule(const Operator &op, string_view attribute) {
    for (const AttributeRule &rule : op.attributes)
        if (attribute == rule.name) return &rule;
    return nullptr;
}

// Operators and attributes of Linnet's own begin so: passes make them, files have none.
static bool is_own(const Text &name) { return std::strncmp(name.c_str(), "linnet", 6) == 0; }

// Writes what is wrong with the node; leaves the text empty if nothing is.
static Status check_node(const Node &node, Text *problem) {
    const Operator *op = find_operator(node.op);
    if (!op || is_own(node.op)) return problem->appendf("the operator %s", kNotHere);
    size_t inputs = node.inputs.size(), outputs = node.outputs.size();
    if (inputs < op->min_inputs || (op->max_inputs != kAnyNumber && inputs > op->max_inputs))
        return problem->appendf("it has %zu inputs, expected %d to %d", inputs, op->min_inputs,
                                op->max_inputs);
    size_t needed = op->max_inputs == kAnyNumber ? inputs : op->min_inputs;
    for (size_t i = 0; i < needed; ++i)
        if (!node.has_input(i)) return problem->appendf("its input %zu is missing", i);
    if (outputs < op->min_outputs || (op->max_outputs != kAnyNumber && outputs > op->max_outputs))
        return problem->appendf("it has %zu outputs, expected %d to %d", outputs, op->min_outputs,
                                op->max_outputs);
    for (size_t i = 0; op->max_outputs != kAnyNumber && i < op->min_outputs; ++i)
        if (node.outputs[i] == kNoValue) return problem->appendf("its output %zu is missing", i);
    for (const Attribute &attribute : node.attributes) {
        const AttributeRule *rule = find_rule(*op, attribute.name);
        if (!rule || is_own(attribute.name))
            return problem->appendf("its attribute '%s' is not supported", attribute.name.c_str());
        if (rule->kind != attribute.kind)
            return problem->appendf("its attribute '%s' has the wrong type",
                                    attribute.name.c_str());
    }
    for (const AttributeRule &rule : op->attributes)
        if (rule.required && !node.find(rule.name))
            return problem->appendf("its attribute '%s' is missing", rule.name);
    return Status();
}

// Longer lists are cut, with the number of nodes left out.
constexpr size_t kLongestList = 3800;

Status check_operators(Span<const Node> nodes) {
    Text list;
    size_t problems = 0, left_out = 0;
    for (const Node &node : nodes) {
        Text problem;
        LINNET_TRY(check_node(node, &problem));
        if (problem.empty()) continue;
        ++problems;
        if (list.size() > kLongestList) {
            ++left_out;
            continue;
        }
        LINNET_ASSIGN(Text where, describe_node(node));
        LINNET_TRY(list.appendf("%s%s: %s", problems > 1 ? "; " : "", where.c_str(),
                                problem.c_str()));
    }
    if (problems == 0) return Status();
    if (left_out) LINNET_TRY(list.appendf("; and %zu more", left_out));
    return error(Code::kUnsupported, "%zu of the model's nodes cannot be run: %s%s", problems,
                 list.c_str(), kCutHint);
}

// Fails if a shape that inference has found is too large, unknown axes counting as 1.
static Status check_sizes(const Graph &graph, const Node &node) {
    for (ValueId output : node.outputs) {
        if (output == kNoValue || !graph.value(output).shape.has_rank()) continue;
        Shape least;
        for (int64_t dim : graph.value(output).shape.dims()) least.append(dim < 0 ? 1 : dim);
        if (fits(least, kMostElements)) continue;
        LINNET_ASSIGN(Text where, describe_node(node));
        return error(Code::kLimit, "%s: its output would have the shape %s", where.c_str(),
                     ShapeText(graph.value(output).shape).c_str());
    }
    return Status();
}

Status name_what_is_missing(const Node &node, Status status) {
    if (!kIsCut || status.ok() || !is_not_here(status)) return status;
    LINNET_ASSIGN(Text where, describe_node(node));
    return status.within("%s", where.c_str());
}

Status infer_node(Graph *graph, size_t node) {
    const Node &described = graph->nodes[node];
    const Operator *op = find_operator(described.op);
    Inference inference(graph, node);
    if (!op) return inference.unsupported("the operator %s%s", kNotHere, kCutHint);
    LINNET_TRY(name_what_is_missing(described, op->infer(inference)));
    return check_sizes(*graph, described);
}

} // namespace linnet

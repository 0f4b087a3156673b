// The subgraphs of If, which see the names around them.
// SPDX-License-Identifier: MIT
#include "load/onnx_format.h"
#include "load/quoted.h"

namespace linnet {
namespace {

Status settle_onnx_branch(OnnxBranch *branch) {
    OnnxGraph &graph = branch->graph;
    Array<OnnxName> given, handed_on;
    LINNET_TRY(settle_onnx_inputs(&graph, &given));
    if (!graph.inputs.empty()) return error(Code::kMalformed, "a branch of it has inputs");
    for (const OnnxPort &output : graph.outputs) LINNET_TRY(handed_on.push(output.name));
    return graph.body.prepare_branch(given.span(), handed_on.span(), &branch->captures);
}

// What a branch reads of the values around it become inputs of the If, so that whoever orders nodes
// or counts readers need not know of branches.
Status parse_onnx_branch(const ProtobufField &field, OnnxContext *context, OnnxBody *body,
                         OnnxNode *node, OnnxAttribute *attribute) {
    ProtobufReader message;
    LINNET_TRY(field.get_message(&message));
    OnnxBranch branch;
    LINNET_TRY(parse_onnx_graph(std::move(message), context, &branch.graph));
    LINNET_TRY(settle_onnx_branch(&branch));
    if (branch.graph.outputs.size() != node->outputs.size())
        return error(Code::kMalformed, "it has %d outputs, but its %s has %d",
                     static_cast<int>(node->outputs.size()), Quoted(attribute->name).c_str(),
                     static_cast<int>(branch.graph.outputs.size()));
    branch.first_input = node->inputs.size();
    for (OnnxName inner : branch.captures) {
        LINNET_ASSIGN(OnnxName outer,
                      body->intern(branch.graph.body.names[static_cast<size_t>(inner)]));
        LINNET_TRY(node->inputs.push(outer));
    }
    attribute->problem = Text();
    attribute->branch = static_cast<int32_t>(context->branches->size());
    return context->branches->push(std::move(branch));
}

// The attribute as it was read before, and the graph in its record, if there is one.
Status find_onnx_branch(ProtobufReader reader, OnnxNode *node, OnnxAttribute **attribute,
                        ProtobufField *graph) {
    string_view name;
    bool has_graph = false;
    ProtobufField field;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(field.get_text(&name));
        if (field.number() != 6) continue;
        if (has_graph) return field.malformed("an attribute has two graphs");
        has_graph = true;
        *graph = field;
    }
    LINNET_TRY(reader.take_status());
    if (!has_graph || (name != "then_branch" && name != "else_branch")) return Status();
    for (OnnxAttribute &candidate : node->attributes)
        if (candidate.name == name && candidate.ref.empty() && !candidate.problem.empty())
            *attribute = &candidate;
    return Status();
}

} // namespace

Status parse_onnx_branches(ProtobufReader reader, OnnxContext *context, OnnxBody *body,
                           OnnxNode *node) {
    if (node->inputs.size() != 1 || node->inputs[0] == kOnnxNoName)
        return error(Code::kMalformed, "an If has one input, its condition");
    ProtobufField field, graph;
    while (reader.next(&field)) {
        if (field.number() != 5) continue;
        ProtobufReader message;
        OnnxAttribute *attribute = nullptr;
        LINNET_TRY(field.get_message(&message));
        LINNET_TRY(find_onnx_branch(std::move(message), node, &attribute, &graph));
        if (attribute) LINNET_TRY(parse_onnx_branch(graph, context, body, node, attribute));
    }
    return reader.take_status();
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "predictor/reading.h"

namespace linnet {
namespace {

bool is_one_of(string_view op, std::initializer_list<const char *> ops) {
    for (const char *candidate : ops)
        if (op == candidate) return true;
    return false;
}

bool moves_channels_forward(const Node &node) {
    Span<const int64_t> perm = node.get_ints("perm");
    return perm.size() == 4 && perm[0] == 0 && perm[1] == 3 && perm[2] == 1 && perm[3] == 2;
}

bool makes(const Node &node, ValueId value) {
    for (ValueId output : node.outputs)
        if (output == value) return true;
    return false;
}

// What makes the first output, by way of operators that only reshape; nullptr if no node does. Nodes
// are in topological order, so that one look at each from the last on is enough.
const Node *maker_of_scores(const Graph &graph) {
    ValueId value = graph.outputs[0].value;
    for (size_t at = graph.nodes.size(); at-- > 0;) {
        const Node &node = graph.nodes[at];
        if (!makes(node, value)) continue;
        if (!is_one_of(node.op, {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast",
                                 "Dropout", "Transpose"}))
            return &node;
        value = node.inputs[0];
    }
    return nullptr;
}

} // namespace

Result<PictureLayout> picture_layout_of(const Graph &graph, ValueId input) {
    Array<bool> same; // values that lie as the input
    LINNET_TRY(same.fill(graph.values.size(), false));
    same[static_cast<size_t>(input)] = true;
    for (const Node &node : graph.nodes) {
        if (!node.has_input(0)) continue;
        bool reads = false;
        for (ValueId read : node.inputs)
            reads = reads || (read != kNoValue && same[static_cast<size_t>(read)]);
        if (!reads) continue;
        if (is_one_of(node.op, {"Conv", "MaxPool", "AveragePool", "BatchNormalization",
                                "GlobalAveragePool", "GlobalMaxPool", "InstanceNormalization"}))
            return PictureLayout::kNchw;
        if (node.op.view() == "Transpose" && moves_channels_forward(node))
            return PictureLayout::kNhwc;
        if (is_one_of(node.op, {"Identity", "Cast", "Add", "Sub", "Mul", "Div", "Pad", "Slice",
                                "Clip", "Dropout", "Resize", "Concat", "Split", "Gather"}))
            for (ValueId output : node.outputs)
                if (output != kNoValue) same[static_cast<size_t>(output)] = true;
    }
    return PictureLayout::kUnstated;
}

Scores scores_of(const Graph &graph, ScoreKind stated) {
    switch (stated) {
    case ScoreKind::kLogits: return Scores::kLogits;
    case ScoreKind::kProbabilities: return Scores::kProbabilities;
    case ScoreKind::kRaw: return Scores::kRaw;
    case ScoreKind::kUnstated: break;
    }
    if (graph.outputs.empty()) return Scores::kRaw;
    const Node *node = maker_of_scores(graph);
    if (!node) return Scores::kRaw;
    if (node->op.view() == "Softmax") return Scores::kProbabilities;
    if (node->op.view() == "LogSoftmax") return Scores::kLogProbabilities;
    if (is_one_of(node->op, {"Sigmoid", "ArgMax", "TopK"})) return Scores::kRaw;
    return Scores::kLogits;
}

} // namespace linnet

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

const Node *producer_of(const Graph &graph, ValueId value) {
    for (const Node &node : graph.nodes)
        for (ValueId output : node.outputs)
            if (output == value) return &node;
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
    const Node *node = producer_of(graph, graph.outputs[0].value);
    while (node && is_one_of(node->op, {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity",
                                        "Cast", "Dropout", "Transpose"}))
        node = producer_of(graph, node->inputs[0]);
    if (!node) return Scores::kRaw;
    if (node->op.view() == "Softmax") return Scores::kProbabilities;
    if (node->op.view() == "LogSoftmax") return Scores::kLogProbabilities;
    if (is_one_of(node->op, {"Sigmoid", "ArgMax", "TopK"})) return Scores::kRaw;
    return Scores::kLogits;
}

} // namespace linnet

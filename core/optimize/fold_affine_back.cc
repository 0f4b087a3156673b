// SPDX-License-Identifier: MIT
#include "ops/activations.h"
#include "optimize/arithmetic.h"
#include "optimize/channel_affine.h"
#include "optimize/linear_node.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// The node that computes x, if constants may be folded into it.
bool find_target(const GraphEditor &editor, ValueId x, LinearNode *linear) {
    if (x == kNoValue || !editor.passes_through(x)) return false;
    const Node &before = editor.node(static_cast<size_t>(editor.producer(x)));
    return is_plain(before) && read_linear_node(editor, before, linear);
}

ChannelLayout output_layout(const GraphEditor &editor, ValueId output, const LinearNode &linear) {
    int rank = linear.rank >= 0 ? linear.rank : editor.value(output).shape.rank();
    return {linear.layout.outputs(), linear.channel_axis, rank};
}

// scale * (weights * in + bias) + shift
Status apply_affine(GraphEditor *editor, size_t at, const LinearNode &linear,
                    const ChannelAffine &affine) {
    Array<double> bias;
    LINNET_TRY(read_bias(*editor, editor->node(at), linear.layout.outputs(), &bias));
    for (size_t c = 0; c < bias.size(); ++c) {
        if (!affine.scale.empty()) bias[c] *= affine.scale[c];
        if (!affine.shift.empty()) bias[c] += affine.shift[c];
    }
    LINNET_TRY(scale_weights(editor, at, linear, affine.scale.span(), {}));
    bool needs_bias = editor->node(at).has_input(2) || !affine.shift.empty();
    return needs_bias ? write_bias(editor, at, bias.span()) : Status();
}

Status fold_back(GraphEditor *editor, size_t at) {
    const Node &node = editor->node(at);
    ValueId x = affine_input(*editor, node);
    LinearNode linear;
    if (!find_target(*editor, x, &linear)) return Status();
    int32_t before = editor->producer(x);
    const Node &target = editor->node(static_cast<size_t>(before));
    if (!is_plain(node) && !takes_activation(target)) return Status();
    ChannelAffine affine;
    bool found;
    LINNET_TRY(read_affine(*editor, node, output_layout(*editor, x, linear), &affine, &found));
    if (!found || (target.has_input(3) && linear.mixes && !affine.scale.empty())) return Status();
    Activation after = fused_activation(node);
    editor->absorb(at, before);
    LINNET_TRY(apply_affine(editor, at, linear, affine));
    if (after.function == Function::kIdentity) return Status();
    return fuse_activation(&editor->node(at), after);
}

} // namespace

Status fold_affine_back(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) LINNET_TRY(fold_back(&editor, at));
    return editor.commit(changed);
}

} // namespace linnet

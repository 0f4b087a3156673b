// SPDX-License-Identifier: MIT
#include "optimize/arithmetic.h"
#include "optimize/channel_affine.h"
#include "optimize/linear_node.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// Zeros that a convolution pads with stand for zeros of its input: a shift, which would have to
// move them too, can be folded only where there are none. A transposed convolution's border sums
// fewer taps even without pads.
bool sees_only_input(const Node &node) {
    string_view op = node.op.view();
    if (op == "ConvTranspose") return false;
    if (op != "Conv") return true;
    string_view auto_pad = node.get_text("auto_pad", "NOTSET");
    if (auto_pad == "VALID") return true;
    for (int64_t pad : node.get_ints("pads"))
        if (pad != 0) return false;
    return auto_pad == "NOTSET";
}

// The weights tell how many channels reach the node; that the tensor before the constants has as
// many, and as many axes, shows that the constants do not broadcast it.
bool has_layout(const GraphEditor &editor, ValueId x, const ChannelLayout &layout) {
    const Shape &shape = editor.value(x).shape;
    if (!shape.has_rank() || shape.rank() != layout.rank) return false;
    int axis = layout.axis < 0 ? shape.rank() + layout.axis : layout.axis;
    return axis >= 0 && axis < shape.rank() && shape[axis] == layout.channels;
}

ChannelLayout input_layout(const GraphEditor &editor, const Node &node, const LinearNode &linear) {
    int rank = linear.rank >= 0 ? linear.rank : editor.value(node.inputs[0]).shape.rank();
    return {linear.layout.inputs(), linear.channel_axis, rank};
}

bool is_all_zero(Span<const double> numbers) {
    for (double number : numbers)
        if (number != 0) return false;
    return true;
}

// weights * (scale * in + shift) + bias
Status apply_affine_to_input(GraphEditor *editor, size_t at, const LinearNode &linear,
                             const ChannelAffine &affine) {
    if (!is_all_zero(affine.shift.span())) {
        Array<double> bias, sums;
        LINNET_TRY(read_bias(*editor, editor->node(at), linear.layout.outputs(), &bias));
        LINNET_TRY(sum_weights(linear, affine.shift.span(), &sums));
        for (size_t c = 0; c < bias.size(); ++c) bias[c] += linear.alpha * sums[c];
        LINNET_TRY(write_bias(editor, at, bias.span()));
    }
    return scale_weights(editor, at, linear, {}, affine.scale.span());
}

Status fold_ahead(GraphEditor *editor, size_t at) {
    const Node &node = editor->node(at);
    LinearNode linear;
    if (!read_linear_node(*editor, node, &linear) || !linear.mixes) return Status();
    if (node.op.view() == "Gemm" && node.get_int("transA", 0) != 0) return Status();
    if (!editor->passes_through(node.inputs[0])) return Status();
    const Node &before = editor->node(static_cast<size_t>(editor->producer(node.inputs[0])));
    ValueId x = affine_input(*editor, before);
    if (x == kNoValue || !is_plain(before)) return Status();
    ChannelLayout layout = input_layout(*editor, node, linear);
    if (!has_layout(*editor, x, layout)) return Status();
    ChannelAffine affine;
    bool found;
    LINNET_TRY(read_affine(*editor, before, layout, &affine, &found));
    if (!found || (!is_all_zero(affine.shift.span()) && !sees_only_input(node))) return Status();
    LINNET_TRY(editor->set_input(at, 0, x));
    return apply_affine_to_input(editor, at, linear, affine);
}

} // namespace

Status fold_affine_ahead(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) LINNET_TRY(fold_ahead(&editor, at));
    return editor.commit(changed);
}

} // namespace linnet

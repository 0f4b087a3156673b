// SPDX-License-Identifier: MIT
#include <cfloat>

#include "ops/activations.h"
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// A Pad of the axes after the first two, with one number.
struct PicturePad {
    ValueId x = kNoValue;
    int axes = 0;               // 1 or 2
    int64_t before[2], after[2];
    double number = 0;
};

// The pads of every axis. Input 3 may list the axes that the numbers are for.
bool read_pads_by_axis(const GraphEditor &editor, const Node &node, int rank, int64_t *before,
                       int64_t *after) {
    const Tensor *pads = editor.constant(node.input(1)), *axes = editor.constant(node.input(3));
    if (!pads || (node.has_input(3) && !axes)) return false;
    size_t count = axes ? axes->elements() : static_cast<size_t>(rank);
    if (pads->elements() != 2 * count) return false;
    for (int axis = 0; axis < rank; ++axis) before[axis] = after[axis] = 0;
    for (size_t i = 0; i < count; ++i) {
        int64_t axis = axes ? axes->integer(i) : static_cast<int64_t>(i);
        if (axis < 0) axis += rank;
        if (axis < 0 || axis >= rank) return false;
        before[axis] = pads->integer(i);
        after[axis] = pads->integer(i + count);
    }
    return true;
}

bool read_picture_pad(const GraphEditor &editor, const Node &node, PicturePad *pad) {
    int rank = editor.value(node.inputs[0]).shape.rank();
    if (node.get_text("mode", "constant") != "constant" || rank < 3 || rank > 4) return false;
    if (editor.value(node.inputs[0]).dtype != DType::kFloat32) return false;
    int64_t before[kMaxRank], after[kMaxRank];
    if (!read_pads_by_axis(editor, node, rank, before, after)) return false;
    const Tensor *number = editor.constant(node.input(2));
    if (node.has_input(2) && (!number || number->elements() != 1)) return false;
    pad->number = number ? static_cast<double>(number->floats()[0]) : 0;
    pad->x = node.inputs[0];
    pad->axes = rank - 2;
    for (int axis = 0; axis < rank; ++axis) {
        bool allowed = axis < 2 ? before[axis] == 0 && after[axis] == 0
                                : before[axis] >= 0 && after[axis] >= 0;
        if (!allowed || before[axis] > (1 << 20) || after[axis] > (1 << 20)) return false;
        if (axis < 2) continue;
        pad->before[axis - 2] = before[axis];
        pad->after[axis - 2] = after[axis];
    }
    return true;
}

// Whether no element of the tensor can be less than zero.
bool is_never_negative(const GraphEditor &editor, ValueId x) {
    int32_t before = editor.producer(x);
    if (before == kNoNode) return false;
    const Node &node = editor.node(static_cast<size_t>(before));
    Activation last = fused_activation(node);
    if (is_plain(node) && !activation_of(editor.graph(), node, &last)) return false;
    switch (last.function) {
    case Function::kRelu:
    case Function::kSigmoid:
    case Function::kHardSigmoid: return true;
    case Function::kClip: return last.a >= 0 && last.a <= last.b;
    default: return false;
    }
}

// The node's own pads, zero if it has none; false if they depend on the input's size.
bool read_own_pads(const Node &node, int axes, int64_t *pads) {
    string_view auto_pad = node.get_text("auto_pad", "NOTSET");
    Span<const int64_t> given = node.get_ints("pads");
    for (int i = 0; i < 2 * axes; ++i) pads[i] = 0;
    if (auto_pad == "VALID") return true;
    if (auto_pad != "NOTSET" || (!given.empty() && given.size() != static_cast<size_t>(2 * axes)))
        return false;
    for (size_t i = 0; i < given.size(); ++i) pads[i] = given[i];
    return true;
}

bool are_all_zero(const int64_t *pads, int count) {
    for (int i = 0; i < count; ++i)
        if (pads[i] != 0) return false;
    return true;
}

// A window that sees nothing but padding, or that ceil_mode moves, would change its answer. Taps
// that lie apart can miss a small picture that the window covers.
bool stays_in_reach(const Node &pool, const int64_t *pads, int axes) {
    Span<const int64_t> kernel = pool.get_ints("kernel_shape");
    if (kernel.size() != static_cast<size_t>(axes)) return false;
    if (pool.get_int("ceil_mode", 0) != 0) return false;
    for (int64_t dilation : pool.get_ints("dilations"))
        if (dilation != 1) return false;
    for (int i = 0; i < axes; ++i)
        if (pads[i] >= kernel[static_cast<size_t>(i)] ||
            pads[i + axes] >= kernel[static_cast<size_t>(i)])
            return false;
    return true;
}

// Whether the node pads with the same number as the Pad, or with one that makes no difference.
bool pads_alike(const GraphEditor &editor, const Node &node, const PicturePad &pad,
                const int64_t *own_pads, const int64_t *all_pads) {
    string_view op = node.op.view();
    if (op == "Conv") return pad.number == 0;
    if (!stays_in_reach(node, all_pads, pad.axes)) return false;
    if (op == "AveragePool")
        return pad.number == 0 && (node.get_int("count_include_pad", 0) != 0 ||
                                   are_all_zero(own_pads, 2 * pad.axes));
    if (op != "MaxPool" || node.outputs.size() > 1) return false;
    return pad.number <= -FLT_MAX || (pad.number <= 0 && is_never_negative(editor, pad.x));
}

Status fold_pad(GraphEditor *editor, size_t at) {
    string_view op = editor->node(at).op.view();
    if (op != "Conv" && op != "AveragePool" && op != "MaxPool") return Status();
    const Node *before = step_before(*editor, editor->node(at).inputs[0], "Pad");
    PicturePad pad;
    int64_t own[4], all[4];
    if (!before || !read_picture_pad(*editor, *before, &pad)) return Status();
    if (!read_own_pads(editor->node(at), pad.axes, own)) return Status();
    for (int i = 0; i < pad.axes; ++i) {
        all[i] = own[i] + pad.before[i];
        all[i + pad.axes] = own[i + pad.axes] + pad.after[i];
    }
    if (!pads_alike(*editor, editor->node(at), pad, own, all)) return Status();
    LINNET_TRY(editor->set_input(at, 0, pad.x));
    Node &node = editor->node(at);
    node.remove_attribute("auto_pad");
    size_t count = static_cast<size_t>(2 * pad.axes);
    LINNET_TRY(node.set_ints("pads", Span<const int64_t>(all, count)));
    return node.op.view() == "AveragePool" ? node.set_int("count_include_pad", 1) : Status();
}

} // namespace

Status fold_pads(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) LINNET_TRY(fold_pad(&editor, at));
    return editor.commit(changed);
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cfloat>
#include <cmath>

#include "ops/activations.h"
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// y = min(max(x, low), high)
struct ClipBounds {
    ValueId x = kNoValue;
    double low = -INFINITY, high = INFINITY;
};

bool are_bounds_of_minmax(const GraphEditor &editor, const Node &node, ClipBounds *bounds) {
    bool is_min = node.op.view() == "Min";
    if (!is_min && node.op.view() != "Max") return false;
    return split_scalar(editor, node, &bounds->x, is_min ? &bounds->high : &bounds->low) &&
           editor.value(bounds->x).dtype == DType::kFloat32;
}

bool are_bounds_of(const GraphEditor &editor, const Node &node, ClipBounds *bounds) {
    if (!is_plain(node)) return false;
    if (are_bounds_of_minmax(editor, node, bounds)) return true;
    if (node.op.view() != "Relu" && node.op.view() != "Clip") return false;
    Activation activation;
    if (!activation_of(editor.graph(), node, &activation)) return false;
    bounds->x = node.inputs[0];
    bounds->low = activation.function == Function::kClip ? activation.a : 0;
    bounds->high = activation.function == Function::kClip ? activation.b : INFINITY;
    if (bounds->low <= -FLT_MAX) bounds->low = -INFINITY;
    if (bounds->high >= FLT_MAX) bounds->high = INFINITY;
    return true;
}

bool are_ordered(const ClipBounds &bounds) { return bounds.low <= bounds.high; } // and no NaN

double clip(double number, const ClipBounds &bounds) {
    return std::min(std::max(number, bounds.low), bounds.high);
}

// outer(inner(x)) is itself a clip: both functions are monotone, and the identity in between.
bool compose(const GraphEditor &editor, ClipBounds *outer) {
    int32_t before = editor.producer(outer->x);
    ClipBounds inner;
    if (before == kNoNode || !editor.passes_through(outer->x)) return false;
    if (!are_bounds_of(editor, editor.node(static_cast<size_t>(before)), &inner)) return false;
    if (!are_ordered(inner)) return false;
    *outer = ClipBounds{inner.x, clip(inner.low, *outer), clip(inner.high, *outer)};
    return true;
}

Status write_clip(GraphEditor *editor, size_t at, const ClipBounds &bounds) {
    if (bounds.low == 0 && bounds.high == INFINITY) return editor->become(at, "Relu", {bounds.x});
    ValueId low = kNoValue, high = kNoValue;
    if (bounds.low != -INFINITY) {
        LINNET_ASSIGN(low, editor->add_scalar(static_cast<float>(bounds.low)));
    }
    if (bounds.high != INFINITY) {
        LINNET_ASSIGN(high, editor->add_scalar(static_cast<float>(bounds.high)));
    }
    return editor->become(at, "Clip", {bounds.x, low, high});
}

Status merge_clip(GraphEditor *editor, size_t at) {
    const Node &node = editor->node(at);
    ClipBounds bounds;
    if (!are_bounds_of(*editor, node, &bounds) || !are_ordered(bounds)) return Status();
    bool is_clip = node.op.view() == "Relu" || node.op.view() == "Clip";
    if (!compose(*editor, &bounds) && is_clip) return Status();
    return write_clip(editor, at, bounds);
}

} // namespace

Status merge_clips(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) LINNET_TRY(merge_clip(&editor, at));
    return editor.commit(changed);
}

} // namespace linnet

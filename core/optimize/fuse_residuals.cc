// SPDX-License-Identifier: MIT
#include "ops/activations.h"
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// A node that can take `added` as its fourth input. Equal axes that are not known prove nothing: one
// of them may be broadcast.
bool takes_residual(const GraphEditor &editor, ValueId value, ValueId added) {
    const Node *product = step_before(editor, value, "Conv");
    if (!product) product = step_before(editor, value, "MatMul");
    if (!product || product->has_input(3) || editor.constant(added)) return false;
    if (product->op.view() == "MatMul") {
        const Tensor *b = editor.constant(product->inputs[1]);
        if (!b || b->shape().rank() != 2 || editor.value(value).shape.rank() < 2) return false;
    }
    const Shape &shape = editor.value(value).shape;
    return shape.is_known() && shape == editor.value(added).shape;
}

// Which input of the Add takes the other; -1: none. Of two, the one that is computed later: it need
// not wait for the other.
int taker_among(const GraphEditor &editor, const Node &add) {
    bool first = takes_residual(editor, add.inputs[0], add.inputs[1]);
    bool second = takes_residual(editor, add.inputs[1], add.inputs[0]);
    if (first && second)
        return editor.producer(add.inputs[0]) > editor.producer(add.inputs[1]) ? 0 : 1;
    return first ? 0 : second ? 1 : -1;
}

Status fuse_residual(GraphEditor *editor, size_t at) {
    const Node &add = editor->node(at);
    if (add.op.view() != "Add") return Status();
    int taker = taker_among(*editor, add);
    if (taker < 0) return Status();
    ValueId added = add.inputs[static_cast<size_t>(1 - taker)];
    Activation after = fused_activation(add);
    editor->absorb(at, editor->producer(add.inputs[static_cast<size_t>(taker)]));
    LINNET_TRY(editor->set_input(at, 3, added));
    if (after.function == Function::kIdentity) return Status();
    return fuse_activation(&editor->node(at), after);
}

} // namespace

Status fuse_residuals(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) LINNET_TRY(fuse_residual(&editor, at));
    return editor.commit(changed);
}

} // namespace linnet

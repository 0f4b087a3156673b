// SPDX-License-Identifier: MIT
#include "ops/activations.h"
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// Products of computed matrices apply the function in a step of its own: nothing is gained.
bool gains_from_fusion(const GraphEditor &editor, const Node &node) {
    bool matrix = node.op.view() == "MatMul" || node.op.view() == "Gemm";
    return !matrix || editor.constant(node.input(1));
}

Status fuse_into_producer(GraphEditor *editor, size_t at) {
    const Node &node = editor->node(at);
    Activation activation;
    if (node.op.empty() || node.inputs.empty() || !node.has_input(0)) return Status();
    if (!activation_of(editor->graph(), node, &activation)) return Status();
    if (!editor->passes_through(node.inputs[0])) return Status();
    int32_t before = editor->producer(node.inputs[0]);
    const Node &producer = editor->node(static_cast<size_t>(before));
    if (!takes_activation(producer) || !is_plain(producer)) return Status();
    if (!gains_from_fusion(*editor, producer)) return Status();
    editor->absorb(at, before);
    return fuse_activation(&editor->node(at), activation);
}

} // namespace

Status fuse_activations(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at)
        LINNET_TRY(fuse_into_producer(&editor, at));
    return editor.commit(changed);
}

} // namespace linnet

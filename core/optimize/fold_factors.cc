// SPDX-License-Identifier: MIT
#include "ops/matrix_product.h"
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// Constant weights take their scales in, channel by channel (fold_affine_*).
bool multiplies_computed(const GraphEditor &editor, const Node &node) {
    return node.op.view() == "MatMul" && !editor.constant(node.inputs[1]);
}

Status scale_product(Node *product, double factor) {
    double before = product->get_float(kMatMulFactor, 1);
    return product->set_float(kMatMulFactor, static_cast<float>(before * factor));
}

// (s a) b = s (a b)
Status fold_factor_ahead(GraphEditor *editor, size_t at) {
    for (size_t i = 0; i < 2; ++i) {
        Product before;
        if (!product_of(*editor, editor->node(at).inputs[i], &before)) continue;
        if (before.count != 1 || before.factors[0] == editor->node(at).inputs[i]) continue;
        LINNET_TRY(editor->set_input(at, i, before.factors[0]));
        LINNET_TRY(scale_product(&editor->node(at), before.scale));
    }
    return Status();
}

// s (a b), or (a b) / s
Status fold_factor_back(GraphEditor *editor, size_t at) {
    Product after;
    const Node &node = editor->node(at);
    if (!product_of_node(*editor, node, &after) || after.count != 1) return Status();
    const Node *product = step_before(*editor, after.factors[0], "MatMul");
    if (!product || !multiplies_computed(*editor, *product) || product->has_input(2))
        return Status();
    int32_t before = editor->producer(after.factors[0]);
    LINNET_TRY(editor->set_inputs(at, {after.factors[0]}));
    editor->absorb(at, before);
    return scale_product(&editor->node(at), after.scale);
}

} // namespace

Status fold_factors(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) {
        bool computed = multiplies_computed(editor, editor.node(at));
        LINNET_TRY(computed ? fold_factor_ahead(&editor, at) : fold_factor_back(&editor, at));
    }
    return editor.commit(changed);
}

} // namespace linnet

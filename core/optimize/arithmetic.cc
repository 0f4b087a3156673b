// SPDX-License-Identifier: MIT
#include "optimize/arithmetic.h"

#include <cmath>

#include "ops/activations.h"

namespace linnet {

bool is_plain(const Node &node) { return !node.find(kFusedFunction); }

bool takes_activation(const Node &node) {
    const Operator *op = find_operator(node.op);
    if (!op) return false;
    for (const AttributeRule &rule : op->attributes)
        if (string_view(rule.name) == kFusedFunction) return true;
    return false;
}

const Node *step_before(const GraphEditor &editor, ValueId value, string_view op) {
    const Node *node = editor.made_by(value, op);
    return node && is_plain(*node) && editor.passes_through(value) ? node : nullptr;
}

bool scalar_beside(const GraphEditor &editor, ValueId constant, ValueId beside, double *scalar) {
    const Tensor *contents = editor.constant(constant);
    if (!contents || contents->dtype() != DType::kFloat32 || contents->elements() != 1)
        return false;
    int rank = contents->shape().rank();
    if (rank > 0 && rank > editor.value(beside).shape.rank()) return false;
    *scalar = contents->floats()[0];
    return true;
}

bool split_scalar(const GraphEditor &editor, const Node &node, ValueId *x, double *scalar) {
    if (node.inputs.size() != 2 || !node.has_input(0) || !node.has_input(1)) return false;
    for (size_t i = 0; i < 2; ++i) {
        *x = node.inputs[i];
        if (!editor.constant(*x) && scalar_beside(editor, node.inputs[1 - i], *x, scalar))
            return true;
    }
    return false;
}

bool is_near(double number, double expected) {
    return std::fabs(number - expected) <= 1e-5 * std::fabs(expected);
}

static bool add_factor(ValueId factor, Product *product) {
    if (product->count == 3) return false;
    product->factors[product->count++] = factor;
    return true;
}

// Every level but the last has a scalar or adds a factor; scalars in a row are rare.
constexpr int kDeepestProduct = 8;

static bool multiply_by(const GraphEditor &editor, ValueId value, int depth, Product *product);

static bool multiply_by_node(const GraphEditor &editor, const Node &node, int depth,
                             Product *product) {
    bool divides = node.op.view() == "Div";
    ValueId x;
    double scalar;
    if (split_scalar(editor, node, &x, &scalar)) {
        if (divides && (x != node.inputs[0] || scalar == 0)) return false;
        product->scale = divides ? product->scale / scalar : product->scale * scalar;
        return multiply_by(editor, x, depth + 1, product);
    }
    return !divides && multiply_by(editor, node.inputs[0], depth + 1, product) &&
           multiply_by(editor, node.inputs[1], depth + 1, product);
}

static bool multiply_by(const GraphEditor &editor, ValueId value, int depth, Product *product) {
    const Node *node = step_before(editor, value, "Mul");
    if (!node) node = step_before(editor, value, "Div");
    Product longer = *product;
    if (node && depth < kDeepestProduct && multiply_by_node(editor, *node, depth, &longer)) {
        *product = longer;
        return true;
    }
    return add_factor(value, product);
}

bool product_of_node(const GraphEditor &editor, const Node &node, Product *product) {
    if ((node.op.view() != "Mul" && node.op.view() != "Div") || !is_plain(node)) return false;
    return multiply_by_node(editor, node, 0, product);
}

bool product_of(const GraphEditor &editor, ValueId value, Product *product) {
    return multiply_by(editor, value, 0, product);
}

bool shifted_from(const GraphEditor &editor, ValueId value, ValueId *x, double *added) {
    const Node *add = step_before(editor, value, "Add");
    if (add) return split_scalar(editor, *add, x, added);
    const Node *sub = step_before(editor, value, "Sub");
    if (!sub || !split_scalar(editor, *sub, x, added) || *x != sub->inputs[0]) return false;
    *added = -*added;
    return true;
}

} // namespace linnet

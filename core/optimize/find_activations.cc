// SPDX-License-Identifier: MIT
#include "ops/activations.h"
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

constexpr double kSqrtHalf = 0.70710678118654752, kSqrtTwoByPi = 0.79788456080286536;
constexpr double kGeluCubic = 0.044715;

// An activation found: which node writes it.
struct FoundActivation {
    const char *op = nullptr;
    const char *attribute_a = nullptr, *attribute_b = nullptr;
    double a = 0, b = 0;
    bool tanh = false; // Gelu by its approximation
};

// value = x * scale, where the scale may be 1.
bool is_scaled(const GraphEditor &editor, ValueId value, ValueId x, double *scale) {
    Product product;
    if (value == x) {
        *scale = 1;
        return true;
    }
    if (!product_of(editor, value, &product) || product.count != 1) return false;
    *scale = product.scale;
    return product.factors[0] == x;
}

// value = op(x * scale)
bool is_function_of(const GraphEditor &editor, ValueId value, string_view op, ValueId x,
                    double *scale) {
    const Node *node = step_before(editor, value, op);
    return node && is_scaled(editor, node->inputs[0], x, scale);
}

// value = coefficient * x to the power of `power` (2 or 3)
bool is_power(const GraphEditor &editor, ValueId value, ValueId x, int power, double coefficient) {
    Product product;
    if (!product_of(editor, value, &product) || !is_near(product.scale, coefficient)) return false;
    if (product.count == 1) {
        const Node *node = step_before(editor, product.factors[0], "Pow");
        double exponent;
        return node && node->inputs[0] == x &&
               scalar_beside(editor, node->inputs[1], x, &exponent) && exponent == power;
    }
    for (int i = 0; i < product.count; ++i)
        if (product.factors[i] != x) return false;
    return product.count == power;
}

// value = sqrt(2 / pi) * (x + 0.044715 x^3), or with x outside: x * (1 + 0.044715 x^2)
bool is_gelu_argument(const GraphEditor &editor, ValueId value, ValueId x) {
    Product product;
    if (!product_of(editor, value, &product) || !is_near(product.scale, kSqrtTwoByPi)) return false;
    if (product.count == 2) {
        ValueId other = product.factors[product.factors[0] == x ? 1 : 0], square;
        double one;
        return (product.factors[0] == x || product.factors[1] == x) &&
               shifted_from(editor, other, &square, &one) && one == 1 &&
               is_power(editor, square, x, 2, kGeluCubic);
    }
    const Node *sum = product.count == 1 ? step_before(editor, product.factors[0], "Add") : nullptr;
    if (!sum) return false;
    return (sum->inputs[0] == x && is_power(editor, sum->inputs[1], x, 3, kGeluCubic)) ||
           (sum->inputs[1] == x && is_power(editor, sum->inputs[0], x, 3, kGeluCubic));
}

// value = min(max(a x + b, 0), high); x is where the scalars end.
bool is_clipped_line(const GraphEditor &editor, const Node &clip, ValueId *x, double *a, double *b,
                     double *high) {
    Activation bounds;
    if (clip.op.view() != "Clip" || !is_plain(clip)) return false;
    if (!activation_of(editor.graph(), clip, &bounds) || bounds.a != 0) return false;
    Product line;
    if (!shifted_from(editor, clip.inputs[0], x, b)) return false;
    if (!product_of(editor, *x, &line)) return false;
    *high = bounds.b;
    *a = line.count == 1 ? line.scale : 1;
    if (line.count == 1) *x = line.factors[0];
    return *high > 0 && *high < 1e30;
}

bool is_gate_of_hard_swish(const GraphEditor &editor, ValueId gate, ValueId x, double scale) {
    if (const Node *sigmoid = step_before(editor, gate, "HardSigmoid"))
        return sigmoid->inputs[0] == x && is_near(sigmoid->get_float("alpha", 0.2f), 1.0 / 6) &&
               is_near(sigmoid->get_float("beta", 0.5f), 0.5) && is_near(scale, 1);
    const Node *clip = step_before(editor, gate, "Clip");
    ValueId from;
    double a, b, high;
    return clip && is_clipped_line(editor, *clip, &from, &a, &b, &high) && from == x && a == 1 &&
           is_near(b, 3) && is_near(high, 6) && is_near(scale, 1.0 / 6);
}

// gate = 1 + erf(x / sqrt 2), or 1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))
bool is_gate_of_gelu(const GraphEditor &editor, ValueId gate, ValueId x, bool *tanh) {
    ValueId function;
    double one, scale;
    if (!shifted_from(editor, gate, &function, &one) || one != 1) return false;
    *tanh = false;
    if (is_function_of(editor, function, "Erf", x, &scale)) return is_near(scale, kSqrtHalf);
    *tanh = true;
    const Node *node = step_before(editor, function, "Tanh");
    return node && is_gelu_argument(editor, node->inputs[0], x);
}

bool is_gate_of_mish(const GraphEditor &editor, ValueId gate, ValueId x) {
    const Node *tanh = step_before(editor, gate, "Tanh");
    const Node *softplus = tanh ? step_before(editor, tanh->inputs[0], "Softplus") : nullptr;
    return softplus && softplus->inputs[0] == x;
}

// scale * x * gate
bool find_gated(const GraphEditor &editor, ValueId x, ValueId gate, double scale,
                FoundActivation *found) {
    double slope;
    bool tanh;
    if (is_gate_of_hard_swish(editor, gate, x, scale)) {
        *found = {"HardSwish"};
    } else if (is_near(scale, 0.5) && is_gate_of_gelu(editor, gate, x, &tanh)) {
        *found = {"Gelu", nullptr, nullptr, 0, 0, tanh};
    } else if (is_near(scale, 1) && is_function_of(editor, gate, "Sigmoid", x, &slope)) {
        *found = {"linnet.Swish", "alpha", nullptr, slope};
    } else if (is_near(scale, 1) && is_gate_of_mish(editor, gate, x)) {
        *found = {"Mish"};
    } else {
        return false;
    }
    return true;
}

// scale * min(max(a x + b, 0), high) with scale * high = 1
bool find_hard_sigmoid(const GraphEditor &editor, const Node *clip, double scale, ValueId *x,
                       FoundActivation *found) {
    double a, b, high;
    if (!clip || !is_clipped_line(editor, *clip, x, &a, &b, &high)) return false;
    *found = {"HardSigmoid", "alpha", "beta", a * scale, b * scale};
    return is_near(scale * high, 1);
}

bool find_activation(const GraphEditor &editor, const Node &node, ValueId *x,
                     FoundActivation *found) {
    if (node.op.view() == "Clip") return find_hard_sigmoid(editor, &node, 1, x, found);
    Product product;
    if (!product_of_node(editor, node, &product)) return false;
    if (product.count == 1)
        return find_hard_sigmoid(editor, step_before(editor, product.factors[0], "Clip"),
                                 product.scale, x, found);
    if (product.count != 2) return false;
    for (int i = 0; i < 2; ++i) {
        *x = product.factors[i];
        if (find_gated(editor, *x, product.factors[1 - i], product.scale, found)) return true;
    }
    return false;
}

Status write_activation(GraphEditor *editor, size_t at, ValueId x, const FoundActivation &found) {
    LINNET_TRY(editor->become(at, found.op, {x}));
    Node &node = editor->node(at);
    if (found.tanh) LINNET_TRY(node.set_text("approximate", "tanh"));
    if (found.attribute_a)
        LINNET_TRY(node.set_float(found.attribute_a, static_cast<float>(found.a)));
    if (found.attribute_b)
        LINNET_TRY(node.set_float(found.attribute_b, static_cast<float>(found.b)));
    return Status();
}

} // namespace

Status find_activations(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) {
        ValueId x;
        FoundActivation found;
        if (!find_activation(editor, editor.node(at), &x, &found)) continue;
        if (editor.value(x).dtype != DType::kFloat32) continue;
        LINNET_TRY(write_activation(&editor, at, x, found));
    }
    return editor.commit(changed);
}

} // namespace linnet

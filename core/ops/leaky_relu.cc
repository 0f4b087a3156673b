// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool leaky_relu_activation(const Graph &, const Node &node, Activation *activation) {
    *activation = {Function::kLeakyRelu, node.get_float("alpha", 0.01f), 0};
    return true;
}

static const AttributeRule kLeakyReluAttributes[] = {{"alpha", Attribute::Kind::kFloat}};
extern const Operator leaky_relu_operator;
const Operator leaky_relu_operator = {
    "LeakyRelu", 1,           1,       1,     1, kLeakyReluAttributes, false,
    infer_unary, lower_unary, nullptr, leaky_relu_activation};

} // namespace linnet

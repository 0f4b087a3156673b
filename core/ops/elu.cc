// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool elu_activation(const Graph &, const Node &node, Activation *activation) {
    *activation = {Function::kElu, node.get_float("alpha", 1.0f), 0};
    return true;
}

static const AttributeRule kEluAttributes[] = {{"alpha", Attribute::Kind::kFloat}};
extern const Operator elu_operator;
const Operator elu_operator = {
    "Elu", 1, 1, 1, 1, kEluAttributes, false, infer_unary, lower_unary, nullptr, elu_activation};

} // namespace linnet

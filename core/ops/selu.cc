// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool selu_activation(const Graph &, const Node &node, Activation *activation) {
    *activation = {Function::kSelu, node.get_float("alpha", 1.67326319217681884765625f),
                   node.get_float("gamma", 1.05070102214813232421875f)};
    return true;
}

static const AttributeRule kSeluAttributes[] = {
    {"alpha", Attribute::Kind::kFloat}, {"gamma", Attribute::Kind::kFloat}};
extern const Operator selu_operator;
const Operator selu_operator = {
    "Selu", 1, 1, 1, 1, kSeluAttributes, false, infer_unary, lower_unary, nullptr, selu_activation};

} // namespace linnet

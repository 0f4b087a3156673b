// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool hard_sigmoid_activation(const Graph &, const Node &node, Activation *activation) {
    *activation = {Function::kHardSigmoid, node.get_float("alpha", 0.2f),
                   node.get_float("beta", 0.5f)};
    return true;
}

static const AttributeRule kHardSigmoidAttributes[] = {
    {"alpha", Attribute::Kind::kFloat}, {"beta", Attribute::Kind::kFloat}};
extern const Operator hard_sigmoid_operator;
const Operator hard_sigmoid_operator = {
    "HardSigmoid", 1, 1, 1, 1, kHardSigmoidAttributes, false, infer_unary, lower_unary, nullptr,
    hard_sigmoid_activation};

} // namespace linnet

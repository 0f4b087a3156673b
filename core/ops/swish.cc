// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

// x * sigmoid(alpha * x): ONNX has it from opset 24 on; before, passes find it.
static bool swish_activation(const Graph &, const Node &node, Activation *activation) {
    *activation = {Function::kSwish, node.get_float("alpha", 1.0f), 0};
    return true;
}

static const AttributeRule kSwishAttributes[] = {{"alpha", Attribute::Kind::kFloat}};
extern const Operator swish_operator;
const Operator swish_operator = {
    "linnet.Swish", 1, 1, 1, 1, kSwishAttributes, false, infer_unary, lower_unary, nullptr,
    swish_activation};

} // namespace linnet

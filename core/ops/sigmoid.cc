// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool sigmoid_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kSigmoid, 0, 0};
    return true;
}

extern const Operator sigmoid_operator;
const Operator sigmoid_operator = {
    "Sigmoid", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, sigmoid_activation};

} // namespace linnet

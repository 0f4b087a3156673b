// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool tanh_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kTanh, 0, 0};
    return true;
}

extern const Operator tanh_operator;
const Operator tanh_operator = {
    "Tanh", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, tanh_activation};

} // namespace linnet

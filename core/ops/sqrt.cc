// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool sqrt_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kSqrt, 0, 0};
    return true;
}

extern const Operator sqrt_operator;
const Operator sqrt_operator = {
    "Sqrt", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, sqrt_activation};

} // namespace linnet

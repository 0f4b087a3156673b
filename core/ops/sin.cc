// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool sin_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kSin, 0, 0};
    return true;
}

extern const Operator sin_operator;
const Operator sin_operator = {
    "Sin", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, sin_activation};

} // namespace linnet

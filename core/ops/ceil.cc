// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool ceil_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kCeil, 0, 0};
    return true;
}

extern const Operator ceil_operator;
const Operator ceil_operator = {
    "Ceil", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, ceil_activation};

} // namespace linnet

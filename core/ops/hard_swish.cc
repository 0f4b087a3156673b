// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool hard_swish_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kHardSwish, 0, 0};
    return true;
}

extern const Operator hard_swish_operator;
const Operator hard_swish_operator = {
    "HardSwish", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, hard_swish_activation};

} // namespace linnet

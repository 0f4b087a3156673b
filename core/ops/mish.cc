// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool mish_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kMish, 0, 0};
    return true;
}

extern const Operator mish_operator;
const Operator mish_operator = {
    "Mish", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, mish_activation};

} // namespace linnet

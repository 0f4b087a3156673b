// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool reciprocal_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kReciprocal, 0, 0};
    return true;
}

extern const Operator reciprocal_operator;
const Operator reciprocal_operator = {
    "Reciprocal", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, reciprocal_activation};

} // namespace linnet

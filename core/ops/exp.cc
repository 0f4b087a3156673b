// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool exp_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kExp, 0, 0};
    return true;
}

extern const Operator exp_operator;
const Operator exp_operator = {
    "Exp", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, exp_activation};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool softplus_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kSoftplus, 0, 0};
    return true;
}

extern const Operator softplus_operator;
const Operator softplus_operator = {
    "Softplus", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, softplus_activation};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool log_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kLog, 0, 0};
    return true;
}

extern const Operator log_operator;
const Operator log_operator = {
    "Log", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, log_activation};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool cos_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kCos, 0, 0};
    return true;
}

extern const Operator cos_operator;
const Operator cos_operator = {
    "Cos", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, cos_activation};

} // namespace linnet

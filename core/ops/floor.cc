// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool floor_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kFloor, 0, 0};
    return true;
}

extern const Operator floor_operator;
const Operator floor_operator = {
    "Floor", 1, 1, 1, 1, {}, false, infer_unary, lower_unary, nullptr, floor_activation};

} // namespace linnet

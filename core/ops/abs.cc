// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static bool abs_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kAbs, 0, 0};
    return true;
}

static Status lower_abs(Lowering &lowering) {
    return lower_unary_or_map(lowering, MapFunction::kAbs);
}

extern const Operator abs_operator;
const Operator abs_operator = {
    "Abs", 1, 1, 1, 1, {}, false, infer_unary, lower_abs, nullptr, abs_activation};

} // namespace linnet

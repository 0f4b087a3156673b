// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static bool neg_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kNeg, 0, 0};
    return true;
}

static Status lower_neg(Lowering &lowering) {
    return lower_unary_or_map(lowering, MapFunction::kNeg);
}

extern const Operator neg_operator;
const Operator neg_operator = {
    "Neg", 1, 1, 1, 1, {}, false, infer_unary, lower_neg, nullptr, neg_activation};

} // namespace linnet

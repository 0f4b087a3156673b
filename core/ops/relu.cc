// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static bool relu_activation(const Graph &, const Node &, Activation *activation) {
    *activation = {Function::kRelu, 0, 0};
    return true;
}

static Status lower_relu(Lowering &lowering) {
    return lower_unary_or_map(lowering, MapFunction::kRelu);
}

extern const Operator relu_operator;
const Operator relu_operator = {
    "Relu", 1, 1, 1, 1, {}, false, infer_unary, lower_relu, nullptr, relu_activation};

} // namespace linnet

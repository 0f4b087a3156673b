// Elementwise operators of two inputs with broadcasting.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/activations.h"

namespace linnet {

// Shape rule: both inputs broadcast; the result has the inputs' type, or bool for comparisons.
Status infer_binary(Inference &inference);
Status infer_comparison(Inference &inference);
Status infer_logic(Inference &inference); // both are bool

// One step of the binary kernel, with the activation that was fused into the node.
Status lower_binary(Lowering &lowering, BinaryFunction function);
// The same of two views of one type, which broadcast to output 0.
Status lower_binary_of(Lowering &lowering, const View &a, const View &b, BinaryFunction function);
// The step alone: y = function(a, b), where a and b broadcast to y's shape.
Status emit_binary(Lowering &lowering, const View &y, const View &a, const View &b,
                   BinaryFunction function, const Activation &activation = Activation());

// The same for more than two inputs, folded from the left (Sum, Min, Max; Mean divides at the end).
Status infer_variadic(Inference &inference);
Status lower_variadic(Lowering &lowering, BinaryFunction function, bool mean);

} // namespace linnet

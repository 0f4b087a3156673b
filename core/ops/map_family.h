// Elementwise operators of one input whose function is no activation.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/map.h"
#include "ops/activations.h"

namespace linnet {

// Shape rules: input 0 has one of these types; the result has the same, or is bool.
Status infer_float_map(Inference &inference);
Status infer_number_map(Inference &inference);
Status infer_float_test(Inference &inference);

// One step of the map kernel.
Status lower_map(Lowering &lowering, MapFunction function, float a = 0, float b = 0);

// For activations that are defined for integers too: lower_unary for float32, else lower_map.
Status lower_unary_or_map(Lowering &lowering, MapFunction function);

} // namespace linnet

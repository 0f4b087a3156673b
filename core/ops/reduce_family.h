// Operators that reduce axes of a tensor.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/rows.h"
#include "ops/operator.h"

namespace linnet {

// Inputs: the tensor and, optionally, the axes, which must be known when it runs.
Status infer_reduction(Inference &inference);
// The same for reductions that exist for float32 only.
Status infer_float_reduction(Inference &inference);

// One step of the reduction.
Status lower_reduction(Lowering &lowering, Reduction reduction);
// The logarithm of a sum, and of a sum of exponentials.
Status lower_logarithm_of_sum(Lowering &lowering, bool exponentials);

// y = the reduction of the axes `reduced` of x; y has x's shape with these axes of length 1.
Status emit_reduction(Lowering &lowering, const View &x, const View &y, const bool *reduced,
                      Reduction reduction);

#define LINNET_REDUCE_RULES                                                                        \
    {"keepdims", Attribute::Kind::kInt}, {"noop_with_empty_axes", Attribute::Kind::kInt}

} // namespace linnet

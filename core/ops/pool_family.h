// Pooling operators.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/pool2d.h"
#include "ops/operator.h"

namespace linnet {

// Windows over the axes after the second.
Status infer_pool(Inference &inference);
Status lower_pool(Lowering &lowering, bool average);

// All axes after the second become 1.
Status infer_global_pool(Inference &inference);
Status lower_global_pool(Lowering &lowering, bool average);

// The average (or else the greatest) over one or two axes of a tensor of which another axis is
// contiguous, as one step of the pool kernel; false in `done` if the views do not lie so. `y` has
// the shape of `x` with the axes `reduced` of length 1.
Status emit_pool_over(Lowering &lowering, const View &x, const View &y, const bool *reduced,
                      bool average, bool *done);

#define LINNET_POOL_RULES                                                                          \
    {"auto_pad", Attribute::Kind::kText}, {"ceil_mode", Attribute::Kind::kInt},                    \
        {"dilations", Attribute::Kind::kInts}, {"kernel_shape", Attribute::Kind::kInts, true},     \
        {"pads", Attribute::Kind::kInts}, {"strides", Attribute::Kind::kInts}

} // namespace linnet

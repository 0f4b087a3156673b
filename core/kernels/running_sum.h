// Running sums.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// y[i] = x[0] + ... + x[i], or up to x[i - 1] if exclusive, for every index of the outer loop.
// Backwards: negative strides. float32, int32, int64 (which wrap). Operands: y, x; the outer
// loop's strides are those of the first element of each row. y may be x where it lies the same way.
struct RunningSumParams {
    StridedLoop outer;
    int64_t length = 1, y_stride = 1, x_stride = 1;
    DType dtype = DType::kFloat32;
    bool exclusive = false;
};

} // namespace linnet

// Resizes one axis of a tensor: each result is a weighted sum of neighbours, from tables.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// Operands: y, x (float32), runs (int32), shares (float32).
// runs: for each of `out` results, the first source index and the number of them, of which no one
// has more than `most`; a result that reads none is `outside`. shares: `most` for each result.
// `rows` (operand 0 y, operand 1 x) runs over the other axes but one, whose `inner` elements are
// taken along; its last axis is the `out` results, which do not move x.
struct ResampleAxisParams {
    StridedLoop rows;
    int64_t out = 1, most = 1, inner = 1;
    int64_t x_step = 0, x_inner = 1, y_inner = 1; // x_step: between neighbours along the axis
    float outside = 0;
};

} // namespace linnet

// Resizes two axes of a tensor: nearest or linear interpolation from tables.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// Operands: y, x, positions (int32), fractions (float32; nearest: nullptr).
// positions: for each of out_h rows and then each of out_w columns, the lower and the upper source
// index. fractions: for each row and then each column, the share of the upper one.
// `rows` (operand 0 y, operand 1 x) runs over the other axes but one, whose `inner` elements are
// taken along; its last axis is the out_h rows, which do not move x. Linear: float32. Nearest:
// elements of 1, 4 or 8 bytes, the lower index counts.
struct Resample2dParams {
    StridedLoop rows;
    int64_t out_h = 1, out_w = 1, inner = 1;
    int64_t x_h = 0, x_w = 0, x_inner = 1, y_w = 0, y_inner = 1;
    int32_t element_bytes = 4;
    bool linear = false;
};

} // namespace linnet

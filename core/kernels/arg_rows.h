// Where the greatest or least element of each row lies.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// Operands: y (int64), x (float32, int32, int64, uint8 or int8). For every index of `outer`
// (operand 0 y, operand 1 x: the row's first element). Of equal elements the first counts, or with
// `last` the last. A NaN never wins, unless all are NaN: then the first element does.
struct ArgRowsParams {
    StridedLoop outer;
    int64_t length = 1, x_stride = 1;
    DType dtype = DType::kFloat32;
    bool least = false, last = false;
};

} // namespace linnet

// The greatest or least elements of each row.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// Operands: values, indices (int64; either may be nullptr), x (float32, int32 or int64). For every
// index of `outer` (operand 0: values and indices, which lie alike, operand 1: x), the `count` best
// of `length` elements, best first; of equal elements the lower index first; NaN after all others.
// Scratch: top_rows_scratch_bytes().
struct TopRowsParams {
    StridedLoop outer;
    int64_t length = 1, x_stride = 1, count = 1, y_stride = 1;
    DType dtype = DType::kFloat32;
    bool least = false;
};

inline int64_t top_rows_scratch_bytes(const TopRowsParams &params) {
    return params.count * static_cast<int64_t>(sizeof(int64_t));
}

} // namespace linnet

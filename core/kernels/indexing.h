// Places in a tensor that the numbers in another tensor name.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/dtype.h"

namespace linnet {

// An index is `count` numbers that lie `step` elements apart, of type int64 or int32: one for each
// of `count` axes of these lengths and strides. Negative ones count from the end of the axis.
struct Indexing {
    int32_t count = 1;
    DType dtype = DType::kInt64;
    int64_t step = 0;
    int64_t length[kMaxRank] = {}, stride[kMaxRank] = {};
};

// Adds to `*place` what the index at element `at` says; false if it is out of range.
inline bool find_place(const Indexing &indexing, const void *indices, int64_t at, int64_t *place) {
    for (int32_t k = 0; k < indexing.count; ++k, at += indexing.step) {
        int64_t index = indexing.dtype == DType::kInt64 ? static_cast<const int64_t *>(indices)[at]
                                                        : static_cast<const int32_t *>(indices)[at];
        if (index < 0) index += indexing.length[k];
        if (index < 0 || index >= indexing.length[k]) return false;
        *place += index * indexing.stride[k];
    }
    return true;
}

} // namespace linnet

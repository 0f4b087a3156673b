// Matrix product of two tensors that are both computed, as in attention.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace linnet {

// For every index of up to six batch axes: y[m,n] = alpha * sum over k of a[m,k] * b[k,n].
// Strides are in floats; 0 repeats a matrix along a batch axis. a_k or a_m is 1, b_k or b_n is 1
// (one side of each matrix is contiguous); y_n is 1.
//
// Operands: a, b, y. Scratch: matmul_scratch_bytes().
struct MatmulParams {
    int64_t m = 1, n = 1, k = 1;
    int64_t a_m = 0, a_k = 1, b_k = 0, b_n = 1, y_m = 0;
    int32_t batch_rank = 0;
    int64_t batch[6] = {}, a_batch[6] = {}, b_batch[6] = {}, y_batch[6] = {};
    float alpha = 1;
};

int64_t matmul_scratch_bytes(const MatmulParams &params);

} // namespace linnet

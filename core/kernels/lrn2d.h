// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3).
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"

namespace linnet {

// y[c] = x[c] / (bias + alpha / size * sum of x[i]^2)^beta for every pixel, where i runs from
// c - (size - 1) / 2 to c + size / 2 inside the channels. Operands: y, x; y is not x.
// Scratch: lrn2d_scratch_bytes().
struct Lrn2dParams {
    int32_t batch = 1, height = 1, width = 1, channels = 1;
    PictureStrides in, out;
    int64_t size = 1;
    float alpha = 1e-4f, beta = 0.75f, bias = 1;
};

inline int64_t lrn2d_scratch_bytes(const Lrn2dParams &params) {
    return 2 * int64_t{params.channels} * static_cast<int64_t>(sizeof(float));
}

} // namespace linnet

// Convolution, and the matrix product with constant weights as its 1x1 case.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/activation.h"

namespace linnet {

// Distances in floats between neighbours along each axis of a picture tensor whose channels lie
// next to each other (NHWC with a free pixel stride).
struct PictureStrides {
    int64_t image = 0, row = 0, pixel = 0;
};

// y[n,oh,ow,:] = activation(sum over taps of x[n,ih,iw,group] * w + bias + residual[n,oh,ow,:]),
// where ih = oh * stride_h + kh * dilation_h - pad_top, and taps outside the picture count as 0.
// A matrix product [M,K] x [K,N] is batch 1, height 1, width M, kernel 1x1.
//
// Operands: x, packed weights (pack_conv2d), bias (nullptr: none), residual (nullptr: none), y.
// The residual may be y itself. Scratch: conv2d_scratch_bytes().
struct Conv2dParams {
    int32_t batch = 1, in_h = 1, in_w = 1, in_c = 1;
    int32_t out_h = 1, out_w = 1, out_c = 1;
    int32_t kernel_h = 1, kernel_w = 1, stride_h = 1, stride_w = 1;
    int32_t dilation_h = 1, dilation_w = 1, pad_top = 0, pad_left = 0;
    int32_t groups = 1;
    PictureStrides in, out, residual;
    Activation activation;
    // Calls may cut the output rows differently: no product whose bits depend on the rows beside it
    // (OpenBLAS's do).
    bool cut_anywhere = false;
};

// Weights are packed for all instruction sets alike: per group, panels of 32 output channels (the
// last one rounded up to 16 and filled with zeros), each [tap][in channel of the group][lanes].
constexpr int kPanel = 32;
int64_t conv2d_packed_floats(const Conv2dParams &params);

// `weights` is [out_c, in_c / groups, kernel_h, kernel_w] with these strides in floats, so that
// transposed matrices need no copy before packing.
struct WeightStrides {
    int64_t out = 0, in = 0, h = 0, w = 0;
};
void pack_conv2d(const Conv2dParams &params, const float *weights, const WeightStrides &strides,
                 float *packed);

// For each thread.
int64_t conv2d_scratch_bytes(const Conv2dParams &params);

// Depthwise: groups == in_c == out_c, weights packed as [tap][channel rounded up to 16].
// Operands as above. No scratch.
int64_t depthwise2d_packed_floats(const Conv2dParams &params);
void pack_depthwise2d(const Conv2dParams &params, const float *weights,
                      const WeightStrides &strides, float *packed);

} // namespace linnet

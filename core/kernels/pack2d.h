// Weights of a convolution, brought into the form that its kernel reads.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"
#include "kernels/conv_method.h"

namespace linnet {

// Where weight (group, out channel of the group, in channel of the group, h, w) lies:
// offset + group * group_stride + out * strides.out + ... floats from the start. Strides may be
// negative: a transposed convolution reads its kernel from the end.
// As a kernel, for weights that are computed. Operands: packed, weights. No scratch.
struct Pack2dParams {
    Conv2dParams conv;
    WeightStrides strides;
    int64_t offset = 0, group_stride = 0;
    float factor = 1; // of every weight
    ConvMethod method = ConvMethod::kPanels;
};

int64_t pack2d_floats(const Pack2dParams &params);
void pack2d(const Pack2dParams &params, const float *weights, float *packed);

} // namespace linnet

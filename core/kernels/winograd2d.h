// Convolution with a 3x3 kernel by Winograd's minimal filtering, F(2x2, 3x3), F(4x4, 3x3) and
// F(6x6, 3x3).
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"

namespace linnet {

// The output is cut into squares of `tile` x `tile` pixels. Input squares and weights are
// transformed so that each output square takes (tile + 2)^2 products per pair of channels instead
// of 9 tile^2: 2.25 times fewer for tile 2, 4 times for tile 4, 5.06 times for tile 6. Lavin and
// Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.
//
// The interpolation points are 0, 1, -1 for tile 2, and 0, +-1/sqrt(2), +-sqrt(2) for tile 4, whose
// rounding error is half of that of the usual 0, +-1, +-2: twice that of a direct sum. For tile 6
// they are the usual 0, +-1, +-2, +-1/2: no others that were tried have less error, which is four
// times that of tile 4. Barabasz, Anderson, Soodhalter and Gregg, "Error Analysis and Improving the
// Accuracy of Winograd Convolution for Deep Neural Networks", arXiv:1803.10986.
//
// Operands as conv2d's, with weights of pack_winograd2d. Scratch: winograd2d_scratch_bytes().
struct Winograd2dParams {
    Conv2dParams conv;
    int32_t tile = 4; // 2, 4 or 6
    // Each square of 2 x 2 outputs is stored as its maximum; those of an odd last row or column are
    // not stored. Then conv.out is of the picture that is half as large, there is no residual, and
    // tile is not 2, which is for small pictures.
    bool pooled = false;
};

// Whether the method applies: 3x3, no stride, no dilation, one group.
bool takes_winograd2d(const Conv2dParams &params);

int64_t winograd2d_scratch_bytes(const Winograd2dParams &params);

int64_t winograd2d_packed_floats(const Winograd2dParams &params);
void pack_winograd2d(const Winograd2dParams &params, const float *weights,
                     const WeightStrides &strides, float *packed);

} // namespace linnet

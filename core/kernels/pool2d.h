// Max and average pooling over pictures whose channels lie next to each other.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"

namespace linnet {

// Taps outside the picture do not take part in a maximum. An average divides by the taps that lie
// inside the picture, or with `count_pads` by those inside the picture extended by its pads.
// A global pool has the picture as its kernel. Operands: x, y. No scratch.
struct Pool2dParams {
    int32_t batch = 1, in_h = 1, in_w = 1, channels = 1, out_h = 1, out_w = 1;
    int32_t kernel_h = 1, kernel_w = 1, stride_h = 1, stride_w = 1;
    int32_t dilation_h = 1, dilation_w = 1;
    int32_t pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
    bool average = false, count_pads = false;
    PictureStrides in, out;
};

} // namespace linnet

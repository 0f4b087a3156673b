// Instance and group normalisation of pictures whose channels lie next to each other.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"

namespace linnet {

// y = (x - mean) / sqrt(variance + epsilon) * scale[c] + bias[c], with mean and variance
// (population) over all pixels of a picture and the channels of a group; as many groups as channels
// is instance normalisation. Operands: y, x, scale, bias; y may be x. Two passes; sums are taken in
// double precision, per channel over the pixels in order, then over the channels of the group.
// Scratch: normalize_channels_scratch_bytes().
struct NormalizeChannelsParams {
    int32_t batch = 1, height = 1, width = 1, channels = 1, groups = 1;
    PictureStrides in, out;
    float epsilon = 1e-5f;
};

int64_t normalize_channels_scratch_bytes(const NormalizeChannelsParams &params);

} // namespace linnet

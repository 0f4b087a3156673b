// A chain of convolutions and pools whose pictures in between exist a few rows at a time.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"
#include "kernels/pool2d.h"

namespace linnet {

constexpr int kMaxBandStages = 4;

enum class BandKind : uint8_t { kConv, kDepthwise, kMaxPool };

// One link of the chain: a step as if it stood alone. Rows of pictures in between lie without gaps,
// pixels may have some.
struct BandStage {
    BandKind kind = BandKind::kConv;
    Conv2dParams conv; // of kConv (conv2d) and kDepthwise (depthwise2d)
    Pool2dParams pool; // of kMaxPool
};

// The output is made in bands of rows. Of a picture in between, the rows that one band needs lie in
// the scratch; those that the next one needs too are kept, so that within a run of bands nothing is
// computed twice. Large pictures never reach the memory: a depthwise convolution, which does little
// with each number, waits for nothing else. (The idea is that of "fused-layer" accelerators: Alwani,
// Chen, Ferdman and Milder, MICRO 2016.)
//
// Operands: x, y, residual of the last stage (nullptr: none; may be y, but neither may share memory
// with x), then for each stage weights and bias. Scratch: bands2d_scratch_bytes().
struct Bands2dParams {
    int32_t stages = 0;
    int32_t band_rows = 1; // of the output, at most
    BandStage stage[kMaxBandStages];
};

// The floats that the pictures in between take in the scratch.
int64_t bands2d_picture_floats(const Bands2dParams &params);
int64_t bands2d_scratch_bytes(const Bands2dParams &params);

} // namespace linnet

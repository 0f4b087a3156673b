// Weighted sums of 8-bit samples in fixed point, along the columns and along the rows of a picture.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernel.h"

namespace linnet {

// The fraction bits of a weight: 32 bits less 8 of the sample and 2 to spare, as Pillow's
// Resample.c. No weight is negative and their sum is 1 within rounding, so that no sum overflows.
constexpr int kSampleWeightBits = 32 - 8 - 2;
constexpr int32_t kHalfSample = 1 << (kSampleWeightBits - 1);

// Rows that go through the columns together, one in each lane; samples of a row that are summed
// together.
constexpr int32_t kSampleLanes = 16;

// The samples of one axis that a weighted one is the sum of.
struct SampleRange {
    int32_t begin = 0, count = 0;
};

// Each pixel of the result is the weighted sum of pixels in its row. Operands: source, ranges
// (SampleRange, one for each column), weights, target, of which the first three are only read. A
// task is kSampleLanes rows, of which the last may be missing in the source; in the target there is
// always room for all, and in a row for a multiple of kSampleLanes pixels.
struct WeighColumnsParams {
    int32_t rows = 0, columns = 0; // of the source; nothing outside is read
    int32_t width = 0;             // of the result
    int32_t pixel_bytes = 3;       // 1, 3 or 4
    int32_t channels = 3;          // of the result: 1 or 3, the first ones of the source's pixel
    // Where not negative, the sample of a pixel that is red. The source becomes gray before it is
    // weighed, as by Pillow's convert("L"), and `channels` is 1.
    int32_t red = -1;
    int32_t weights_stride = 0;
    int64_t source_stride = 0, target_stride = 0; // bytes from row to row
};
int64_t weigh_columns_scratch_bytes(const WeighColumnsParams &params);

// One row that is the weighted sum of `count` rows. Those lie in a ring: after the last of
// `ring_rows` comes the first. Operands: ring, weights, target; the rows have a multiple of
// kSampleLanes bytes. A task is kSampleLanes samples. No scratch.
struct WeighRowsParams {
    int32_t ring_rows = 0, first = 0, count = 0;
    int64_t row_bytes = 0;
};

} // namespace linnet

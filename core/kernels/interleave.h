// Some runs of numbers become one, with a number of each in turn: planes become pixels, and the
// channels of two pictures are shuffled.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/copy.h"

namespace linnet {

constexpr int kMostInterleaved = 4;

// y[row][i * parts + part] = x[part][row][i], float32. Operands: y and kMostInterleaved of x, those
// from `parts` on absent. No overlap.
struct InterleaveParams {
    int32_t parts = 2; // 2 to kMostInterleaved
    int64_t rows = 0, length = 0; // of each x
    int64_t y_row = 0;            // elements between rows
    int64_t x_row[kMostInterleaved] = {};
};
int64_t interleave_tasks(const void *params);

// Whether a copy, its loop coalesced, is of this kind; the x then lie `distance` elements apart.
bool is_interleave(const CopyParams &copy, InterleaveParams *params, int64_t *distance);

} // namespace linnet

// How bands2d walks its chain. The same for every instruction set and number of threads.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/bands2d.h"
#include "kernels/conv2d_plan.h"

namespace linnet {

struct RowRange {
    int32_t begin, end;
    int32_t length() const { return end - begin; }
};

// What all kinds of stages have in common.
struct BandShape {
    int32_t batch, in_w, in_c, out_h, out_w, out_c;
    WindowAxis rows;
    PictureStrides in, out;
};
BandShape shape_of_stage(const BandStage &stage);

// The input rows that output rows need, as far as they exist.
RowRange rows_needed(const BandShape &shape, RowRange out);

// The stage for these output rows of one picture alone, whose input begins at row `in.begin`.
BandStage stage_of_rows(const BandStage &stage, RowRange out, RowRange in);

// The most rows of the picture behind a stage that are there at once.
int32_t rows_held(const Bands2dParams &params, int stage);

// The floats that they take in the scratch, rounded up to whole cache lines.
int64_t floats_held(const Bands2dParams &params, int stage);

// A task is a band of one picture.
int64_t bands2d_tasks(const void *params);
int64_t bands_of_picture(const Bands2dParams &params);

} // namespace linnet

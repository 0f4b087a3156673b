// How winograd2d is cut into tasks. The same for every instruction set and number of threads.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/winograd2d.h"

namespace linnet {

constexpr int kWinogradMaxSide = 8; // of an input square

// The tiles of all pictures, in rows, are cut into blocks (part_begin), the output channels into
// steps (half_panel_begin). A task is one step of one block; the transformed input of a block serves
// all its steps.
struct Winograd2dPlan {
    int32_t side, points;     // of an input square: tile + 2, and its square
    int64_t tile_rows, tile_columns; // of a picture
    int64_t tiles, blocks, halves, steps;
    int32_t panels;
    // In the scratch: transformed inputs [point][tile of the block][depth], then products
    // [tile of the block][point][lanes of a panel], then a row of zeros as long as depth.
    int64_t depth;       // input channels, rounded up to whole vectors
    int64_t plane;       // floats between points of the inputs
    int64_t input_floats, product_floats;
};
Winograd2dPlan plan_winograd2d(const Winograd2dParams &params);
int64_t winograd2d_tasks(const void *params);

struct WinogradTile {
    int64_t image, row, column; // of its first output pixel
};
WinogradTile winograd_tile(const Winograd2dParams &params, const Winograd2dPlan &plan,
                           int64_t tile);

// The pixels of an input square; for those outside the picture, `zeros`.
struct WinogradPixels {
    const float *at[kWinogradMaxSide][kWinogradMaxSide];
};
void find_winograd_pixels(const Winograd2dParams &params, const Winograd2dPlan &plan,
                          const float *x, const float *zeros, int64_t tile,
                          WinogradPixels *pixels);

// Where the weights of a panel begin; they lie [point][input channel][lanes].
int64_t winograd2d_panel_offset(const Winograd2dParams &params, const Winograd2dPlan &plan,
                                int32_t panel);
// The packed channels of a panel: kPanel, or for the last one half of that or all.
int32_t winograd2d_panel_lanes(const Winograd2dParams &params, int32_t panel);

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/winograd2d.h"

#include "kernels/even_parts.h"
#include "kernels/winograd2d_plan.h"

namespace linnet {

static int64_t winograd_quotient_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

bool takes_winograd2d(const Conv2dParams &p) {
    return p.kernel_h == 3 && p.kernel_w == 3 && p.stride_h == 1 && p.stride_w == 1 &&
           p.dilation_h == 1 && p.dilation_w == 1 && p.groups == 1;
}

Winograd2dPlan plan_winograd2d(const Winograd2dParams &params) {
    // What a block has in the scratch shall stay in a second cache of a megabyte; but weights that
    // do not stay there are read anew for each block, so that a block must be worth it.
    constexpr int64_t kFewWeights = 256 << 10, kManyWeights = 2 << 20;
    constexpr int64_t kSmallBlock = 148 << 10, kBlock = 248 << 10, kLargeBlock = 768 << 10;
    constexpr int64_t kFewTiles = 14, kManyTiles = 98;

    const Conv2dParams &p = params.conv;
    Winograd2dPlan plan;
    plan.side = params.tile + 2;
    plan.points = plan.side * plan.side;
    plan.tile_rows = winograd_quotient_up(p.out_h, params.tile);
    plan.tile_columns = winograd_quotient_up(p.out_w, params.tile);
    plan.tiles = p.batch * plan.tile_rows * plan.tile_columns;
    plan.panels = static_cast<int32_t>(winograd_quotient_up(p.out_c, kPanel));
    plan.depth = winograd_quotient_up(p.in_c, 16) * 16;

    int64_t weights = plan.points * plan.depth * plan.panels * kPanel;
    int64_t floats = weights <= kFewWeights    ? kSmallBlock
                     : weights <= kManyWeights ? kBlock
                                               : kLargeBlock;
    int64_t most = floats / (plan.points * (plan.depth + kPanel));
    most = most < kFewTiles ? kFewTiles : most > kManyTiles ? kManyTiles : most;
    plan.blocks = even_parts(winograd_quotient_up(plan.tiles, most), plan.tiles);
    int64_t block = plan.blocks > 0 ? largest_part(plan.tiles, 1, plan.blocks) : 1;
    bool even = plan.blocks % 2 == 0;
    plan.halves = even ? 2 * plan.panels : winograd_quotient_up(p.out_c, kPanel / 2);
    plan.steps = even ? plan.panels : even_parts(plan.panels, 0);
    if (plan.steps == 1 && plan.halves == 2) plan.steps = 2;
    // An odd number of cache lines, lest all points of a pixel fall on the same few of the cache.
    plan.plane = (block * plan.depth / 16 | 1) * 16;
    plan.input_floats = plan.plane * plan.points;
    plan.product_floats = block * plan.points * kPanel;
    return plan;
}

int64_t winograd2d_tasks(const void *params) {
    Winograd2dPlan plan = plan_winograd2d(*static_cast<const Winograd2dParams *>(params));
    return plan.blocks * plan.steps;
}

int64_t winograd2d_scratch_bytes(const Winograd2dParams &params) {
    Winograd2dPlan plan = plan_winograd2d(params);
    return (plan.input_floats + plan.product_floats + plan.depth) * int64_t(sizeof(float));
}

WinogradTile winograd_tile(const Winograd2dParams &params, const Winograd2dPlan &plan,
                           int64_t tile) {
    int64_t picture = plan.tile_rows * plan.tile_columns, of_picture = tile % picture;
    return {tile / picture, of_picture / plan.tile_columns * params.tile,
            of_picture % plan.tile_columns * params.tile};
}

void find_winograd_pixels(const Winograd2dParams &params, const Winograd2dPlan &plan,
                          const float *x, const float *zeros, int64_t tile,
                          WinogradPixels *pixels) {
    const Conv2dParams &p = params.conv;
    const int side = plan.side;
    WinogradTile first = winograd_tile(params, plan, tile);
    int64_t top = first.row - p.pad_top, left = first.column - p.pad_left;
    bool whole = top >= 0 && top + side <= p.in_h && left >= 0 && left + side <= p.in_w;
    int64_t offset = first.image * p.in.image + top * p.in.row + left * p.in.pixel;
    for (int i = 0; i < side; ++i, offset += p.in.row) {
        const float **at = pixels->at[i], *row = x + offset;
        if (whole) {
            for (int j = 0; j < side; ++j, row += p.in.pixel) at[j] = row;
            continue;
        }
        bool has_row = top + i >= 0 && top + i < p.in_h;
        for (int j = 0; j < side; ++j, row += p.in.pixel)
            at[j] = has_row && left + j >= 0 && left + j < p.in_w ? row : zeros;
    }
}

int32_t winograd2d_panel_lanes(const Winograd2dParams &params, int32_t panel) {
    return params.conv.out_c - panel * kPanel > kPanel / 2 ? kPanel : kPanel / 2;
}

int64_t winograd2d_panel_offset(const Winograd2dParams &params, const Winograd2dPlan &plan,
                                int32_t panel) {
    return int64_t(panel) * kPanel * plan.points * params.conv.in_c;
}

int64_t winograd2d_packed_floats(const Winograd2dParams &params) {
    Winograd2dPlan plan = plan_winograd2d(params);
    if (plan.panels == 0) return 0;
    return winograd2d_panel_offset(params, plan, plan.panels - 1) +
           int64_t(winograd2d_panel_lanes(params, plan.panels - 1)) * plan.points *
               params.conv.in_c;
}

// The rows of G, by which weights are multiplied from both sides: for each point its powers over
// the product of its distances to the others; the last point lies at infinity.
static const double kFilter2[4][3] = {{-1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
static const double kFilter4[6][3] = {
    {1, 0, 0},
    {-1 / 1.5, -0.70710678118654752440 / 1.5, -0.5 / 1.5},
    {-1 / 1.5, 0.70710678118654752440 / 1.5, -0.5 / 1.5},
    {1 / 6.0, 1.41421356237309504880 / 6.0, 2 / 6.0},
    {1 / 6.0, -1.41421356237309504880 / 6.0, 2 / 6.0},
    {0, 0, 1},
};
// Times powers of two, which the outputs take back.
static const double kFilter6[8][3] = {
    {1, 0, 0},
    {-2 / 9.0, -2 / 9.0, -2 / 9.0},
    {-2 / 9.0, 2 / 9.0, -2 / 9.0},
    {1 / 90.0, 2 / 90.0, 4 / 90.0},
    {1 / 90.0, -2 / 90.0, 4 / 90.0},
    {2 / 90.0, 1 / 90.0, 0.5 / 90.0},
    {2 / 90.0, -1 / 90.0, 0.5 / 90.0},
    {0, 0, 1},
};

// Of some output channels side by side.
struct FilterTransform {
    static constexpr int kLanes = 16;
    using Lanes = double[kLanes];

    const double (*g)[3];
    int side;

    // weights[h * 3 + w] -> `points` of `stride` floats each.
    void run(const Lanes *weights, float *points, int64_t stride) const {
        Lanes half[kWinogradMaxSide][3]; // G w
        for (int i = 0; i < side; ++i)
            for (int w = 0; w < 3; ++w)
                for (int lane = 0; lane < kLanes; ++lane)
                    half[i][w][lane] = g[i][0] * weights[w][lane] + g[i][1] * weights[3 + w][lane] +
                                       g[i][2] * weights[6 + w][lane];
        for (int i = 0; i < side; ++i) {
            for (int j = 0; j < side; ++j) {
                for (int lane = 0; lane < kLanes; ++lane)
                    points[lane] = static_cast<float>(half[i][0][lane] * g[j][0] +
                                                      half[i][1][lane] * g[j][1] +
                                                      half[i][2][lane] * g[j][2]);
                points += stride;
            }
        }
    }
};

void pack_winograd2d(const Winograd2dParams &params, const float *weights,
                     const WeightStrides &strides, float *packed) {
    constexpr int kLanes = FilterTransform::kLanes;
    const Conv2dParams &p = params.conv;
    Winograd2dPlan plan = plan_winograd2d(params);
    FilterTransform filter = {
        params.tile == 2 ? kFilter2 : params.tile == 4 ? kFilter4 : kFilter6, plan.side};
    for (int32_t panel = 0; panel < plan.panels; ++panel) {
        int32_t lanes = winograd2d_panel_lanes(params, panel);
        int64_t point_floats = int64_t(p.in_c) * lanes;
        for (int64_t in = 0; in < p.in_c; ++in) {
            for (int32_t first = 0; first < lanes; first += kLanes) {
                FilterTransform::Lanes taps[9] = {};
                for (int32_t lane = 0; lane < kLanes; ++lane) {
                    int64_t out = int64_t(panel) * kPanel + first + lane;
                    if (out >= p.out_c) break;
                    const float *from = weights + out * strides.out + in * strides.in;
                    for (int tap = 0; tap < 9; ++tap)
                        taps[tap][lane] = from[tap / 3 * strides.h + tap % 3 * strides.w];
                }
                filter.run(taps, packed + in * lanes + first, point_floats);
            }
        }
        packed += plan.points * point_floats;
    }
}

} // namespace linnet

// How a convolution is cut into tasks and how each body walks it. The same for every instruction
// set and every number of threads.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"

namespace linnet {

// kFlat: 1x1 over pixels that lie evenly; a product of matrices without any copy.
// kDirect: reads the picture where it lies; border pixels leave out the taps outside.
// kGather: copies the taps of a block of pixels side by side first (im2col).
enum class ConvWay : uint8_t { kFlat, kDirect, kGather };

struct Conv2dPlan {
    ConvWay way;
    int32_t group_in, group_out, group_panels;
    int64_t group_floats; // packed weights of a group
    int64_t taps;
    // The outputs are `pictures` times `length` items: pixels, or for kDirect rows of pixels; each
    // picture is cut into blocks (part_begin) of whole units. The channels are `panels`, or `halves`
    // of them, cut into steps (half_panel_begin). A task is one step of one block.
    int64_t pictures, length, unit, blocks;
    int32_t panels;
    int64_t halves, steps;
};
Conv2dPlan plan_conv2d(const Conv2dParams &params);
int64_t conv2d_tasks(const void *params);

// The packed channels of one panel: kPanel, or for the last one of a group 16 or kPanel.
inline int32_t panel_lanes(const Conv2dPlan &plan, int32_t panel_of_group) {
    int32_t left = plan.group_out - panel_of_group * kPanel;
    return left > kPanel / 2 ? kPanel : kPanel / 2;
}

// `length` products per output in a row: from the float `a` of the row's first pixel on, with the
// rows of the panel from `b` on.
struct TileRun {
    int64_t a, b, length;
};

// Depthwise: a task is a part of the output rows of one picture for a part of the channels, which
// are cut in units of kDepthwiseUnit.
constexpr int64_t kDepthwiseUnit = 16;
struct DepthwisePlan {
    int64_t row_blocks, channel_blocks;
};
DepthwisePlan plan_depthwise2d(const Conv2dParams &params);
int64_t depthwise2d_tasks(const void *params);

// The taps of one axis that lie inside the picture for one output position.
struct TapRange {
    int32_t begin, end;
    int32_t length() const { return end - begin; }
};

// How a window moves along one axis of a picture.
struct WindowAxis {
    int32_t in, kernel, stride, dilation, pad; // pad: in front of the picture

    // Where the input of a tap lies; not inside the picture for every tap.
    int64_t input(int64_t out, int32_t tap) const {
        return out * stride - pad + int64_t(tap) * dilation;
    }
    TapRange taps_inside(int32_t out) const;
    // The first output position after `out`, at most `end`, that has other taps inside than `out`
    // has, which are `taps`; if there are none, perhaps an earlier one.
    int32_t taps_end(TapRange taps, int32_t out, int32_t end) const;
};

// Of a convolution or a pool.
template <class Params> WindowAxis row_axis(const Params &p) {
    return {p.in_h, p.kernel_h, p.stride_h, p.dilation_h, p.pad_top};
}
template <class Params> WindowAxis column_axis(const Params &p) {
    return {p.in_w, p.kernel_w, p.stride_w, p.dilation_w, p.pad_left};
}

} // namespace linnet

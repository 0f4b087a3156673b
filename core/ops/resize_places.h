// Where the pixels of a resized axis come from, and with which shares.
// SPDX-License-Identifier: MIT
#pragma once

#include "model/graph.h"
#include "ops/resize_plan.h"

namespace linnet {

// One axis that changes, with the numbers that the coordinate rules use.
struct ResizedAxis {
    int64_t in, out;
    float scale, start, end;
};

// A share of the pixel `upper`, the rest of the pixel `lower`.
struct LinearPlace {
    int32_t lower, upper;
    float share;
};

// Pixel `at` of the result, by the node's rules for coordinates.
int32_t nearest_pixel(const Node &node, const ResizedAxis &axis, int64_t at);
LinearPlace linear_pixels(const Node &node, const ResizedAxis &axis, int64_t at);

// For each pixel of the result a run of source pixels and the share of each: any mode, antialiased
// or not. A result outside a crop has an empty run.
struct ResizeRuns {
    int32_t most = 1;        // pixels in a run
    Ref<Tensor> runs;        // int32: first pixel and number of pixels, for each result
    Ref<Tensor> shares;      // float32: `most` for each result

    static Result<ResizeRuns> create(const Node &node, const ResizedAxis &axis);
};

} // namespace linnet

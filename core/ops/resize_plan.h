// What the inputs of a Resize ask for.
// SPDX-License-Identifier: MIT
#pragma once

#include "model/graph.h"

namespace linnet {

// How the axes of a tensor change; axes that keep their length have scale 1. Of an axis the part
// from `start` to `end` is shown, which are shares of its length (tf_crop_and_resize).
struct ResizePlan {
    Shape to;
    float scale[kMaxRank];
    float start[kMaxRank], end[kMaxRank];
    bool resized[kMaxRank] = {};
};

// The inputs of the node behind the first one, where they are constant, else nullptr.
struct ResizeInputs {
    const Tensor *roi, *scales, *sizes;
};

// Whether the node shows a part of its input only.
bool is_resize_crop(const Node &node);

// Fills the plan for an input x, whose axes may be unknown; returns what is wrong, or nullptr.
const char *read_resize_plan(const Node &node, const Shape &x, const ResizeInputs &inputs,
                             ResizePlan *plan);

} // namespace linnet

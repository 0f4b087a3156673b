// How a pooling is cut into tasks.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/pool2d.h"

namespace linnet {

// A task is a block of output rows of one picture for a block of channels.
struct PoolPlan {
    int64_t row_blocks, channel_block, channel_blocks;
};
PoolPlan plan_pool2d(const Pool2dParams &params);
int64_t pool2d_tasks(const void *params);

} // namespace linnet

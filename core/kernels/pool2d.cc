// SPDX-License-Identifier: MIT
#include "kernels/pool2d.h"

#include "kernels/even_parts.h"
#include "kernels/pool2d_plan.h"

namespace linnet {

PoolPlan plan_pool2d(const Pool2dParams &p) {
    constexpr int64_t kTaskTaps = 128 << 10, kChannels = 64, kFewRows = 8;
    PoolPlan plan;
    int64_t row = int64_t(p.out_w) * p.channels * p.kernel_h * p.kernel_w;
    int64_t rows = row > 0 ? kTaskTaps / row : p.out_h;
    rows = rows < 1 ? 1 : rows;
    plan.row_blocks = even_parts((p.out_h + rows - 1) / rows, p.out_h);
    plan.channel_block = p.channels > 0 ? p.channels : 1;
    if (plan.row_blocks * p.batch < kFewRows && rows == 1 && row > kTaskTaps) {
        int64_t blocks = p.channels * kTaskTaps / row / kChannels;
        plan.channel_block = kChannels * (blocks > 1 ? blocks : 1);
    }
    plan.channel_blocks = (p.channels + plan.channel_block - 1) / plan.channel_block;
    return plan;
}

int64_t pool2d_tasks(const void *params) {
    const Pool2dParams &p = *static_cast<const Pool2dParams *>(params);
    PoolPlan plan = plan_pool2d(p);
    return p.out_w > 0 ? p.batch * plan.row_blocks * plan.channel_blocks : 0;
}

} // namespace linnet

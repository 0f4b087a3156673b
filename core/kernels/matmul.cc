// SPDX-License-Identifier: MIT
#include "kernels/matmul.h"

#include "kernels/conv2d.h"
#include "kernels/conv2d_plan.h"
#include "kernels/matmul_plan.h"

namespace linnet {

MatmulPlan plan_matmul(const MatmulParams &p) {
    constexpr int64_t kRowBlock = 14 * 16;
    MatmulPlan plan;
    plan.matrices = 1;
    for (int32_t i = 0; i < p.batch_rank; ++i) plan.matrices *= p.batch[i];
    plan.panels = (p.n + kPanel - 1) / kPanel;
    plan.row_blocks = (p.m + kRowBlock - 1) / kRowBlock;
    plan.row_block = plan.row_blocks > 0 ? (p.m + plan.row_blocks - 1) / plan.row_blocks : 1;
    plan.transposed_a = p.a_k != 1 && p.k > 1;
    return plan;
}

int64_t matmul_tasks(const void *params) {
    MatmulPlan plan = plan_matmul(*static_cast<const MatmulParams *>(params));
    return plan.matrices * plan.panels * plan.row_blocks;
}

int64_t matmul_scratch_bytes(const MatmulParams &params) {
    MatmulPlan plan = plan_matmul(params);
    int64_t rows = kPanel + (plan.transposed_a ? plan.row_block : 0);
    return rows * params.k * int64_t(sizeof(float));
}

} // namespace linnet

// How a matrix product is cut into tasks.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/matmul.h"

namespace linnet {

// A task is one block of rows with one panel of columns of one matrix of the batch.
struct MatmulPlan {
    int64_t matrices, panels, row_block, row_blocks;
    bool transposed_a; // rows are copied into the scratch, after the panel
};
MatmulPlan plan_matmul(const MatmulParams &params);
int64_t matmul_tasks(const void *params);

} // namespace linnet

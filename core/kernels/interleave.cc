// SPDX-License-Identifier: MIT
#include "kernels/interleave_plan.h"

#include "kernels/even_parts.h"

namespace linnet {

InterleavePlan plan_interleave(const InterleaveParams &p) {
    constexpr int64_t kTask = 16384; // elements of y
    int64_t of_row = p.length * p.parts;
    InterleavePlan plan;
    plan.pieces = even_parts((of_row + kTask - 1) / kTask, of_row);
    int64_t units = plan.pieces * p.rows;
    plan.tasks = even_parts((of_row * p.rows + kTask - 1) / kTask, units);
    if (plan.tasks > units) plan.tasks = units;
    return plan;
}

int64_t interleave_tasks(const void *params) {
    return plan_interleave(*static_cast<const InterleaveParams *>(params)).tasks;
}

bool is_interleave(const StridedLoop &copy, InterleaveParams *params, int64_t *distance) {
    constexpr int64_t kShort = 8;
    int part = copy.rank - 1, along = part - 1;
    if (copy.rank < 2 || copy.rank > 3) return false;
    int64_t parts = copy.extent[part];
    if (parts < 2 || parts > kMostInterleaved || copy.extent[along] < kShort) return false;
    if (copy.stride[0][part] != 1 || copy.stride[0][along] != parts) return false;
    if (copy.stride[1][along] != 1) return false;
    params->parts = static_cast<int32_t>(parts);
    params->length = copy.extent[along];
    params->rows = copy.rank == 3 ? copy.extent[0] : 1;
    params->y_row = copy.rank == 3 ? copy.stride[0][0] : 0;
    for (int64_t &row : params->x_row) row = copy.rank == 3 ? copy.stride[1][0] : 0;
    *distance = copy.stride[1][part];
    return true;
}

} // namespace linnet

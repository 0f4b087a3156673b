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

bool is_interleave(const CopyParams &copy, InterleaveParams *params, int64_t *distance) {
    constexpr int64_t kShort = 8;
    const StridedLoop &loop = copy.loop;
    int part = loop.rank - 1, along = part - 1;
    if (copy.element_bytes != 4 || loop.rank < 2 || loop.rank > 3) return false;
    int64_t parts = loop.extent[part];
    if (parts < 2 || parts > kMostInterleaved || loop.extent[along] < kShort) return false;
    if (loop.stride[0][part] != 1 || loop.stride[0][along] != parts) return false;
    if (loop.stride[1][along] != 1) return false;
    params->parts = static_cast<int32_t>(parts);
    params->length = loop.extent[along];
    params->rows = loop.rank == 3 ? loop.extent[0] : 1;
    params->y_row = loop.rank == 3 ? loop.stride[0][0] : 0;
    for (int64_t &row : params->x_row) row = loop.rank == 3 ? loop.stride[1][0] : 0;
    *distance = loop.stride[1][part];
    return true;
}

} // namespace linnet

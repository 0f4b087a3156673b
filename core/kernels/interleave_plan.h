// How interleaving is cut into tasks. The same for every instruction set and number of threads.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/interleave.h"

namespace linnet {

// Rows are cut into pieces (part_begin over their length); a task takes some of all pieces.
struct InterleavePlan {
    int64_t pieces; // of a row
    int64_t tasks;
};
InterleavePlan plan_interleave(const InterleaveParams &params);

} // namespace linnet

// How elementwise kernels with one body divide their loop into tasks.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernel.h"
#include "kernels/strided_plan.h"

namespace linnet {

inline int64_t loop_tasks(const StridedLoop &loop) {
    return element_tasks(loop.elements(), kElementsPerTask);
}

// Walks the elements of the tasks [begin, end).
inline StridedCursor task_cursor(const StridedLoop &loop, int operands, int64_t begin,
                                 int64_t end) {
    int64_t elements = loop.elements(), to = end * kElementsPerTask;
    return StridedCursor(loop, operands, begin * kElementsPerTask, to < elements ? to : elements);
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/select.h"

#include "kernels/task_cursor.h"

namespace linnet {
namespace {

int64_t select_tasks(const void *params) {
    return loop_tasks(static_cast<const SelectParams *>(params)->loop);
}

template <class T>
void select_rows(const StridedLoop &loop, void *const *operands, int64_t begin, int64_t end) {
    StridedCursor at = task_cursor(loop, 4, begin, end);
    const int64_t y_step = at.stride[0], if_step = at.stride[1];
    const int64_t a_step = at.stride[2], b_step = at.stride[3];
    while (at.next(INT64_MAX)) {
        T *y = static_cast<T *>(operands[0]) + at.offset[0];
        const uint8_t *condition = static_cast<const uint8_t *>(operands[1]) + at.offset[1];
        const T *a = static_cast<const T *>(operands[2]) + at.offset[2];
        const T *b = static_cast<const T *>(operands[3]) + at.offset[3];
        for (int64_t i = 0, n = at.count; i < n; ++i) {
            T from_a = a[i * a_step], from_b = b[i * b_step];
            y[i * y_step] = condition[i * if_step] ? from_a : from_b;
        }
    }
}

void select_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const SelectParams &select = *static_cast<const SelectParams *>(params);
    switch (select.element_bytes) {
    case 1: return select_rows<uint8_t>(select.loop, operands, begin, end);
    case 4: return select_rows<uint32_t>(select.loop, operands, begin, end);
    default: return select_rows<uint64_t>(select.loop, operands, begin, end);
    }
}

} // namespace

extern const Kernel select_kernel;
const Kernel select_kernel = {"select", select_tasks, select_run};

} // namespace linnet

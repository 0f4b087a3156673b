// SPDX-License-Identifier: MIT
#include "kernels/indexed_read.h"

#include <cstring>

#include "kernels/task_cursor.h"

namespace linnet {
namespace {

int64_t indexed_read_tasks(const void *params) {
    return loop_tasks(static_cast<const IndexedReadParams *>(params)->loop);
}

// Elements that share one index: a row of x, or zeros.
template <class T>
void indexed_read_row(T *y, int64_t y_step, const T *x, int64_t x_step, int64_t count) {
    if (x && y_step == 1 && x_step == 1) {
        std::memcpy(y, x, static_cast<size_t>(count) * sizeof(T));
        return;
    }
    for (int64_t i = 0; i < count; ++i) y[i * y_step] = x ? x[i * x_step] : T(0);
}

template <class T>
void indexed_read_rows(const IndexedReadParams &read, void *const *operands, int64_t begin,
                       int64_t end) {
    StridedCursor at = task_cursor(read.loop, 3, begin, end);
    const int64_t y_step = at.stride[0], x_step = at.stride[1];
    const int64_t index_step = at.stride[2];
    while (at.next(INT64_MAX)) {
        T *y = static_cast<T *>(operands[0]) + at.offset[0];
        const T *x = static_cast<const T *>(operands[1]);
        if (index_step == 0) {
            int64_t place = at.offset[1];
            bool found = find_place(read.indexing, operands[2], at.offset[2], &place);
            indexed_read_row(y, y_step, found ? x + place : nullptr, x_step, at.count);
            continue;
        }
        for (int64_t i = 0, n = at.count; i < n; ++i) {
            int64_t place = at.offset[1] + i * x_step, index = at.offset[2] + i * index_step;
            bool found = find_place(read.indexing, operands[2], index, &place);
            y[i * y_step] = found ? x[place] : T(0);
        }
    }
}

void indexed_read_run(const void *params, void *const *operands, void *, int64_t begin,
                      int64_t end) {
    const IndexedReadParams &read = *static_cast<const IndexedReadParams *>(params);
    switch (read.element_bytes) {
    case 1: return indexed_read_rows<uint8_t>(read, operands, begin, end);
    case 4: return indexed_read_rows<uint32_t>(read, operands, begin, end);
    default: return indexed_read_rows<uint64_t>(read, operands, begin, end);
    }
}

} // namespace

extern const Kernel indexed_read_kernel;
const Kernel indexed_read_kernel = {"indexed_read", indexed_read_tasks, indexed_read_run};

} // namespace linnet

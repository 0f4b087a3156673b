// SPDX-License-Identifier: MIT
#include "kernels/copy.h"

#include <cstring>

#include "kernels/kernel.h"

namespace linnet {
namespace {

// A task is about this many elements: whole rows of the innermost axis.
constexpr int64_t kCopyTask = 16384;

int64_t copy_rows(const StridedLoop &loop) {
    int64_t inner = loop.extent[loop.rank - 1];
    return inner ? loop.elements() / inner : 0;
}

int64_t copy_rows_per_task(const StridedLoop &loop) {
    int64_t inner = loop.extent[loop.rank - 1];
    return inner >= kCopyTask ? 1 : kCopyTask / (inner ? inner : 1);
}

int64_t copy_tasks(const void *params) {
    const StridedLoop &loop = static_cast<const CopyParams *>(params)->loop;
    int64_t rows = copy_rows(loop), per_task = copy_rows_per_task(loop);
    return (rows + per_task - 1) / per_task;
}

template <class T>
void copy_row(T *y, int64_t y_stride, const T *x, int64_t x_stride, int64_t count) {
    if (y_stride == 1 && x_stride == 1) {
        std::memcpy(y, x, static_cast<size_t>(count) * sizeof(T));
    } else if (y_stride == 1) {
        for (int64_t i = 0; i < count; ++i) y[i] = x[i * x_stride];
    } else {
        for (int64_t i = 0; i < count; ++i) y[i * y_stride] = x[i * x_stride];
    }
}

template <class T>
void copy_rows_of(const StridedLoop &loop, void *const *operands, int64_t begin, int64_t end) {
    T *y = static_cast<T *>(operands[0]);
    const T *x = static_cast<const T *>(operands[1]);
    int inner = loop.rank - 1;
    for (int64_t row = begin; row < end; ++row) {
        int64_t rest = row, to = 0, from = 0;
        for (int axis = inner - 1; axis >= 0; --axis) {
            int64_t at = rest % loop.extent[axis];
            rest /= loop.extent[axis];
            to += at * loop.stride[0][axis];
            from += at * loop.stride[1][axis];
        }
        copy_row(y + to, loop.stride[0][inner], x + from, loop.stride[1][inner],
                 loop.extent[inner]);
    }
}

void copy_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const CopyParams &copy = *static_cast<const CopyParams *>(params);
    int64_t rows = copy_rows(copy.loop), per_task = copy_rows_per_task(copy.loop);
    int64_t from = begin * per_task, to = end * per_task < rows ? end * per_task : rows;
    switch (copy.element_bytes) {
    case 1: return copy_rows_of<uint8_t>(copy.loop, operands, from, to);
    case 2: return copy_rows_of<uint16_t>(copy.loop, operands, from, to);
    case 4: return copy_rows_of<uint32_t>(copy.loop, operands, from, to);
    default: return copy_rows_of<uint64_t>(copy.loop, operands, from, to);
    }
}

} // namespace

extern const Kernel copy_kernel;
const Kernel copy_kernel = {"copy", copy_tasks, copy_run};

} // namespace linnet

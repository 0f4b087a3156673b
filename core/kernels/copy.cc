// SPDX-License-Identifier: MIT
#include "kernels/copy.h"

#include <cstring>

#include "kernels/isa_tables.h"

namespace linnet {
namespace {

// A task is about this many elements: some rows of the innermost axis, or a piece of a long row.
constexpr int64_t kCopyTask = 16384;

struct CopyPlan {
    int64_t rows, inner, rows_per_task, pieces; // one of the last two is 1
};

CopyPlan plan_copy(const StridedLoop &loop) {
    CopyPlan plan;
    plan.inner = loop.extent[loop.rank - 1];
    plan.rows = plan.inner ? loop.elements() / plan.inner : 0;
    plan.rows_per_task = plan.inner && plan.inner < kCopyTask ? kCopyTask / plan.inner : 1;
    plan.pieces = (plan.inner + kCopyTask - 1) / kCopyTask;
    return plan;
}

int64_t copy_tasks(const void *params) {
    CopyPlan plan = plan_copy(static_cast<const CopyParams *>(params)->loop);
    return (plan.rows + plan.rows_per_task - 1) / plan.rows_per_task * plan.pieces;
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

// The elements [from, to) of a row.
template <class T>
void copy_piece(const StridedLoop &loop, void *const *operands, int64_t row, int64_t from,
                int64_t to) {
    int inner = loop.rank - 1;
    int64_t y = from * loop.stride[0][inner], x = from * loop.stride[1][inner];
    for (int axis = inner - 1; axis >= 0; --axis) {
        int64_t at = row % loop.extent[axis];
        row /= loop.extent[axis];
        y += at * loop.stride[0][axis];
        x += at * loop.stride[1][axis];
    }
    copy_row(static_cast<T *>(operands[0]) + y, loop.stride[0][inner],
             static_cast<const T *>(operands[1]) + x, loop.stride[1][inner], to - from);
}

template <class T>
void copy_tasks_of(const StridedLoop &loop, void *const *operands, int64_t begin, int64_t end) {
    CopyPlan plan = plan_copy(loop);
    for (int64_t task = begin; task < end; ++task) {
        int64_t from = task % plan.pieces * kCopyTask;
        int64_t to = plan.pieces == 1 || from + kCopyTask > plan.inner ? plan.inner
                                                                       : from + kCopyTask;
        int64_t row = task / plan.pieces * plan.rows_per_task, row_end = row + plan.rows_per_task;
        for (; row < row_end && row < plan.rows; ++row)
            copy_piece<T>(loop, operands, row, from, to);
    }
}

void copy_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const CopyParams &copy = *static_cast<const CopyParams *>(params);
    switch (copy.element_bytes) {
    case 1: return copy_tasks_of<uint8_t>(copy.loop, operands, begin, end);
    case 2: return copy_tasks_of<uint16_t>(copy.loop, operands, begin, end);
    case 4: return copy_tasks_of<uint32_t>(copy.loop, operands, begin, end);
    default: return copy_tasks_of<uint64_t>(copy.loop, operands, begin, end);
    }
}

} // namespace

const Kernel copy_kernel = {"copy", copy_tasks, copy_run};

} // namespace linnet

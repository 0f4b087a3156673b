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

// Two axes of both operands: `rows` of `length` elements.
struct CopyPlane {
    int64_t rows, length;
    int64_t y_row, y_stride, x_row, x_stride;
};

// In squares, so that what one column brings near is there for the next.
template <class T> void copy_transposed(const CopyPlane &plane, T *y, const T *x) {
    constexpr int64_t kSquare = 16;
    for (int64_t i = 0; i < plane.rows; i += kSquare) {
        int64_t i_end = i + kSquare < plane.rows ? i + kSquare : plane.rows;
        for (int64_t j = 0; j < plane.length; j += kSquare) {
            int64_t j_end = j + kSquare < plane.length ? j + kSquare : plane.length;
            for (int64_t row = i; row < i_end; ++row)
                copy_row(y + row * plane.y_row + j * plane.y_stride, plane.y_stride,
                         x + row * plane.x_row + j * plane.x_stride, plane.x_stride, j_end - j);
        }
    }
}

template <class T> void copy_plane(const CopyPlane &plane, T *y, const T *x) {
    constexpr int64_t kShort = 4; // a call costs more
    if (plane.length <= kShort) {
        for (int64_t i = 0; i < plane.rows; ++i, y += plane.y_row, x += plane.x_row)
            for (int64_t j = 0; j < plane.length; ++j)
                y[j * plane.y_stride] = x[j * plane.x_stride];
        return;
    }
    if (plane.x_stride != 1 && plane.x_row == 1) return copy_transposed(plane, y, x);
    for (int64_t i = 0; i < plane.rows; ++i, y += plane.y_row, x += plane.x_row)
        copy_row(y, plane.y_stride, x, plane.x_stride, plane.length);
}

// Where row `row` of the innermost axis begins.
struct CopyOffsets {
    int64_t y, x;
};
CopyOffsets offsets_of_row(const StridedLoop &loop, int64_t row) {
    CopyOffsets at = {0, 0};
    for (int axis = loop.rank - 2; axis >= 0; --axis) {
        int64_t index = row % loop.extent[axis];
        row /= loop.extent[axis];
        at.y += index * loop.stride[0][axis];
        at.x += index * loop.stride[1][axis];
    }
    return at;
}

template <class T>
void copy_tasks_of(const StridedLoop &loop, void *const *operands, int64_t begin, int64_t end) {
    CopyPlan plan = plan_copy(loop);
    T *y = static_cast<T *>(operands[0]);
    const T *x = static_cast<const T *>(operands[1]);
    int inner = loop.rank - 1, outer = inner - 1;
    CopyPlane plane = {1, 0, 0, loop.stride[0][inner], 0, loop.stride[1][inner]};
    if (outer >= 0) {
        plane.y_row = loop.stride[0][outer];
        plane.x_row = loop.stride[1][outer];
    }
    for (int64_t task = begin; task < end; ++task) {
        int64_t from = task % plan.pieces * kCopyTask;
        plane.length = plan.inner - from < kCopyTask ? plan.inner - from : kCopyTask;
        int64_t row = task / plan.pieces * plan.rows_per_task, row_end = row + plan.rows_per_task;
        if (row_end > plan.rows) row_end = plan.rows;
        for (; row < row_end; row += plane.rows) {
            plane.rows = row_end - row;
            if (outer >= 0) {
                int64_t left = loop.extent[outer] - row % loop.extent[outer];
                if (left < plane.rows) plane.rows = left;
            }
            CopyOffsets at = offsets_of_row(loop, row);
            copy_plane(plane, y + at.y + from * plane.y_stride, x + at.x + from * plane.x_stride);
        }
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

// SPDX-License-Identifier: MIT
#include "program/layout.h"

namespace linnet {

void set_strides(Order order, const Shape &shape, int64_t *stride) {
    int64_t step = 1;
    bool channels_last = order == Order::kChannelsLast && shape.rank() >= 3;
    if (channels_last) {
        stride[1] = step;
        step *= shape[1];
    }
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        if (channels_last && axis == 1) continue;
        stride[axis] = step;
        step *= shape[axis];
    }
}

bool lies_in(Order order, const View &view) {
    int64_t wanted[kMaxRank];
    set_strides(order, view.shape, wanted);
    for (int axis = 0; axis < view.shape.rank(); ++axis)
        if (view.shape[axis] != 1 && view.stride[axis] != wanted[axis]) return false;
    return true;
}

Order order_of(const View &view) {
    if (view.shape.rank() < 3 || lies_in(Order::kDense, view)) return Order::kDense;
    return view.stride[1] == 1 ? Order::kChannelsLast : Order::kDense;
}

// The axes that are longer than 1, which alone matter for where elements lie.
struct LongAxes {
    int count = 0;
    int64_t length[kMaxRank], stride[kMaxRank];
};

static LongAxes long_axes(const View &view) {
    LongAxes axes;
    for (int axis = 0; axis < view.shape.rank(); ++axis) {
        if (view.shape[axis] == 1) continue;
        axes.length[axes.count] = view.shape[axis];
        axes.stride[axes.count++] = view.stride[axis];
    }
    return axes;
}

// Groups axes of both shapes from the left until their products agree; within a group the old axes
// must lie as one run.
bool reshape_view(const View &view, const Shape &shape, View *reshaped) {
    View result = view;
    result.shape = shape;
    if (shape.elements() == 0) {
        set_strides(Order::kDense, shape, result.stride);
        *reshaped = result;
        return true;
    }
    LongAxes old = long_axes(view);
    int from = 0, to = 0;
    while (to < shape.rank()) {
        if (shape[to] == 1) {
            result.stride[to++] = 1;
            continue;
        }
        int from_end = from + 1, to_end = to + 1;
        int64_t old_run = old.length[from], new_run = shape[to];
        while (old_run != new_run) {
            if (old_run < new_run)
                old_run *= old.length[from_end++];
            else
                new_run *= shape[to_end++];
        }
        for (int i = from; i + 1 < from_end; ++i)
            if (old.stride[i] != old.stride[i + 1] * old.length[i + 1]) return false;
        int64_t step = old.stride[from_end - 1];
        for (int i = to_end - 1; i >= to; --i) {
            result.stride[i] = step;
            step *= shape[i];
        }
        from = from_end;
        to = to_end;
    }
    *reshaped = result;
    return true;
}

View slice_view(const View &view, int axis, int64_t start, int64_t step, int64_t length) {
    View result = view;
    result.offset += start * view.stride[axis];
    result.stride[axis] *= step;
    result.shape[axis] = length;
    return result;
}

View transpose_view(const View &view, Span<const int64_t> permutation) {
    View result = view;
    for (int i = 0; i < view.shape.rank(); ++i) {
        int from = static_cast<int>(permutation[static_cast<size_t>(i)]);
        result.shape[i] = view.shape[from];
        result.stride[i] = view.stride[from];
    }
    return result;
}

View broadcast_view(const View &view, const Shape &shape) {
    View result = view;
    result.shape = shape;
    int missing = shape.rank() - view.shape.rank();
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        int from = axis - missing;
        bool repeated = from < 0 || (view.shape[from] == 1 && shape[axis] != 1);
        result.stride[axis] = repeated ? 0 : view.stride[from];
    }
    return result;
}

StridedLoop loop_over(const Shape &shape, std::initializer_list<const View *> views) {
    StridedLoop loop;
    loop.rank = shape.rank();
    int operands = 0;
    for (const View *view : views) {
        for (int axis = 0; axis < shape.rank(); ++axis)
            loop.stride[operands][axis] = view->stride[axis];
        ++operands;
    }
    for (int axis = 0; axis < shape.rank(); ++axis) loop.extent[axis] = shape[axis];
    coalesce(&loop, operands);
    return loop;
}

} // namespace linnet

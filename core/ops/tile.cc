// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

static Status infer_tile(Inference &inference) {
    const Shape &from = inference.shape(0);
    const Tensor *repeats = inference.constant(1);
    if (!from.has_rank() || !repeats) {
        inference.set_output(0, inference.dtype(0),
                             from.has_rank() ? Shape::of_rank(from.rank()) : from);
        return Status();
    }
    if (repeats->elements() != static_cast<size_t>(from.rank()))
        return inference.fail("it has %zu repeats for an input of rank %d", repeats->elements(),
                              from.rank());
    Shape to = from;
    for (int axis = 0; axis < from.rank(); ++axis) {
        int64_t repeat = repeats->integer(static_cast<size_t>(axis));
        if (repeat < 0 || (from[axis] > 0 && repeat > INT64_MAX / from[axis]))
            return inference.fail("its repeat of axis %d is %lld", axis,
                                  static_cast<long long>(repeat));
        if (from[axis] >= 0) to[axis] = from[axis] * repeat;
    }
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

// Splits every repeated axis of a view of the output in two: which repeat, and where in it. The
// input's view gets a stride of 0 for the first. False if that needs too many axes.
static bool split_repeats(const View &x, const View &y, View *from, View *to) {
    *from = x;
    *to = y;
    from->shape = to->shape = Shape();
    int axes = 0;
    auto add = [&](int64_t length, int64_t from_stride, int64_t to_stride) {
        if (axes == kMaxRank) return false;
        from->shape.append(length);
        to->shape.append(length);
        from->stride[axes] = from_stride;
        to->stride[axes++] = to_stride;
        return true;
    };
    for (int axis = 0; axis < x.shape.rank(); ++axis) {
        int64_t length = x.shape[axis], repeat = length ? y.shape[axis] / length : 0;
        if (repeat != 1 && !add(repeat, 0, y.stride[axis] * length)) return false;
        if (length != 1 && !add(length, x.stride[axis], y.stride[axis])) return false;
    }
    return true;
}

// Where only axes of length 1 are repeated, a view; else one copy.
static Status lower_tile(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    if (!lowering.constant(1)) return lowering.unsupported("its repeats are not constant");
    const Shape &shape = lowering.output_shape(0);
    Shape common;
    if (broadcast_shapes(x.shape, shape, &common) && common == shape)
        return lowering.alias(0, broadcast_view(x, shape));
    LINNET_ASSIGN(View y, lowering.output(0, order_of(x)));
    View from, to;
    if (!split_repeats(x, y, &from, &to))
        return lowering.unsupported("it repeats too many axes of %s", ShapeText(x.shape).c_str());
    return lowering.emit_copy(from, to);
}

extern const Operator tile_operator;
const Operator tile_operator = {"Tile", 2, 2, 1, 1, {}, false, infer_tile, lower_tile};

} // namespace linnet

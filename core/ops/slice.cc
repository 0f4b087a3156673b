// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

// The elements start, start + step ... of an axis.
struct SlicedAxis {
    int64_t start = 0, step = 1, length = 0;
};

// Cuts start and end to an axis of length `dim`, as numpy does.
static SlicedAxis cut_slice(int64_t start, int64_t end, int64_t step, int64_t dim) {
    int64_t last = step > 0 ? dim : dim - 1, least = step > 0 ? 0 : -1;
    auto cut = [&](int64_t at, int64_t low) {
        if (at < 0) at += dim;
        return at < low ? low : at > last ? last : at;
    };
    SlicedAxis axis;
    axis.start = cut(start, step > 0 ? 0 : least);
    int64_t stop = cut(end, least);
    uint64_t room = 0, stride = 0 - static_cast<uint64_t>(step);
    if (step > 0) stride = static_cast<uint64_t>(step);
    if (step > 0 ? stop > axis.start : stop < axis.start)
        room = static_cast<uint64_t>(step > 0 ? stop - axis.start : axis.start - stop);
    if (room > 0) axis.length = static_cast<int64_t>((room - 1) / stride + 1);
    axis.step = axis.length > 1 ? step : 1;
    if (axis.length == 0) axis.start = 0;
    return axis;
}

// Which axes are sliced, from the inputs starts, ends, axes and steps, as far as they are constant.
struct SliceInputs {
    const Tensor *starts, *ends, *axes, *steps;
    bool known;
    explicit SliceInputs(const Graph &graph, const Node &node)
        : starts(graph.constant(node.input(1))), ends(graph.constant(node.input(2))),
          axes(graph.constant(node.input(3))), steps(graph.constant(node.input(4))),
          known(starts && ends && (axes || !node.has_input(3)) && (steps || !node.has_input(4))) {}

    bool fit(int rank) const {
        size_t count = starts->elements();
        return ends->elements() == count && (!axes || axes->elements() == count) &&
               (!steps || steps->elements() == count) && count <= static_cast<size_t>(rank);
    }
    int64_t axis(size_t i) const { return axes ? axes->integer(i) : static_cast<int64_t>(i); }
    int64_t step(size_t i) const { return steps ? steps->integer(i) : 1; }
    SlicedAxis slice(size_t i, int64_t dim) const {
        return cut_slice(starts->integer(i), ends->integer(i), step(i), dim);
    }
};

static Status infer_slice(Inference &inference) {
    const Shape &x = inference.shape(0);
    const SliceInputs inputs(inference.graph(), inference.node());
    if (!x.has_rank() || !inputs.known) {
        inference.set_output(0, inference.dtype(0), x.has_rank() ? Shape::of_rank(x.rank()) : x);
        return Status();
    }
    if (!inputs.fit(x.rank()))
        return inference.fail("its starts, ends, axes and steps differ in length, or are more than "
                              "the axes of its input %s", ShapeText(x).c_str());
    Shape y = x;
    bool seen[kMaxRank] = {};
    for (size_t i = 0; i < inputs.starts->elements(); ++i) {
        LINNET_ASSIGN(int axis, inference.axis(inputs.axis(i), x.rank()));
        if (seen[axis]) return inference.fail("it slices axis %d twice", axis);
        if (inputs.step(i) == 0) return inference.fail("its step for axis %d is 0", axis);
        seen[axis] = true;
        y[axis] = x[axis] < 0 ? kUnknown : inputs.slice(i, x[axis]).length;
    }
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

// A view; where a step is negative, its strides are.
static Status lower_slice(Lowering &lowering) {
    LINNET_ASSIGN(View y, lowering.input(0));
    const SliceInputs inputs(lowering.graph(), lowering.node());
    if (!inputs.known)
        return lowering.unsupported("its starts, ends, axes or steps are not constant");
    for (size_t i = 0; i < inputs.starts->elements(); ++i) {
        int64_t at = inputs.axis(i);
        int axis = static_cast<int>(at < 0 ? at + y.shape.rank() : at);
        SlicedAxis slice = inputs.slice(i, y.shape[axis]);
        y = slice_view(y, axis, slice.start, slice.step, slice.length);
    }
    return lowering.alias(0, y);
}

extern const Operator slice_operator;
const Operator slice_operator = {"Slice", 3, 5, 1, 1, {}, false, infer_slice, lower_slice};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

constexpr int64_t kLargestPad = int64_t{1} << 40; // keeps sums far from overflow

// What is added, or cut if negative, at both ends of each axis.
struct PadWidths {
    int64_t before[kMaxRank] = {}, after[kMaxRank] = {};
};

// Reads the constant pads [begins..., ends...] of `axes`, or of all axes.
static bool read_pads(const Tensor &pads, const Tensor *axes, int rank, PadWidths *widths) {
    size_t count = axes ? axes->elements() : static_cast<size_t>(rank);
    if (pads.elements() != 2 * count) return false;
    for (size_t i = 0; i < count; ++i) {
        int64_t axis = axes ? axes->integer(i) : static_cast<int64_t>(i);
        if (axis < 0) axis += rank;
        if (axis < 0 || axis >= rank) return false;
        widths->before[axis] = pads.integer(i);
        widths->after[axis] = pads.integer(i + count);
        for (int64_t width : {widths->before[axis], widths->after[axis]})
            if (width < -kLargestPad || width > kLargestPad) return false;
    }
    return true;
}

// How far the source of a mode reaches: reflect leaves out the edge itself.
static bool pad_reaches(string_view mode, int64_t width, int64_t length) {
    if (width <= 0 || mode == "constant") return true;
    return mode == "reflect" ? width < length : length > 0;
}

static Status infer_padded(Inference &inference, const PadWidths &widths, string_view mode) {
    const Shape &x = inference.shape(0);
    Shape y = x;
    for (int axis = 0; axis < x.rank(); ++axis) {
        if (x[axis] < 0) continue;
        int64_t cut = x[axis] + (widths.before[axis] < 0 ? widths.before[axis] : 0) +
                      (widths.after[axis] < 0 ? widths.after[axis] : 0);
        y[axis] = x[axis] + widths.before[axis] + widths.after[axis];
        if (cut < 0 || !pad_reaches(mode, widths.before[axis], cut) ||
            !pad_reaches(mode, widths.after[axis], cut))
            return inference.fail("its pads %lld and %lld of axis %d are not possible for the "
                                  "input %s", static_cast<long long>(widths.before[axis]),
                                  static_cast<long long>(widths.after[axis]), axis,
                                  ShapeText(x).c_str());
    }
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

static Status infer_pad(Inference &inference) {
    const Shape &x = inference.shape(0);
    string_view mode = inference.node().get_text("mode", "constant");
    if (mode != "constant" && mode != "reflect" && mode != "edge" && mode != "wrap")
        return inference.fail("its attribute 'mode' is none of constant, reflect, edge and wrap");
    if (inference.has_input(2) && inference.dtype(2) != inference.dtype(0))
        return inference.fail("its constant_value has type %s, its input %s; they must be the same",
                              name_of(inference.dtype(2)), name_of(inference.dtype(0)));
    if (inference.has_input(2) && inference.shape(2).is_known() &&
        inference.shape(2).elements() != 1)
        return inference.fail("its constant_value has the shape %s; a scalar is expected",
                              ShapeText(inference.shape(2)).c_str());
    bool known = inference.constant(1) && (inference.constant(3) || !inference.has_input(3));
    if (!x.has_rank() || !known) {
        inference.set_output(0, inference.dtype(0), x.has_rank() ? Shape::of_rank(x.rank()) : x);
        return Status();
    }
    PadWidths widths;
    if (!read_pads(*inference.constant(1), inference.constant(3), x.rank(), &widths))
        return inference.fail("its pads and axes do not go with the input %s",
                              ShapeText(x).c_str());
    return infer_padded(inference, widths, mode);
}

// Fills [start, start + count) of an axis of y from what lies in [inner, inner + length).
static Status fill_from_inside(Lowering &lowering, const View &y, int axis, string_view mode,
                               int64_t inner, int64_t length, int64_t start, int64_t count) {
    bool before = start < inner;
    View to = slice_view(y, axis, start, 1, count), from;
    if (mode == "edge") {
        from = slice_view(y, axis, before ? inner : inner + length - 1, 0, count);
    } else if (mode == "reflect") {
        from = slice_view(y, axis, before ? inner + count : inner + length - 2, -1, count);
    } else {
        from = slice_view(y, axis, before ? start + length : start - length, 1, count);
    }
    return lowering.emit_copy(from, to);
}

// Fills both ends of an axis of y; wrapping goes in pieces of at most one length, from the inside.
static Status fill_ends(Lowering &lowering, const View &y, int axis, string_view mode,
                        int64_t before, int64_t after) {
    int64_t length = y.shape[axis] - before - after;
    int64_t piece = mode == "wrap" ? length : before > after ? before : after;
    for (int64_t left = before; left > 0;) {
        int64_t count = left < piece ? left : piece;
        LINNET_TRY(fill_from_inside(lowering, y, axis, mode, before, length, left - count, count));
        left -= count;
    }
    for (int64_t start = before + length; start < y.shape[axis];) {
        int64_t left = y.shape[axis] - start, count = left < piece ? left : piece;
        LINNET_TRY(fill_from_inside(lowering, y, axis, mode, before, length, start, count));
        start += count;
    }
    return Status();
}

// The inside of y with respect to one axis.
static View without_pads(const View &y, const PadWidths &widths, int axis) {
    int64_t length = y.shape[axis] - widths.before[axis] - widths.after[axis];
    return slice_view(y, axis, widths.before[axis], 1, length);
}

static Status fill_constant(Lowering &lowering, View y, const PadWidths &widths) {
    View value;
    if (lowering.has_input(2)) {
        LINNET_ASSIGN(value, lowering.input(2));
        reshape_view(value, Shape(), &value);
    } else {
        LINNET_ASSIGN(Ref<Tensor> zero, Tensor::create(y.dtype, {}));
        LINNET_ASSIGN(value, lowering.weights(std::move(zero)));
    }
    for (int axis = 0; axis < y.shape.rank(); ++axis) {
        int64_t before = widths.before[axis], after = widths.after[axis];
        View first = slice_view(y, axis, 0, 1, before);
        View last = slice_view(y, axis, y.shape[axis] - after, 1, after);
        if (before > 0) LINNET_TRY(lowering.emit_copy(broadcast_view(value, first.shape), first));
        if (after > 0) LINNET_TRY(lowering.emit_copy(broadcast_view(value, last.shape), last));
        y = without_pads(y, widths, axis);
    }
    return Status();
}

// Of an axis: fills its ends where the axes before it have theirs and those after it do not yet.
static Status fill_axes(Lowering &lowering, const View &y, const PadWidths &widths,
                        string_view mode) {
    for (int axis = 0; axis < y.shape.rank(); ++axis) {
        View part = y;
        for (int later = axis + 1; later < y.shape.rank(); ++later)
            part = without_pads(part, widths, later);
        LINNET_TRY(fill_ends(lowering, part, axis, mode, widths.before[axis], widths.after[axis]));
    }
    return Status();
}

// Cuts what negative pads cut; the rest is copied to the inside of the output, whose ends are then
// filled by copies. If nothing is added, the output is a view.
static Status lower_pad(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    PadWidths widths;
    bool open = !lowering.constant(1) || (lowering.has_input(3) && !lowering.constant(3));
    if (open) return lowering.unsupported("its pads are not constant");
    read_pads(*lowering.constant(1), lowering.constant(3), x.shape.rank(), &widths);
    bool adds = false;
    for (int axis = 0; axis < x.shape.rank(); ++axis) {
        int64_t &before = widths.before[axis], &after = widths.after[axis];
        int64_t start = before < 0 ? -before : 0, end = after < 0 ? -after : 0;
        x = slice_view(x, axis, start, 1, x.shape[axis] - start - end);
        if (before < 0) before = 0;
        if (after < 0) after = 0;
        adds = adds || before > 0 || after > 0;
    }
    if (!adds) return lowering.alias(0, x);
    LINNET_ASSIGN(View y, lowering.output(0, order_of(x)));
    View inside = y;
    for (int axis = 0; axis < y.shape.rank(); ++axis) inside = without_pads(inside, widths, axis);
    LINNET_TRY(lowering.emit_copy(x, inside));
    string_view mode = lowering.node().get_text("mode", "constant");
    if (mode == "constant") return fill_constant(lowering, y, widths);
    return fill_axes(lowering, y, widths, mode);
}

static const AttributeRule kPadAttributes[] = {{"mode", Attribute::Kind::kText}};
extern const Operator pad_operator;
const Operator pad_operator = {"Pad", 2, 4, 1, 1, kPadAttributes, false, infer_pad, lower_pad};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

// The length of part i of an axis of length `dim` without given lengths: all the same, but the last
// one may be shorter.
static int64_t equal_part(int64_t dim, int64_t parts, int64_t i) {
    if (dim < 0) return kUnknown;
    int64_t each = (dim + parts - 1) / parts, left = dim - i * each;
    return left < 0 ? 0 : left < each ? left : each;
}

static Status infer_split_lengths(Inference &inference, const Tensor &lengths, int axis) {
    const Shape &x = inference.shape(0);
    if (lengths.elements() != inference.output_count())
        return inference.fail("it has %zu lengths for %zu outputs", lengths.elements(),
                              inference.output_count());
    int64_t left = x[axis] < 0 ? INT64_MAX : x[axis];
    for (size_t i = 0; i < lengths.elements(); ++i) {
        Shape y = x;
        y[axis] = lengths.integer(i);
        if (y[axis] < 0 || y[axis] > left)
            return inference.fail("its lengths do not add up to %lld, the length of axis %d",
                                  static_cast<long long>(x[axis]), axis);
        left -= y[axis];
        inference.set_output(i, inference.dtype(0), y);
    }
    if (x[axis] >= 0 && left != 0)
        return inference.fail("its lengths leave %lld of the %lld elements of axis %d over",
                              static_cast<long long>(left), static_cast<long long>(x[axis]), axis);
    return Status();
}

// Lengths come from input 1, or from the number of outputs.
static Status infer_split(Inference &inference) {
    const Shape &x = inference.shape(0);
    size_t parts = inference.output_count();
    int64_t asked = inference.node().get_int("num_outputs", static_cast<int64_t>(parts));
    if (asked != static_cast<int64_t>(parts))
        return inference.fail("its attribute 'num_outputs' is %lld, but it has %zu outputs",
                              static_cast<long long>(asked), parts);
    for (size_t i = 0; i < parts; ++i)
        inference.set_output(i, inference.dtype(0),
                             x.has_rank() ? Shape::of_rank(x.rank()) : Shape::unknown());
    if (!x.has_rank()) return Status();
    LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", 0), x.rank()));
    if (inference.constant(1)) return infer_split_lengths(inference, *inference.constant(1), axis);
    for (size_t i = 0; i < parts; ++i) {
        Shape y = x;
        y[axis] = inference.has_input(1)
                      ? kUnknown
                      : equal_part(x[axis], asked, static_cast<int64_t>(i));
        inference.set_output(i, inference.dtype(0), y);
    }
    return Status();
}

// Every part is a view. The lengths are those of the outputs; of an absent one, they are looked up.
static Status lower_split(Lowering &lowering) {
    const Tensor *lengths = lowering.constant(1);
    if (lowering.has_input(1) && !lengths)
        return lowering.unsupported("the lengths of its parts are not constant");
    LINNET_ASSIGN(View x, lowering.input(0));
    int axis = static_cast<int>(lowering.node().get_int("axis", 0));
    if (axis < 0) axis += x.shape.rank();
    int64_t start = 0, parts = static_cast<int64_t>(lowering.output_count());
    for (size_t i = 0; i < lowering.output_count(); ++i) {
        int64_t length = lengths ? lengths->integer(i)
                                 : equal_part(x.shape[axis], parts, static_cast<int64_t>(i));
        if (lowering.has_output(i))
            LINNET_TRY(lowering.alias(i, slice_view(x, axis, start, 1, length)));
        start += length;
    }
    return Status();
}

static const AttributeRule kSplitAttributes[] = {{"axis", Attribute::Kind::kInt},
                                                 {"num_outputs", Attribute::Kind::kInt}};
extern const Operator split_operator;
const Operator split_operator = {
    "Split", 1, 2, 1, kAnyNumber, kSplitAttributes, false, infer_split, lower_split};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/conversion.h"
#include "ops/single_steps.h"

namespace linnet {

// The number of classes, which may be of any type; -1 if it is not known.
static int64_t one_hot_depth(const Tensor *depth) {
    if (!depth || depth->elements() != 1) return kUnknown;
    if (depth->dtype() != DType::kFloat32) return depth->integer(0);
    float number = depth->floats()[0];
    return number >= 0 && number < 2147483648.0f ? static_cast<int64_t>(number) : -2;
}

static bool holds_one_hot_values(const Shape &shape) {
    return !shape.has_rank() || (shape.rank() == 1 && (shape[0] < 0 || shape[0] == 2));
}

// Inputs: indices, the depth, the values for "off" and "on". A new axis holds the classes.
static Status infer_one_hot(Inference &inference) {
    const Shape &indices = inference.shape(0);
    LINNET_TRY(inference.require_dtype(0, {DType::kInt64, DType::kInt32, DType::kInt8,
                                           DType::kUint8, DType::kFloat32}));
    const Tensor *depth = inference.constant(1);
    if (depth && one_hot_depth(depth) < 0)
        return inference.fail("its depth is not one number that is 0 or more");
    if (!holds_one_hot_values(inference.shape(2)))
        return inference.fail("its values have the shape %s; expected [2]",
                              ShapeText(inference.shape(2)).c_str());
    if (!indices.has_rank()) {
        inference.set_output(0, inference.dtype(2), Shape::unknown());
        return Status();
    }
    if (indices.rank() == kMaxRank)
        return inference.unsupported("its result has more than %d axes", kMaxRank);
    LINNET_ASSIGN(int axis,
                  inference.axis(inference.node().get_int("axis", -1), indices.rank() + 1));
    Shape to = indices;
    to.insert(axis, one_hot_depth(depth));
    inference.set_output(0, inference.dtype(2), to);
    return Status();
}

// first, first + 1 ... along the axis, to be compared with the indices.
static Result<View> class_numbers(Lowering &lowering, int64_t first, int64_t count, int axis) {
    LINNET_ASSIGN(Ref<Tensor> numbers, Tensor::create(DType::kInt64, {count}));
    Span<int64_t> contents = numbers->writable<int64_t>();
    for (int64_t i = 0; i < count; ++i) contents[static_cast<size_t>(i)] = first + i;
    LINNET_ASSIGN(View view, lowering.weights(std::move(numbers)));
    for (int behind = lowering.output_shape(0).rank() - 1 - axis; behind > 0; --behind)
        view = insert_axis(view, view.shape.rank());
    return view;
}

// An index counts from the end if it is negative; one that is out of range is "off" everywhere.
static Result<View> one_hot_mask(Lowering &lowering, int axis) {
    const Shape &to = lowering.output_shape(0);
    LINNET_ASSIGN(View indices, lowering.input(0));
    LINNET_ASSIGN(indices, converted(lowering, indices, DType::kInt64));
    indices = insert_axis(indices, axis);
    LINNET_ASSIGN(View forward, class_numbers(lowering, 0, to[axis], axis));
    LINNET_ASSIGN(View backward, class_numbers(lowering, -to[axis], to[axis], axis));
    LINNET_ASSIGN(View hot, lowering.temporary(DType::kBool, to, Order::kDense));
    LINNET_ASSIGN(View also, lowering.temporary(DType::kBool, to, Order::kDense));
    LINNET_TRY(emit_binary_step(lowering, hot, indices, forward, BinaryFunction::kEqual));
    LINNET_TRY(emit_binary_step(lowering, also, indices, backward, BinaryFunction::kEqual));
    LINNET_TRY(emit_binary_step(lowering, hot, hot, also, BinaryFunction::kOr));
    return hot;
}

static Status lower_one_hot(Lowering &lowering) {
    if (!lowering.constant(1)) return lowering.unsupported("its depth is not constant");
    int64_t axis = lowering.node().get_int("axis", -1);
    if (axis < 0) axis += lowering.output_shape(0).rank();
    LINNET_ASSIGN(View hot, one_hot_mask(lowering, static_cast<int>(axis)));
    LINNET_ASSIGN(View values, lowering.input(2));
    View off = remove_axis(slice_view(values, 0, 0, 1, 1), 0);
    View on = remove_axis(slice_view(values, 0, 1, 1, 1), 0);
    LINNET_ASSIGN(View y, lowering.output(0, Order::kDense));
    return emit_select_step(lowering, y, hot, on, off);
}

static const AttributeRule kOneHotAttributes[] = {{"axis", Attribute::Kind::kInt}};
extern const Operator one_hot_operator;
const Operator one_hot_operator = {
    "OneHot", 3, 3, 1, 1, kOneHotAttributes, false, infer_one_hot, lower_one_hot};

} // namespace linnet

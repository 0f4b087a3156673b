// SPDX-License-Identifier: MIT
#include "ops/single_steps.h"

namespace linnet {
namespace {

constexpr int kMostColumnAxes = 3;         // [N, C, block ..., places ...] has at most 8 axes
constexpr int64_t kMostColumnSteps = 1024; // one for each element of the block

// How blocks lie in the picture, for each spatial axis.
struct ColumnPlan {
    int axes = 0;
    int64_t image[kMostColumnAxes], block[kMostColumnAxes], places[kMostColumnAxes];
    int64_t stride[kMostColumnAxes], dilation[kMostColumnAxes];
    int64_t before[kMostColumnAxes], after[kMostColumnAxes]; // pads

    int64_t elements() const { // of a block
        int64_t total = 1;
        for (int i = 0; i < axes; ++i) total *= block[i];
        return total;
    }
    int64_t count() const { // of blocks
        int64_t total = 1;
        for (int i = 0; i < axes; ++i) total *= places[i];
        return total;
    }
};

int64_t column_setting(const Node &node, const char *attribute, int at, int64_t otherwise) {
    Span<const int64_t> list = node.get_ints(attribute);
    return static_cast<size_t>(at) < list.size() ? list[static_cast<size_t>(at)] : otherwise;
}

bool is_column_size(int64_t size) { return size >= 0 && size < INT32_MAX; }

// Fills the plan; returns what is wrong, or nullptr.
const char *read_column_plan(const Node &node, const Tensor &image, const Tensor &block,
                             ColumnPlan *plan) {
    if (image.elements() != block.elements() || image.elements() == 0)
        return "its picture and its block have different numbers of axes";
    if (image.elements() > kMostColumnAxes) return "its picture has more than 3 spatial axes";
    plan->axes = static_cast<int>(image.elements());
    for (int i = 0; i < plan->axes; ++i) {
        plan->image[i] = image.integer(static_cast<size_t>(i));
        plan->block[i] = block.integer(static_cast<size_t>(i));
        plan->stride[i] = column_setting(node, "strides", i, 1);
        plan->dilation[i] = column_setting(node, "dilations", i, 1);
        plan->before[i] = column_setting(node, "pads", i, 0);
        plan->after[i] = column_setting(node, "pads", i + plan->axes, 0);
        for (int64_t size : {plan->image[i], plan->block[i] - 1, plan->stride[i] - 1,
                             plan->dilation[i] - 1, plan->before[i], plan->after[i]})
            if (!is_column_size(size)) return "one of its sizes is out of range";
        int64_t reach = plan->dilation[i] * (plan->block[i] - 1) + 1;
        int64_t room = plan->image[i] + plan->before[i] + plan->after[i] - reach;
        if (room < 0) return "its block is larger than its picture";
        plan->places[i] = room / plan->stride[i] + 1;
    }
    Shape blocks, places;
    for (int i = 0; i < plan->axes; ++i) {
        blocks.append(plan->block[i]);
        places.append(plan->places[i]);
    }
    if (!fits(blocks, kMostColumnSteps)) return "its block has more than 1024 elements";
    return fits(places, kMostElements) ? nullptr : "it has too many blocks";
}

// Inputs: columns [N, C * elements of a block, blocks], the picture's shape, the block's.
Status infer_col2im(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32, DType::kInt32, DType::kInt64}));
    const Shape &x = inference.shape(0);
    const Tensor *image = inference.constant(1), *block = inference.constant(2);
    if (x.has_rank() && x.rank() != 3)
        return inference.fail("its input has the shape %s, expected rank 3", ShapeText(x).c_str());
    if (!image || !block || !x.has_rank()) {
        inference.set_output(0, inference.dtype(0), Shape::unknown());
        return Status();
    }
    ColumnPlan plan;
    if (const char *wrong = read_column_plan(inference.node(), *image, *block, &plan))
        return inference.fail("%s", wrong);
    if ((x[1] >= 0 && x[1] % plan.elements() != 0) || (x[2] >= 0 && x[2] != plan.count()))
        return inference.fail("its input has the shape %s, expected %lld blocks of %lld elements",
                              ShapeText(x).c_str(), static_cast<long long>(plan.count()),
                              static_cast<long long>(plan.elements()));
    Shape y = {x[0], x[1] < 0 ? kUnknown : x[1] / plan.elements()};
    for (int i = 0; i < plan.axes; ++i) y.append(plan.image[i]);
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

// A picture of zeros with room for its pads.
Result<View> empty_picture(Lowering &lowering, const ColumnPlan &plan) {
    Shape shape = lowering.output_shape(0);
    for (int i = 0; i < plan.axes; ++i) shape[i + 2] += plan.before[i] + plan.after[i];
    LINNET_ASSIGN(Ref<Tensor> zero, Tensor::create(lowering.output_dtype(0), {}));
    LINNET_ASSIGN(View zeros, lowering.weights(std::move(zero)));
    LINNET_ASSIGN(View picture,
                  lowering.temporary(lowering.output_dtype(0), shape, Order::kDense));
    LINNET_TRY(lowering.emit_copy(broadcast_view(zeros, shape), picture));
    return picture;
}

// Adds element `at` of every block, counted with the last axis fastest, to where it lies.
Status add_column(Lowering &lowering, const ColumnPlan &plan, const View &columns,
                  const View &picture, int64_t at) {
    View from = columns, to = picture;
    for (int i = plan.axes; i-- > 0; at /= plan.block[i]) {
        int64_t element = at % plan.block[i];
        from = remove_axis(slice_view(from, 2 + i, element, 1, 1), 2 + i);
        to = slice_view(to, 2 + i, element * plan.dilation[i], plan.stride[i], plan.places[i]);
    }
    return emit_binary_step(lowering, to, to, from, BinaryFunction::kAdd);
}

Status lower_col2im(Lowering &lowering) {
    if (!lowering.constant(1) || !lowering.constant(2))
        return lowering.unsupported("the shape of its picture or of its block is not constant");
    ColumnPlan plan;
    if (const char *wrong = read_column_plan(lowering.node(), *lowering.constant(1),
                                             *lowering.constant(2), &plan))
        return lowering.fail("%s", wrong);
    LINNET_ASSIGN(View columns, lowering.dense_input(0));
    Shape apart = {columns.shape[0], columns.shape[1] / plan.elements()};
    for (int i = 0; i < plan.axes; ++i) apart.append(plan.block[i]);
    for (int i = 0; i < plan.axes; ++i) apart.append(plan.places[i]);
    reshape_view(columns, apart, &columns);
    LINNET_ASSIGN(View picture, empty_picture(lowering, plan));
    for (int64_t at = 0; at < plan.elements(); ++at)
        LINNET_TRY(add_column(lowering, plan, columns, picture, at));
    for (int i = 0; i < plan.axes; ++i)
        picture = slice_view(picture, 2 + i, plan.before[i], 1, plan.image[i]);
    return lowering.alias(0, picture);
}

const AttributeRule kCol2imAttributes[] = {{"dilations", Attribute::Kind::kInts},
                                           {"pads", Attribute::Kind::kInts},
                                           {"strides", Attribute::Kind::kInts}};

} // namespace

extern const Operator col2im_operator;
const Operator col2im_operator = {
    "Col2Im", 3, 3, 1, 1, kCol2imAttributes, false, infer_col2im, lower_col2im};

} // namespace linnet

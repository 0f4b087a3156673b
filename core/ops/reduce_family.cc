// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

#include "ops/activations.h"
#include "ops/pool_family.h"
#include "ops/single_steps.h"

namespace linnet {

// Which axes of a tensor are reduced.
struct ReducedAxes {
    bool chosen[kMaxRank] = {};
};

// Without axes: all of them, or with noop_with_empty_axes none.
static bool set_reduced_axes(const Node &node, const Tensor *axes, int rank, ReducedAxes *reduced) {
    size_t count = axes ? axes->elements() : 0;
    bool all = count == 0 && node.get_int("noop_with_empty_axes", 0) == 0;
    for (int axis = 0; axis < rank; ++axis) reduced->chosen[axis] = all;
    for (size_t i = 0; i < count; ++i) {
        int64_t axis = axes->integer(i);
        if (axis < -rank || axis >= rank) return false;
        reduced->chosen[axis < 0 ? axis + rank : axis] = true;
    }
    return true;
}

static Shape reduced_shape(const Shape &x, const ReducedAxes &reduced, bool keep) {
    Shape y;
    for (int axis = 0; axis < x.rank(); ++axis) {
        if (!reduced.chosen[axis]) y.append(x[axis]);
        else if (keep) y.append(1);
    }
    return y;
}

static Status infer_reduced(Inference &inference) {
    const Shape &x = inference.shape(0);
    const Node &node = inference.node();
    bool keep = node.get_int("keepdims", 1) != 0;
    bool known = x.has_rank() && (!inference.has_input(1) || inference.constant(1));
    if (!known) {
        inference.set_output(0, inference.dtype(0),
                             keep && x.has_rank() ? Shape::of_rank(x.rank()) : Shape::unknown());
        return Status();
    }
    ReducedAxes reduced;
    if (!set_reduced_axes(node, inference.constant(1), x.rank(), &reduced))
        return inference.fail("one of its axes is out of range for the input %s",
                              ShapeText(x).c_str());
    inference.set_output(0, inference.dtype(0), reduced_shape(x, reduced, keep));
    return Status();
}

Status infer_reduction(Inference &inference) {
    LINNET_TRY(
        inference.require_dtype(0, {DType::kFloat32, DType::kInt32, DType::kInt64}));
    return infer_reduced(inference);
}

Status infer_float_reduction(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    return infer_reduced(inference);
}

Status emit_reduction(Lowering &lowering, const View &x, const View &y, const bool *reduced,
                      Reduction reduction) {
    bool average = reduction == Reduction::kMean, done = false;
    if (x.dtype == DType::kFloat32 && (average || reduction == Reduction::kMax))
        LINNET_TRY(emit_pool_over(lowering, x, y, reduced, average, &done));
    if (done) return Status();
    View inner = x, outer = x;
    for (int axis = 0; axis < x.shape.rank(); ++axis)
        (reduced[axis] ? outer : inner).shape[axis] = 1;
    ReduceParams params;
    params.outer = loop_over(outer.shape, {&y, &outer});
    params.inner = loop_over(inner.shape, {&inner});
    params.reduction = reduction;
    params.dtype = x.dtype;
    return lowering.emit(KernelId::reduce, params, {y, x});
}

// What a reduction reads and writes, the result with its reduced axes of length 1.
struct ReductionViews {
    View x, y;
    ReducedAxes reduced;
};

static bool keeps_axes(const Lowering &lowering) {
    return lowering.node().get_int("keepdims", 1) != 0;
}

static Result<ReductionViews> reduction_views(Lowering &lowering) {
    if (lowering.has_input(1) && !lowering.constant(1))
        return lowering.unsupported("its axes are not constant");
    ReductionViews views;
    LINNET_ASSIGN(views.x, lowering.input(0));
    set_reduced_axes(lowering.node(), lowering.constant(1), views.x.shape.rank(), &views.reduced);
    Order order = keeps_axes(lowering) ? order_of(views.x) : Order::kDense;
    LINNET_ASSIGN(views.y, lowering.output(0, order));
    if (keeps_axes(lowering)) return views;
    for (int axis = 0; axis < views.x.shape.rank(); ++axis)
        if (views.reduced.chosen[axis]) views.y = insert_axis(views.y, axis);
    return views;
}

// With noop_with_empty_axes and no axes the input is the result.
static bool reduces_nothing(const Lowering &lowering) {
    if (lowering.node().get_int("noop_with_empty_axes", 0) == 0) return false;
    const Tensor *axes = lowering.constant(1);
    return !lowering.has_input(1) || (axes && axes->elements() == 0);
}

// Of reductions that change single elements, ONNX and its implementations disagree.
static Status lower_no_reduction(Lowering &lowering, bool changes_elements) {
    if (changes_elements)
        return lowering.unsupported("it has no axes, and noop_with_empty_axes is set");
    LINNET_ASSIGN(View x, lowering.input(0));
    return lowering.alias(0, x);
}

static bool changes_elements(Reduction reduction) {
    return reduction == Reduction::kL1 || reduction == Reduction::kL2 ||
           reduction == Reduction::kSumSquare;
}

Status lower_reduction(Lowering &lowering, Reduction reduction) {
    if (reduces_nothing(lowering))
        return lower_no_reduction(lowering, changes_elements(reduction));
    LINNET_ASSIGN(ReductionViews views, reduction_views(lowering));
    return emit_reduction(lowering, views.x, views.y, views.reduced.chosen, reduction);
}

// log(sum(exp(x - greatest))) + greatest; y holds the sum in between.
static Status emit_logarithm_of_exponentials(Lowering &lowering, const ReductionViews &views) {
    const bool *reduced = views.reduced.chosen;
    const View &x = views.x, &y = views.y;
    LINNET_ASSIGN(View greatest,
                  lowering.temporary(DType::kFloat32, y.shape, order_of(y)));
    LINNET_ASSIGN(View powers, lowering.temporary(DType::kFloat32, x.shape, order_of(x)));
    LINNET_TRY(emit_reduction(lowering, x, greatest, reduced, Reduction::kMax));
    // Where all is infinite, nothing is subtracted: infinity less infinity is no number.
    LINNET_ASSIGN(View highest, scalar_weights(lowering, 3e38f));
    LINNET_ASSIGN(View lowest, scalar_weights(lowering, -3e38f));
    LINNET_TRY(emit_binary_step(lowering, greatest, greatest, highest, BinaryFunction::kMin));
    LINNET_TRY(emit_binary_step(lowering, greatest, greatest, lowest, BinaryFunction::kMax));
    LINNET_TRY(emit_binary_step(lowering, powers, x, greatest, BinaryFunction::kSub,
                                Activation{Function::kExp, 0, 0}));
    LINNET_TRY(emit_reduction(lowering, powers, y, reduced, Reduction::kSum));
    LINNET_TRY(emit_unary_step(lowering, y, y, Activation{Function::kLog, 0, 0}));
    return emit_binary_step(lowering, y, y, greatest, BinaryFunction::kAdd);
}

Status lower_logarithm_of_sum(Lowering &lowering, bool exponentials) {
    if (reduces_nothing(lowering)) return lower_no_reduction(lowering, true);
    LINNET_ASSIGN(ReductionViews views, reduction_views(lowering));
    if (exponentials) return emit_logarithm_of_exponentials(lowering, views);
    LINNET_TRY(emit_reduction(lowering, views.x, views.y, views.reduced.chosen, Reduction::kSum));
    return emit_unary_step(lowering, views.y, views.y, Activation{Function::kLog, 0, 0});
}

} // namespace linnet

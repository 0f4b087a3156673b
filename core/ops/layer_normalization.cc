// SPDX-License-Identifier: MIT
#include "kernels/rows.h"
#include "ops/reduce_family.h"
#include "ops/single_steps.h"

namespace linnet {

// Inputs: x, scale and bias, which are broadcast to x. Outputs 1 and 2 (mean and inverse deviation)
// have their shapes but are not computed.
static Status infer_layer_normalization(Inference &inference) {
    for (size_t i = 0; i < inference.input_count(); ++i)
        if (inference.has_input(i)) LINNET_TRY(inference.require_dtype(i, {DType::kFloat32}));
    const Shape &x = inference.shape(0);
    Shape statistics = x;
    if (x.has_rank()) {
        LINNET_ASSIGN(int first, inference.axis(inference.node().get_int("axis", -1), x.rank()));
        for (int axis = first; axis < x.rank(); ++axis) statistics[axis] = 1;
    }
    for (size_t i = 1; i < inference.input_count(); ++i) {
        Shape whole;
        if (!inference.has_input(i) || !x.is_known() || !inference.shape(i).is_known()) continue;
        if (broadcast_shapes(x, inference.shape(i), &whole) && whole == x) continue;
        return inference.fail("its %s has the shape %s, which cannot be broadcast to %s",
                              i == 1 ? "scale" : "bias", ShapeText(inference.shape(i)).c_str(),
                              ShapeText(x).c_str());
    }
    inference.set_output(0, DType::kFloat32, x);
    for (size_t i = 1; i < inference.output_count(); ++i)
        inference.set_output(i, DType::kFloat32, statistics);
    return Status();
}

// The axes from `first` on as one, if they lie as one run of contiguous elements.
static bool as_long_rows(const View &view, int first, View *rows) {
    Shape shape;
    for (int axis = 0; axis < first; ++axis) shape.append(view.shape[axis]);
    shape.append(view.shape.elements(first, view.shape.rank()));
    return reshape_view(view, shape, rows) && (shape[first] == 1 || rows->stride[first] == 1);
}

// Scale or bias with one number for every element of a row, none that repeats.
static bool fits_rows(const View &view, const Shape &x, int first) {
    int missing = x.rank() - view.shape.rank();
    for (int axis = first; axis < x.rank(); ++axis)
        if (axis < missing || view.shape[axis - missing] != x[axis]) return false;
    return view.shape.elements() == x.elements(first, x.rank());
}

// Inputs 1 and 2: applied by the kernel, or after it.
struct ScaleAndBias {
    View inside[2], after[2];
};

static Result<ScaleAndBias> scale_and_bias(Lowering &lowering, const Shape &x, int first) {
    ScaleAndBias both;
    bool fit = true;
    for (size_t i = 0; i < 2; ++i) {
        if (!lowering.has_input(i + 1)) continue;
        LINNET_ASSIGN(both.after[i], lowering.input(i + 1));
        fit = fit && fits_rows(both.after[i], x, first);
    }
    for (size_t i = 0; fit && i < 2; ++i) {
        if (!lowering.has_input(i + 1)) continue;
        LINNET_ASSIGN(both.inside[i], lowering.dense_input(i + 1));
        both.after[i] = View();
    }
    return both;
}

static Status emit_layer_rows(Lowering &lowering, const View &x, const View &y, int first,
                              const ScaleAndBias &both) {
    View from = x, to = y;
    as_long_rows(x, first, &from);
    as_long_rows(y, first, &to);
    NormalizeParams params;
    params.length = from.shape[first];
    params.epsilon = lowering.node().get_float("epsilon", 1e-5f);
    from.shape[first] = to.shape[first] = 1;
    params.outer = loop_over(to.shape, {&to, &from});
    return lowering.emit(KernelId::normalize, params, {to, from, both.inside[0], both.inside[1]});
}

// A place for the mean (output 1) or the inverse deviation (output 2), read or not.
static Result<View> statistics_place(Lowering &lowering, size_t output, const View &x, int first) {
    if (lowering.has_output(output)) return lowering.dense_output(output);
    Shape shape = x.shape;
    for (int axis = first; axis < shape.rank(); ++axis) shape[axis] = 1;
    return lowering.temporary(DType::kFloat32, shape, Order::kDense);
}

// Outputs 1 and 2, which training reads, in steps of their own: 1 / sqrt(mean((x - mean)^2) + e).
static Status emit_statistics(Lowering &lowering, const View &x, int first) {
    bool reduced[kMaxRank] = {};
    for (int axis = first; axis < x.shape.rank(); ++axis) reduced[axis] = true;
    LINNET_ASSIGN(View mean, statistics_place(lowering, 1, x, first));
    LINNET_TRY(emit_reduction(lowering, x, mean, reduced, Reduction::kMean));
    LINNET_ASSIGN(View inverse, statistics_place(lowering, 2, x, first));
    LINNET_ASSIGN(View apart, lowering.temporary(DType::kFloat32, x.shape, order_of(x)));
    LINNET_TRY(emit_binary_step(lowering, apart, x, mean, BinaryFunction::kSub));
    LINNET_TRY(emit_binary_step(lowering, apart, apart, apart, BinaryFunction::kMul));
    LINNET_TRY(emit_reduction(lowering, apart, inverse, reduced, Reduction::kMean));
    float epsilon = lowering.node().get_float("epsilon", 1e-5f);
    LINNET_ASSIGN(View added, scalar_weights(lowering, epsilon));
    LINNET_TRY(emit_binary_step(lowering, inverse, inverse, added, BinaryFunction::kAdd,
                                Activation{Function::kSqrt, 0, 0}));
    return emit_unary_step(lowering, inverse, inverse, Activation{Function::kReciprocal, 0, 0});
}

static Status lower_layer_normalization(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    int64_t axis = lowering.node().get_int("axis", -1);
    int first = static_cast<int>(axis < 0 ? axis + x.shape.rank() : axis);
    LINNET_ASSIGN(bool mean_read, is_output_read(lowering, 1));
    LINNET_ASSIGN(bool inverse_read, is_output_read(lowering, 2));
    if (mean_read || inverse_read) LINNET_TRY(emit_statistics(lowering, x, first));
    View rows;
    if (!as_long_rows(x, first, &rows)) {
        LINNET_ASSIGN(x, lowering.dense_input(0));
    }
    LINNET_ASSIGN(ScaleAndBias both, scale_and_bias(lowering, x.shape, first));
    bool last_only = first == x.shape.rank() - 1;
    LINNET_ASSIGN(View y, last_only && order_of(x) == Order::kDense ? lowering.output_like(0, x)
                                                                    : lowering.dense_output(0));
    LINNET_TRY(emit_layer_rows(lowering, x, y, first, both));
    const BinaryFunction functions[] = {BinaryFunction::kMul, BinaryFunction::kAdd};
    for (size_t i = 0; i < 2; ++i)
        if (both.after[i].space != Space::kNone)
            LINNET_TRY(emit_binary_step(lowering, y, y, both.after[i], functions[i]));
    return Status();
}

static const AttributeRule kLayerNormalizationAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"epsilon", Attribute::Kind::kFloat},
    {"stash_type", Attribute::Kind::kInt}};
extern const Operator layer_normalization_operator;
const Operator layer_normalization_operator = {
    "LayerNormalization",      2,     3, 1, 3, kLayerNormalizationAttributes, false,
    infer_layer_normalization, lower_layer_normalization};

} // namespace linnet

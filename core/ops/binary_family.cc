// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status infer_pair(Inference &inference, DType result) {
    if (inference.dtype(0) != inference.dtype(1))
        return inference.fail("its inputs have the types %s and %s; they must be the same",
                              name_of(inference.dtype(0)), name_of(inference.dtype(1)));
    LINNET_ASSIGN(Shape shape, inference.broadcast(inference.shape(0), inference.shape(1)));
    inference.set_output(0, result, shape);
    return Status();
}

Status infer_binary(Inference &inference) { return infer_pair(inference, inference.dtype(0)); }

Status infer_comparison(Inference &inference) { return infer_pair(inference, DType::kBool); }

Status infer_logic(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kBool}));
    return infer_pair(inference, DType::kBool);
}

Status infer_variadic(Inference &inference) {
    Shape shape = inference.shape(0);
    for (size_t i = 1; i < inference.input_count(); ++i) {
        if (inference.dtype(i) != inference.dtype(0))
            return inference.fail("its inputs have the types %s and %s; they must be the same",
                                  name_of(inference.dtype(0)), name_of(inference.dtype(i)));
        LINNET_ASSIGN(shape, inference.broadcast(shape, inference.shape(i)));
    }
    inference.set_output(0, inference.dtype(0), shape);
    return Status();
}

Status emit_binary(Lowering &lowering, const View &y, const View &a, const View &b,
                   BinaryFunction function, const Activation &activation) {
    View wide_a = broadcast_view(a, y.shape), wide_b = broadcast_view(b, y.shape);
    BinaryParams params;
    params.loop = loop_over(y.shape, {&y, &wide_a, &wide_b});
    params.function = function;
    params.dtype = a.dtype;
    params.activation = activation;
    return lowering.emit(KernelId::binary, params, {y, a, b});
}

// The input whose shape is the output's own decides how the output lies.
static View model_of_output(const View &a, const View &b, const Shape &shape) {
    if (a.shape == shape && a.space == Space::kArena) return a;
    return b.shape == shape ? b : a;
}

// A place for the output next to how the inputs lie; of neither's shape: row-major.
static Result<View> place_output(Lowering &lowering, const View &a, const View &b) {
    const Shape &shape = lowering.output_shape(0);
    View like = model_of_output(a, b, shape);
    if (like.shape != shape) return lowering.output(0, Order::kDense);
    return lowering.output_like(0, like);
}

Status lower_binary_of(Lowering &lowering, const View &a, const View &b, BinaryFunction function) {
    LINNET_ASSIGN(View y, place_output(lowering, a, b));
    return emit_binary(lowering, y, a, b, function, fused_activation(lowering.node()));
}

Status lower_binary(Lowering &lowering, BinaryFunction function) {
    LINNET_ASSIGN(View a, lowering.input(0));
    LINNET_ASSIGN(View b, lowering.input(1));
    return lower_binary_of(lowering, a, b, function);
}

Status lower_variadic(Lowering &lowering, BinaryFunction function, bool mean) {
    LINNET_ASSIGN(View sum, lowering.input(0));
    if (lowering.input_count() == 1) return lowering.alias(0, sum);
    LINNET_ASSIGN(View y, lowering.output(0, order_of(sum)));
    for (size_t i = 1; i < lowering.input_count(); ++i) {
        LINNET_ASSIGN(View next, lowering.input(i));
        LINNET_TRY(emit_binary(lowering, y, sum, next, function));
        sum = y;
    }
    if (!mean) return Status();
    float count = static_cast<float>(lowering.input_count());
    LINNET_ASSIGN(Ref<Tensor> divisor, Tensor::of_float({}, Span<const float>(&count, 1)));
    LINNET_ASSIGN(View by, lowering.weights(divisor));
    return emit_binary(lowering, y, y, by, BinaryFunction::kDiv);
}

} // namespace linnet

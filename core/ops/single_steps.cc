// SPDX-License-Identifier: MIT
#include "ops/single_steps.h"

#include "kernels/select.h"

namespace linnet {

Status emit_binary_step(Lowering &lowering, const View &y, const View &a, const View &b,
                        BinaryFunction function, const Activation &activation) {
    View wide_a = broadcast_view(a, y.shape), wide_b = broadcast_view(b, y.shape);
    BinaryParams params;
    params.loop = loop_over(y.shape, {&y, &wide_a, &wide_b});
    params.function = function;
    params.dtype = a.dtype;
    params.activation = activation;
    return lowering.emit(KernelId::binary, params, {y, a, b});
}

Status emit_unary_step(Lowering &lowering, const View &y, const View &x,
                       const Activation &activation) {
    if (activation.function == Function::kIdentity)
        return same_place(x, y) ? Status() : lowering.emit_copy(x, y);
    UnaryParams params;
    params.loop = loop_over(y.shape, {&y, &x});
    params.activation = activation;
    return lowering.emit(KernelId::unary, params, {y, x});
}

Status emit_select_step(Lowering &lowering, const View &y, const View &condition, const View &a,
                        const View &b) {
    View wide_condition = broadcast_view(condition, y.shape);
    View wide_a = broadcast_view(a, y.shape), wide_b = broadcast_view(b, y.shape);
    SelectParams params;
    params.loop = loop_over(y.shape, {&y, &wide_condition, &wide_a, &wide_b});
    params.element_bytes = static_cast<int32_t>(size_of(y.dtype));
    return lowering.emit(KernelId::select, params, {y, condition, a, b});
}

Result<View> scalar_weights(Lowering &lowering, float value) {
    LINNET_ASSIGN(Ref<Tensor> scalar, Tensor::of_float({}, Span<const float>(&value, 1)));
    return lowering.weights(std::move(scalar));
}

Result<bool> is_output_read(const Lowering &lowering, size_t i) {
    if (!lowering.has_output(i)) return false;
    LINNET_ASSIGN(GraphUses uses, GraphUses::of(lowering.graph()));
    return uses.readers(lowering.node().outputs[i]) > 0;
}

View insert_axis(const View &view, int at) {
    View result = view;
    result.shape.insert(at, 1);
    for (int axis = result.shape.rank() - 1; axis > at; --axis)
        result.stride[axis] = view.stride[axis - 1];
    result.stride[at] = 1;
    return result;
}

View remove_axis(const View &view, int at) {
    View result = view;
    result.shape.remove(at);
    for (int axis = at; axis < result.shape.rank(); ++axis)
        result.stride[axis] = view.stride[axis + 1];
    return result;
}

} // namespace linnet

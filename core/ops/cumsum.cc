// SPDX-License-Identifier: MIT
#include "kernels/running_sum.h"
#include "ops/activations.h"

namespace linnet {

static Status infer_cumsum(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32, DType::kInt64, DType::kInt32}));
    const Tensor *axis = inference.constant(1);
    if (axis && axis->elements() != 1)
        return inference.fail("its axis has the shape %s; a scalar is expected",
                              ShapeText(axis->shape()).c_str());
    if (axis && inference.shape(0).has_rank()) {
        LINNET_TRY(inference.axis(axis->integer(0), inference.shape(0).rank()).take_status());
    }
    return infer_unary(inference);
}

// Backwards: from the last element on, with negative strides.
static Status lower_cumsum(Lowering &lowering) {
    if (!lowering.constant(1)) return lowering.unsupported("its axis is not constant");
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output_like(0, x));
    int axis = static_cast<int>(lowering.constant(1)->integer(0));
    if (axis < 0) axis += x.shape.rank();
    int64_t length = x.shape[axis];
    if (lowering.node().get_int("reverse", 0) != 0 && length > 0) {
        x = slice_view(x, axis, length - 1, -1, length);
        y = slice_view(y, axis, length - 1, -1, length);
    }
    RunningSumParams params;
    Shape outer = y.shape;
    outer[axis] = length > 0 ? 1 : 0;
    params.outer = loop_over(outer, {&y, &x});
    params.length = length;
    params.y_stride = y.stride[axis];
    params.x_stride = x.stride[axis];
    params.dtype = y.dtype;
    params.exclusive = lowering.node().get_int("exclusive", 0) != 0;
    return lowering.emit(KernelId::running_sum, params, {y, x});
}

static const AttributeRule kCumsumAttributes[] = {{"exclusive", Attribute::Kind::kInt},
                                                  {"reverse", Attribute::Kind::kInt}};
extern const Operator cumsum_operator;
const Operator cumsum_operator = {
    "CumSum", 2, 2, 1, 1, kCumsumAttributes, false, infer_cumsum, lower_cumsum};

} // namespace linnet

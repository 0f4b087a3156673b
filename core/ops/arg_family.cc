// SPDX-License-Identifier: MIT
#include "ops/arg_family.h"

#include "kernels/arg_rows.h"
#include "ops/single_steps.h"

namespace linnet {

Status infer_arg(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32, DType::kInt32, DType::kInt64,
                                           DType::kUint8, DType::kInt8}));
    Shape y = inference.shape(0);
    if (y.has_rank()) {
        LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", 0), y.rank()));
        if (y[axis] == 0)
            return inference.fail("axis %d of its input %s has no elements", axis,
                                  ShapeText(y).c_str());
        y[axis] = 1;
        if (inference.node().get_int("keepdims", 1) == 0) y.remove(axis);
    }
    inference.set_output(0, DType::kInt64, y);
    return Status();
}

Status lower_arg(Lowering &lowering, bool least) {
    const Node &node = lowering.node();
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output(0, Order::kDense));
    int64_t axis = node.get_int("axis", 0);
    int at = static_cast<int>(axis < 0 ? axis + x.shape.rank() : axis);
    if (node.get_int("keepdims", 1) == 0) y = insert_axis(y, at);
    ArgRowsParams params;
    params.length = x.shape[at];
    params.x_stride = x.stride[at];
    params.dtype = x.dtype;
    params.least = least;
    params.last = node.get_int("select_last_index", 0) != 0;
    View first = x;
    first.shape[at] = 1;
    params.outer = loop_over(y.shape, {&y, &first});
    return lowering.emit(KernelId::arg_rows, params, {y, x});
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/softmax_family.h"

#include "kernels/rows.h"

namespace linnet {

Status infer_softmax_family(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    const Shape &x = inference.shape(0);
    if (x.has_rank()) {
        LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", -1), x.rank()));
        static_cast<void>(axis);
    }
    inference.set_output(0, DType::kFloat32, x);
    return Status();
}

Status lower_softmax_family(Lowering &lowering, bool logarithm) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output_like(0, x));
    int64_t axis = lowering.node().get_int("axis", -1);
    int at = static_cast<int>(axis < 0 ? axis + x.shape.rank() : axis);
    SoftmaxParams params;
    params.length = x.shape[at];
    params.y_stride = y.stride[at];
    params.x_stride = x.stride[at];
    params.logarithm = logarithm;
    View first_x = x, first_y = y;
    first_x.shape[at] = first_y.shape[at] = 1;
    params.outer = loop_over(first_y.shape, {&first_y, &first_x});
    return lowering.emit(KernelId::softmax, params, {y, x});
}

} // namespace linnet

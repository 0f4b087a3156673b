// SPDX-License-Identifier: MIT
#include "kernels/top_rows.h"
#include "ops/operator.h"

namespace linnet {

// Outputs: the greatest (or least) k elements along an axis, and their indices. The order is that
// of the elements also where `sorted` does not ask for it.
static Status infer_top_k(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32, DType::kInt32, DType::kInt64}));
    Shape y = inference.shape(0);
    const Tensor *k = inference.constant(1);
    if (k && (k->elements() != 1 || k->integer(0) < 0))
        return inference.fail("its k is not one number of 0 or more");
    if (y.has_rank()) {
        LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", -1), y.rank()));
        if (k && y[axis] >= 0 && k->integer(0) > y[axis])
            return inference.fail("its k is %lld, but axis %d of its input %s has fewer elements",
                                  static_cast<long long>(k->integer(0)), axis,
                                  ShapeText(y).c_str());
        y[axis] = k ? k->integer(0) : kUnknown;
    }
    inference.set_output(0, inference.dtype(0), y);
    inference.set_output(1, DType::kInt64, y);
    return Status();
}

static Status lower_top_k(Lowering &lowering) {
    if (!lowering.constant(1)) return lowering.unsupported("its k is not constant");
    LINNET_ASSIGN(View x, lowering.input(0));
    View values, indices;
    if (lowering.has_output(0)) {
        LINNET_ASSIGN(values, lowering.dense_output(0));
    }
    if (lowering.has_output(1)) {
        LINNET_ASSIGN(indices, lowering.dense_output(1));
    }
    View y = lowering.has_output(0) ? values : indices, first = x;
    int64_t axis = lowering.node().get_int("axis", -1);
    int at = static_cast<int>(axis < 0 ? axis + x.shape.rank() : axis);
    TopRowsParams params;
    params.length = x.shape[at];
    params.x_stride = x.stride[at];
    params.count = y.shape[at];
    params.y_stride = y.stride[at];
    params.dtype = x.dtype;
    params.least = lowering.node().get_int("largest", 1) == 0;
    y.shape[at] = first.shape[at] = 1;
    params.outer = loop_over(y.shape, {&y, &first});
    return lowering.emit(KernelId::top_rows, params, {values, indices, x},
                         top_rows_scratch_bytes(params));
}

static const AttributeRule kTopKAttributes[] = {{"axis", Attribute::Kind::kInt},
                                                {"largest", Attribute::Kind::kInt},
                                                {"sorted", Attribute::Kind::kInt}};
extern const Operator top_k_operator;
const Operator top_k_operator = {"TopK", 2,           2,          1, 2, kTopKAttributes, false,
                                 infer_top_k, lower_top_k};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/lrn2d.h"
#include "ops/operator.h"

namespace linnet {

static Status infer_lrn(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    const Shape &x = inference.shape(0);
    int64_t size = inference.node().get_int("size", 1);
    if (x.has_rank() && (x.rank() < 3 || x.rank() > 4))
        return inference.unsupported("its input has the shape %s; rank 3 or 4 is supported",
                                     ShapeText(x).c_str());
    if (size < 1) return inference.fail("its size is %lld", static_cast<long long>(size));
    inference.set_output(0, DType::kFloat32, x);
    return Status();
}

static Status lower_lrn(Lowering &lowering) {
    LINNET_ASSIGN(PictureView x, lowering.picture_input(0));
    LINNET_ASSIGN(PictureView y, lowering.picture_output(0));
    const Node &node = lowering.node();
    Lrn2dParams params;
    params.batch = x.batch;
    params.height = x.height;
    params.width = x.width;
    params.channels = x.channels;
    params.in = x.strides;
    params.out = y.strides;
    params.size = node.get_int("size", 1);
    params.alpha = node.get_float("alpha", 1e-4f);
    params.beta = node.get_float("beta", 0.75f);
    params.bias = node.get_float("bias", 1);
    return lowering.emit(KernelId::lrn2d, params, {y.view, x.view}, lrn2d_scratch_bytes(params));
}

static const AttributeRule kLrnAttributes[] = {{"alpha", Attribute::Kind::kFloat},
                                               {"beta", Attribute::Kind::kFloat},
                                               {"bias", Attribute::Kind::kFloat},
                                               {"size", Attribute::Kind::kInt, true}};
extern const Operator lrn_operator;
const Operator lrn_operator = {"LRN", 1, 1, 1, 1, kLrnAttributes, true, infer_lrn, lower_lrn};

} // namespace linnet

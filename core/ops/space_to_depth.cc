// SPDX-License-Identifier: MIT
#include "ops/depth_blocks.h"

namespace linnet {

static Status infer_space_to_depth(Inference &inference) {
    const Shape &x = inference.shape(0);
    int64_t block = inference.node().get_int("blocksize", 0);
    if (block < 1 || block > 4096)
        return inference.fail("its blocksize is %lld", static_cast<long long>(block));
    Shape y = Shape::of_rank(4);
    if (x.has_rank()) {
        if (x.rank() != 4 || (x[2] >= 0 && x[2] % block != 0) || (x[3] >= 0 && x[3] % block != 0))
            return inference.fail("its input %s is no picture whose height and width are multiples "
                                  "of %lld", ShapeText(x).c_str(), static_cast<long long>(block));
        y[0] = x[0];
        if (x[1] >= 0) y[1] = x[1] * block * block;
        for (int axis = 2; axis < 4; ++axis)
            if (x[axis] >= 0) y[axis] = x[axis] / block;
    }
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

static Status lower_space_to_depth(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output(0, order_of(x)));
    int64_t block = lowering.node().get_int("blocksize", 0);
    return lowering.emit_copy(split_space(x, block), split_depth(y, block, false));
}

static const AttributeRule kSpaceToDepthAttributes[] = {{"blocksize", Attribute::Kind::kInt, true}};
extern const Operator space_to_depth_operator;
const Operator space_to_depth_operator = {
    "SpaceToDepth", 1, 1, 1, 1, kSpaceToDepthAttributes, false, infer_space_to_depth,
    lower_space_to_depth};

} // namespace linnet

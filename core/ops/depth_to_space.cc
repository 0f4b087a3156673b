// SPDX-License-Identifier: MIT
#include "ops/depth_blocks.h"

namespace linnet {

static Status infer_depth_to_space(Inference &inference) {
    const Shape &x = inference.shape(0);
    int64_t block = inference.node().get_int("blocksize", 0);
    string_view mode = inference.node().get_text("mode", "DCR");
    if (mode != "DCR" && mode != "CRD")
        return inference.fail("its attribute 'mode' is neither DCR nor CRD");
    if (block < 1 || block > 4096)
        return inference.fail("its blocksize is %lld", static_cast<long long>(block));
    Shape y = Shape::of_rank(4);
    if (x.has_rank()) {
        if (x.rank() != 4 || (x[1] >= 0 && x[1] % (block * block) != 0))
            return inference.fail("its input %s is no picture whose channels are a multiple of "
                                  "%lld", ShapeText(x).c_str(), static_cast<long long>(block * block));
        y[0] = x[0];
        if (x[1] >= 0) y[1] = x[1] / (block * block);
        for (int axis = 2; axis < 4; ++axis)
            if (x[axis] >= 0) y[axis] = x[axis] * block;
    }
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

static Status lower_depth_to_space(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output(0, order_of(x)));
    int64_t block = lowering.node().get_int("blocksize", 0);
    bool channels_first = lowering.node().get_text("mode", "DCR") == "CRD";
    return lowering.emit_copy(split_depth(x, block, channels_first), split_space(y, block));
}

static const AttributeRule kDepthToSpaceAttributes[] = {
    {"blocksize", Attribute::Kind::kInt, true}, {"mode", Attribute::Kind::kText}};
extern const Operator depth_to_space_operator;
const Operator depth_to_space_operator = {
    "DepthToSpace", 1, 1, 1, 1, kDepthToSpaceAttributes, false, infer_depth_to_space,
    lower_depth_to_space};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

// The slope broadcasts to the input, not the other way.
static Status infer_prelu(Inference &inference) {
    LINNET_TRY(infer_binary(inference));
    const Shape &x = inference.shape(0), &slope = inference.shape(1);
    LINNET_ASSIGN(Shape both, inference.broadcast(x, slope));
    if (x.is_known() && both.is_known() && both != x)
        return inference.fail("its slope %s does not broadcast to its input %s",
                              ShapeText(slope).c_str(), ShapeText(x).c_str());
    inference.set_output(0, inference.dtype(0), x);
    return Status();
}

static Status lower_prelu(Lowering &lowering) {
    return lower_binary(lowering, BinaryFunction::kPRelu);
}

extern const Operator prelu_operator;
const Operator prelu_operator = {"PRelu", 2, 2, 1, 1, {}, false, infer_prelu, lower_prelu};

} // namespace linnet

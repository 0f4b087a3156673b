// SPDX-License-Identifier: MIT
#include "ops/reshaping.h"

namespace linnet {

// Input and the shape of input 1 broadcast together.
static Status infer_expand(Inference &inference) {
    Shape wanted = shape_of_length(inference.shape(1));
    if (inference.constant(1) && !shape_of_integers(*inference.constant(1), &wanted))
        return inference.fail("its input 1 is no shape: at most %d lengths, none of them negative, "
                              "are expected", kMaxRank);
    LINNET_ASSIGN(Shape to, inference.broadcast(inference.shape(0), wanted));
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

// Repeated axes have stride 0: nothing is copied.
static Status lower_expand(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    Shape both;
    const Shape &shape = lowering.output_shape(0);
    if (!broadcast_shapes(x.shape, shape, &both) || both != shape)
        return lowering.fail("it cannot expand %s to %s", ShapeText(x.shape).c_str(),
                             ShapeText(shape).c_str());
    return lowering.alias(0, broadcast_view(x, shape));
}

extern const Operator expand_operator;
const Operator expand_operator = {"Expand", 2, 2, 1, 1, {}, false, infer_expand, lower_expand};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/single_steps.h"

namespace linnet {

static Status infer_where(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kBool}));
    if (inference.dtype(1) != inference.dtype(2))
        return inference.fail("its inputs X and Y have the types %s and %s; they must be the same",
                              name_of(inference.dtype(1)), name_of(inference.dtype(2)));
    LINNET_ASSIGN(Shape shape, inference.broadcast(inference.shape(1), inference.shape(2)));
    LINNET_ASSIGN(shape, inference.broadcast(inference.shape(0), shape));
    inference.set_output(0, inference.dtype(1), shape);
    return Status();
}

// A place for the output, lying as the first computed input of its shape does.
static Result<View> place_where(Lowering &lowering, const View &a, const View &b, const View &c) {
    const Shape &shape = lowering.output_shape(0);
    for (const View *like : {&a, &b, &c})
        if (like->shape == shape && like->space == Space::kArena)
            return lowering.output_like(0, *like);
    return lowering.output(0, Order::kDense);
}

static Status lower_where(Lowering &lowering) {
    LINNET_ASSIGN(View condition, lowering.input(0));
    LINNET_ASSIGN(View a, lowering.input(1));
    LINNET_ASSIGN(View b, lowering.input(2));
    LINNET_ASSIGN(View y, place_where(lowering, a, b, condition));
    return emit_select_step(lowering, y, condition, a, b);
}

extern const Operator where_operator;
const Operator where_operator = {"Where", 3, 3, 1, 1, {}, false, infer_where, lower_where};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/reshaping.h"

namespace linnet {

// Whether a copy into `y`, channels last, would find the numbers that lie side by side in `x` within
// its pixels. `part` is then y in the shape of x.
static bool keeps_channels_last(const View &x, const View &y, View *part) {
    if (y.shape.rank() < 3 || !reshape_view(y, x.shape, part)) return false;
    for (int axis = 0; axis < x.shape.rank(); ++axis)
        if (x.shape[axis] > 1 && x.stride[axis] == 1)
            return part->stride[axis] * x.shape[axis] <= y.shape[1];
    return false;
}

Status lower_reshaped(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    View y;
    if (x.shape.elements() != lowering.output_shape(0).elements())
        return lowering.fail("it cannot reshape %s to %s", ShapeText(x.shape).c_str(),
                             ShapeText(lowering.output_shape(0)).c_str());
    if (reshape_view(x, lowering.output_shape(0), &y)) return lowering.alias(0, y);
    // A shuffle of channels, say, of a picture with its channels innermost stays one.
    View part;
    y.shape = lowering.output_shape(0);
    set_strides(Order::kChannelsLast, y.shape, y.stride);
    if (keeps_channels_last(x, y, &part)) {
        LINNET_ASSIGN(y, lowering.temporary(x.dtype, y.shape, Order::kChannelsLast));
        reshape_view(y, x.shape, &part);
        LINNET_TRY(lowering.emit_copy(x, part));
        return lowering.alias(0, y);
    }
    LINNET_ASSIGN(x, lowering.dense_input(0));
    reshape_view(x, lowering.output_shape(0), &y);
    return lowering.alias(0, y);
}

bool shape_of_integers(const Tensor &tensor, Shape *shape) {
    if (tensor.elements() > kMaxRank) return false;
    *shape = Shape();
    for (size_t i = 0; i < tensor.elements(); ++i) {
        if (tensor.integer(i) < 0) return false;
        shape->append(tensor.integer(i));
    }
    return true;
}

Shape shape_of_length(const Shape &shape_of_input) {
    bool known = shape_of_input.is_known() && shape_of_input.rank() == 1 &&
                 shape_of_input[0] <= kMaxRank;
    return known ? Shape::of_rank(static_cast<int>(shape_of_input[0])) : Shape::unknown();
}

} // namespace linnet

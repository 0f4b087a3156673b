// SPDX-License-Identifier: MIT
#include "ops/reshaping.h"

namespace linnet {

// Without axes, all that have length 1 go, so that all lengths must be known.
static Status infer_squeeze(Inference &inference) {
    const Shape &from = inference.shape(0);
    bool given = inference.has_input(1);
    bool open = given ? !inference.constant(1) : !from.is_known();
    if (!from.has_rank() || open) {
        inference.set_output(0, inference.dtype(0), Shape::unknown());
        return Status();
    }
    bool dropped[kMaxRank] = {};
    for (int axis = 0; !given && axis < from.rank(); ++axis) dropped[axis] = from[axis] == 1;
    for (size_t i = 0; given && i < inference.constant(1)->elements(); ++i) {
        LINNET_ASSIGN(int axis, inference.axis(inference.constant(1)->integer(i), from.rank()));
        if (from[axis] > 1)
            return inference.fail("axis %d of its input %s has not length 1", axis,
                                  ShapeText(from).c_str());
        dropped[axis] = true;
    }
    Shape to;
    for (int axis = 0; axis < from.rank(); ++axis)
        if (!dropped[axis]) to.append(from[axis]);
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

extern const Operator squeeze_operator;
const Operator squeeze_operator = {"Squeeze", 1, 2, 1, 1, {}, false, infer_squeeze, lower_reshaped};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/reshaping.h"

namespace linnet {

// The axes are those of the output.
static Status infer_unsqueeze(Inference &inference) {
    const Shape &from = inference.shape(0);
    const Tensor *axes = inference.constant(1);
    if (!from.has_rank() || !axes) {
        inference.set_output(0, inference.dtype(0), Shape::unknown());
        return Status();
    }
    if (axes->elements() > static_cast<size_t>(kMaxRank - from.rank()))
        return inference.unsupported("its result would have more than %d axes", kMaxRank);
    int rank = from.rank() + static_cast<int>(axes->elements());
    bool added[kMaxRank] = {};
    for (size_t i = 0; i < axes->elements(); ++i) {
        LINNET_ASSIGN(int axis, inference.axis(axes->integer(i), rank));
        if (added[axis]) return inference.fail("it adds axis %d twice", axis);
        added[axis] = true;
    }
    Shape to;
    for (int axis = 0, next = 0; axis < rank; ++axis) to.append(added[axis] ? 1 : from[next++]);
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

extern const Operator unsqueeze_operator;
const Operator unsqueeze_operator = {
    "Unsqueeze", 2, 2, 1, 1, {}, false, infer_unsqueeze, lower_reshaped};

} // namespace linnet

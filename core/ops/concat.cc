// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

static Status infer_concat(Inference &inference) {
    Shape to = inference.shape(0);
    for (size_t i = 1; i < inference.input_count(); ++i) {
        if (inference.dtype(i) != inference.dtype(0))
            return inference.fail("its inputs have the types %s and %s",
                                  name_of(inference.dtype(0)), name_of(inference.dtype(i)));
        if (!inference.shape(i).has_rank()) to = Shape::unknown();
    }
    if (!to.has_rank()) {
        inference.set_output(0, inference.dtype(0), to);
        return Status();
    }
    LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", 0), to.rank()));
    for (size_t i = 1; i < inference.input_count(); ++i) {
        const Shape &next = inference.shape(i);
        bool fits = next.rank() == to.rank();
        for (int k = 0; fits && k < to.rank(); ++k) {
            if (k == axis)
                to[k] = to[k] < 0 || next[k] < 0 ? kUnknown : to[k] + next[k];
            else if (to[k] < 0)
                to[k] = next[k];
            else
                fits = next[k] < 0 || next[k] == to[k];
        }
        if (!fits)
            return inference.fail("its inputs %s and %s differ in more than axis %d",
                                  ShapeText(inference.shape(0)).c_str(), ShapeText(next).c_str(),
                                  axis);
    }
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

// Most inputs have been computed in their place already; the others are copied there.
static Status lower_concat(Lowering &lowering) {
    int axis = static_cast<int>(lowering.node().get_int("axis", 0));
    if (axis < 0) axis += lowering.output_shape(0).rank();
    LINNET_ASSIGN(View first, lowering.input(0));
    LINNET_ASSIGN(View whole, lowering.concatenation(0, order_of(first)));
    int64_t start = 0;
    for (size_t i = 0; i < lowering.input_count(); ++i) {
        LINNET_ASSIGN(View part, lowering.input(i));
        View place = slice_view(whole, axis, start, 1, part.shape[axis]);
        if (!same_place(part, place)) LINNET_TRY(lowering.emit_copy(part, place));
        start += part.shape[axis];
    }
    return Status();
}

static const AttributeRule kConcatAttributes[] = {{"axis", Attribute::Kind::kInt, true}};
extern const Operator concat_operator;
const Operator concat_operator = {"Concat", 1,     kAnyNumber,   1,       1, kConcatAttributes,
                                  false, infer_concat, lower_concat, nullptr};

} // namespace linnet

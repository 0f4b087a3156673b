// SPDX-License-Identifier: MIT
#include "ops/reshaping.h"

namespace linnet {

// [the axes before `axis`, the others]. axis may be the rank itself.
static Status infer_flatten(Inference &inference) {
    const Shape &from = inference.shape(0);
    Shape to = Shape::of_rank(2);
    if (from.has_rank()) {
        int64_t axis = inference.node().get_int("axis", 1);
        if (axis < -from.rank() || axis > from.rank())
            return inference.fail("axis %lld is out of range for a tensor of rank %d",
                                  static_cast<long long>(axis), from.rank());
        int at = static_cast<int>(axis < 0 ? axis + from.rank() : axis);
        to = {from.elements(0, at), from.elements(at, from.rank())};
    }
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

static const AttributeRule kFlattenAttributes[] = {{"axis", Attribute::Kind::kInt}};
extern const Operator flatten_operator;
const Operator flatten_operator = {
    "Flatten", 1, 1, 1, 1, kFlattenAttributes, false, infer_flatten, lower_reshaped};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/index_family.h"

namespace linnet {

// The result has the shape of the indices, which reach no further than the data in other axes.
static Status infer_gather_elements(Inference &inference) {
    const Shape &x = inference.shape(0), &indices = inference.shape(1);
    inference.set_output(0, inference.dtype(0), indices);
    if (!x.has_rank() || !indices.has_rank()) return Status();
    LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", 0), x.rank()));
    bool fits = x.rank() == indices.rank();
    for (int i = 0; fits && i < x.rank(); ++i)
        fits = i == axis || x[i] < 0 || indices[i] <= x[i];
    if (!fits)
        return inference.fail("its indices %s do not go with its data %s for axis %d",
                              ShapeText(indices).c_str(), ShapeText(x).c_str(), axis);
    return check_indices(inference, 1, Span<const int64_t>(&x.dims()[size_t(axis)], 1));
}

// Elements whose index, computed, is out of range become 0.
static Status lower_gather_elements(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View indices, lowering.input(1));
    int axis = static_cast<int>(lowering.node().get_int("axis", 0));
    if (axis < 0) axis += x.shape.rank();
    LINNET_ASSIGN(View y, lowering.output(0, order_of(x)));
    View from = x;
    from.shape = y.shape;
    from.stride[axis] = 0;
    return emit_indexed_read(lowering, y, from, indices, index_axis(indices, x, axis));
}

static const AttributeRule kGatherElementsAttributes[] = {{"axis", Attribute::Kind::kInt}};
extern const Operator gather_elements_operator;
const Operator gather_elements_operator = {
    "GatherElements", 2, 2, 1, 1, kGatherElementsAttributes, false, infer_gather_elements,
    lower_gather_elements};

} // namespace linnet

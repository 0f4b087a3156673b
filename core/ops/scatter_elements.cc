// SPDX-License-Identifier: MIT
#include "ops/index_family.h"

namespace linnet {

// Updates and indices have one shape, which reaches no further than the data in other axes.
static Status infer_scatter_elements(Inference &inference) {
    LINNET_TRY(check_updates(inference));
    const Shape &x = inference.shape(0), &indices = inference.shape(1);
    const Shape &updates = inference.shape(2);
    inference.set_output(0, inference.dtype(0), x);
    if (!x.has_rank() || !indices.has_rank() || !updates.has_rank()) return Status();
    LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", 0), x.rank()));
    bool fits = x.rank() == indices.rank() && x.rank() == updates.rank();
    for (int i = 0; fits && i < x.rank(); ++i) {
        fits = i == axis || x[i] < 0 || indices[i] <= x[i];
        fits = fits && (indices[i] < 0 || updates[i] < 0 || indices[i] == updates[i]);
    }
    if (!fits)
        return inference.fail("its indices %s and updates %s do not go with its data %s for axis "
                              "%d", ShapeText(indices).c_str(), ShapeText(updates).c_str(),
                              ShapeText(x).c_str(), axis);
    return check_indices(inference, 1, Span<const int64_t>(&x.dims()[size_t(axis)], 1));
}

// Updates whose index, computed, is out of range are passed over.
static Status lower_scatter_elements(Lowering &lowering) {
    LINNET_ASSIGN(View y, begin_updates(lowering));
    LINNET_ASSIGN(View indices, lowering.input(1));
    LINNET_ASSIGN(View updates, lowering.input(2));
    int axis = static_cast<int>(lowering.node().get_int("axis", 0));
    if (axis < 0) axis += y.shape.rank();
    View to = y;
    to.shape = updates.shape;
    to.stride[axis] = 0;
    return emit_indexed_write(lowering, updates, to, indices, index_axis(indices, y, axis));
}

static const AttributeRule kScatterElementsAttributes[] = {{"axis", Attribute::Kind::kInt},
                                                           {"reduction", Attribute::Kind::kText}};
extern const Operator scatter_elements_operator;
const Operator scatter_elements_operator = {
    "ScatterElements", 3, 3, 1, 1, kScatterElementsAttributes, false, infer_scatter_elements,
    lower_scatter_elements};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/index_family.h"

namespace linnet {

static Status infer_gather(Inference &inference) {
    const Shape &x = inference.shape(0), &indices = inference.shape(1);
    if (!x.has_rank() || !indices.has_rank()) {
        inference.set_output(0, inference.dtype(0), Shape::unknown());
        return Status();
    }
    LINNET_ASSIGN(int axis, inference.axis(inference.node().get_int("axis", 0), x.rank()));
    LINNET_TRY(check_indices(inference, 1, Span<const int64_t>(&x.dims()[size_t(axis)], 1)));
    if (x.rank() - 1 + indices.rank() > kMaxRank)
        return inference.unsupported("its result would have rank %d, more than %d",
                                     x.rank() - 1 + indices.rank(), kMaxRank);
    Shape y;
    for (int i = 0; i < axis; ++i) y.append(x[i]);
    for (int64_t dim : indices.dims()) y.append(dim);
    for (int i = axis + 1; i < x.rank(); ++i) y.append(x[i]);
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

// One constant index: a view.
static Status alias_gathered(Lowering &lowering, const View &x, int axis, int64_t index) {
    int64_t length = x.shape[axis], at = index < 0 ? index + length : index;
    if (at < 0 || at >= length)
        return lowering.fail("its index %lld is out of range for an axis of length %lld",
                             static_cast<long long>(index), static_cast<long long>(length));
    View one = slice_view(x, axis, at, 1, 1), y;
    reshape_view(one, lowering.output_shape(0), &y);
    return lowering.alias(0, y);
}

// Elements whose index, computed, is out of range become 0.
static Status lower_gather(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    int axis = static_cast<int>(lowering.node().get_int("axis", 0));
    if (axis < 0) axis += x.shape.rank();
    const Tensor *constant = lowering.constant(1);
    if (constant && constant->elements() == 1)
        return alias_gathered(lowering, x, axis, constant->integer(0));
    LINNET_ASSIGN(View indices, lowering.input(1));
    bool same_rank = indices.shape.rank() == 1;
    LINNET_ASSIGN(View y, lowering.output(0, same_rank ? order_of(x) : Order::kDense));
    WalkedView from(x), index(indices);
    for (int i = 0; i < axis; ++i) {
        from.add(x.shape[i], x.stride[i]);
        index.add(x.shape[i], 0);
    }
    for (int i = 0; i < indices.shape.rank(); ++i) {
        from.add(indices.shape[i], 0);
        index.add(indices.shape[i], indices.stride[i]);
    }
    for (int i = axis + 1; i < x.shape.rank(); ++i) {
        from.add(x.shape[i], x.stride[i]);
        index.add(x.shape[i], 0);
    }
    return emit_indexed_read(lowering, y, from.view, index.view, index_axis(indices, x, axis));
}

static const AttributeRule kGatherAttributes[] = {{"axis", Attribute::Kind::kInt}};
extern const Operator gather_operator;
const Operator gather_operator = {
    "Gather", 2, 2, 1, 1, kGatherAttributes, false, infer_gather, lower_gather};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/index_family.h"

namespace linnet {

// Data [batch..., places..., rest...], indices [batch..., walk..., tuple]: a tuple names a place.
// The result is [batch..., walk..., rest...].
static Status infer_gather_nd(Inference &inference) {
    const Shape &x = inference.shape(0), &indices = inference.shape(1);
    int64_t batch = inference.node().get_int("batch_dims", 0);
    if (!x.has_rank() || !indices.has_rank() || indices.rank() < 1 ||
        indices[indices.rank() - 1] < 0) {
        inference.set_output(0, inference.dtype(0), Shape::unknown());
        return Status();
    }
    int64_t tuple = indices[indices.rank() - 1];
    bool fits = batch >= 0 && batch < indices.rank() && tuple >= 1 && tuple <= x.rank() - batch;
    for (int i = 0; fits && i < batch; ++i)
        fits = x[i] < 0 || indices[i] < 0 || x[i] == indices[i];
    if (!fits)
        return inference.fail("its indices %s do not go with its data %s for batch_dims %lld",
                              ShapeText(indices).c_str(), ShapeText(x).c_str(),
                              static_cast<long long>(batch));
    LINNET_TRY(check_indices(
        inference, 1, x.dims().part(static_cast<size_t>(batch), static_cast<size_t>(tuple))));
    int rest = static_cast<int>(batch + tuple);
    if (indices.rank() - 1 + x.rank() - rest > kMaxRank)
        return inference.unsupported("its result would have more than %d axes", kMaxRank);
    Shape y;
    for (int i = 0; i + 1 < indices.rank(); ++i) y.append(indices[i]);
    for (int i = rest; i < x.rank(); ++i) y.append(x[i]);
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

// Elements whose index, computed, is out of range become 0.
static Status lower_gather_nd(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View indices, lowering.input(1));
    LINNET_ASSIGN(View y, lowering.output(0, Order::kDense));
    int batch = static_cast<int>(lowering.node().get_int("batch_dims", 0));
    Indexing indexing = index_tuples(indices, x, batch);
    WalkedView from(x), index(indices);
    for (int i = 0; i + 1 < indices.shape.rank(); ++i) {
        from.add(indices.shape[i], i < batch ? x.stride[i] : 0);
        index.add(indices.shape[i], indices.stride[i]);
    }
    for (int i = batch + indexing.count; i < x.shape.rank(); ++i) {
        from.add(x.shape[i], x.stride[i]);
        index.add(x.shape[i], 0);
    }
    return emit_indexed_read(lowering, y, from.view, index.view, indexing);
}

static const AttributeRule kGatherNdAttributes[] = {{"batch_dims", Attribute::Kind::kInt}};
extern const Operator gather_nd_operator;
const Operator gather_nd_operator = {
    "GatherND", 2, 2, 1, 1, kGatherNdAttributes, false, infer_gather_nd, lower_gather_nd};

} // namespace linnet

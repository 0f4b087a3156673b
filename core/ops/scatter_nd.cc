// SPDX-License-Identifier: MIT
#include "ops/index_family.h"

namespace linnet {

// Data [places..., rest...], indices [walk..., tuple], updates [walk..., rest...].
static Status infer_scatter_nd(Inference &inference) {
    LINNET_TRY(check_updates(inference));
    const Shape &x = inference.shape(0), &indices = inference.shape(1);
    const Shape &updates = inference.shape(2);
    inference.set_output(0, inference.dtype(0), x);
    if (!x.is_known() || !indices.is_known() || !updates.is_known()) return Status();
    int walk = indices.rank() - 1;
    int64_t tuple = walk >= 0 ? indices[walk] : 0;
    bool fits = tuple >= 1 && tuple <= x.rank() && updates.rank() == walk + x.rank() - tuple;
    for (int i = 0; fits && i < updates.rank(); ++i)
        fits = updates[i] == (i < walk ? indices[i] : x[i - walk + static_cast<int>(tuple)]);
    if (!fits)
        return inference.fail("its indices %s and updates %s do not go with its data %s",
                              ShapeText(indices).c_str(), ShapeText(updates).c_str(),
                              ShapeText(x).c_str());
    return check_indices(inference, 1, x.dims().part(0, static_cast<size_t>(tuple)));
}

// Updates whose index, computed, is out of range are passed over.
static Status lower_scatter_nd(Lowering &lowering) {
    LINNET_ASSIGN(View y, begin_updates(lowering));
    LINNET_ASSIGN(View indices, lowering.input(1));
    LINNET_ASSIGN(View updates, lowering.input(2));
    Indexing indexing = index_tuples(indices, y, 0);
    WalkedView to(y), index(indices);
    for (int i = 0; i + 1 < indices.shape.rank(); ++i) {
        to.add(indices.shape[i], 0);
        index.add(indices.shape[i], indices.stride[i]);
    }
    for (int i = indexing.count; i < y.shape.rank(); ++i) {
        to.add(y.shape[i], y.stride[i]);
        index.add(y.shape[i], 0);
    }
    return emit_indexed_write(lowering, updates, to.view, index.view, indexing);
}

static const AttributeRule kScatterNdAttributes[] = {{"reduction", Attribute::Kind::kText}};
extern const Operator scatter_nd_operator;
const Operator scatter_nd_operator = {
    "ScatterND", 3, 3, 1, 1, kScatterNdAttributes, false, infer_scatter_nd, lower_scatter_nd};

} // namespace linnet

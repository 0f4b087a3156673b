// SPDX-License-Identifier: MIT
#include "ops/index_family.h"

#include "kernels/indexed_read.h"

namespace linnet {

Status check_indices(const Inference &inference, size_t input, Span<const int64_t> lengths) {
    LINNET_TRY(inference.require_dtype(input, {DType::kInt64, DType::kInt32}));
    const Tensor *indices = inference.constant(input);
    if (!indices) return Status();
    for (size_t i = 0; i < indices->elements(); ++i) {
        int64_t index = indices->integer(i), length = lengths[i % lengths.size()];
        if (length >= 0 && (index < -length || index >= length))
            return inference.fail("its index %lld is out of range for an axis of length %lld",
                                  static_cast<long long>(index), static_cast<long long>(length));
    }
    return Status();
}

Indexing index_axis(const View &indices, const View &x, int axis) {
    Indexing indexing;
    indexing.dtype = indices.dtype;
    indexing.length[0] = x.shape[axis];
    indexing.stride[0] = x.stride[axis];
    return indexing;
}

Indexing index_tuples(const View &indices, const View &x, int first_axis) {
    int last = indices.shape.rank() - 1;
    Indexing indexing;
    indexing.dtype = indices.dtype;
    indexing.count = static_cast<int32_t>(indices.shape[last]);
    indexing.step = indices.stride[last];
    for (int k = 0; k < indexing.count; ++k) {
        indexing.length[k] = x.shape[first_axis + k];
        indexing.stride[k] = x.stride[first_axis + k];
    }
    return indexing;
}

Status emit_indexed_read(Lowering &lowering, const View &y, const View &x, const View &indices,
                         const Indexing &indexing) {
    IndexedReadParams params;
    params.loop = loop_over(y.shape, {&y, &x, &indices});
    params.indexing = indexing;
    params.element_bytes = static_cast<int32_t>(size_of(y.dtype));
    return lowering.emit(KernelId::indexed_read, params, {y, x, indices});
}

static bool scatter_function(const Node &node, IndexedWriteFunction *function) {
    string_view reduction = node.get_text("reduction", "none");
    if (reduction == "none") *function = IndexedWriteFunction::kReplace;
    else if (reduction == "add") *function = IndexedWriteFunction::kAdd;
    else if (reduction == "mul") *function = IndexedWriteFunction::kMul;
    else if (reduction == "min") *function = IndexedWriteFunction::kMin;
    else if (reduction == "max") *function = IndexedWriteFunction::kMax;
    else return false;
    return true;
}

Status check_updates(const Inference &inference) {
    IndexedWriteFunction function;
    if (!scatter_function(inference.node(), &function))
        return inference.fail("its attribute 'reduction' is none of none, add, mul, min and max");
    if (inference.dtype(0) == inference.dtype(2)) return Status();
    return inference.fail("its data and updates have the types %s and %s; they must be the same",
                          name_of(inference.dtype(0)), name_of(inference.dtype(2)));
}

// In the input's own memory where nothing else reads that, neither the updates nor the indices.
Result<View> begin_updates(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View indices, lowering.input(1));
    LINNET_ASSIGN(View updates, lowering.input(2));
    bool shared = shares_block(x, updates) || shares_block(x, indices);
    LINNET_ASSIGN(View y, shared ? lowering.output(0, order_of(x)) : lowering.output_like(0, x));
    if (!same_place(x, y)) LINNET_TRY(lowering.emit_copy(x, y));
    return y;
}

Status emit_indexed_write(Lowering &lowering, const View &updates, const View &y,
                          const View &indices, const Indexing &indexing) {
    IndexedWriteParams params;
    params.loop = loop_over(updates.shape, {&updates, &y, &indices});
    params.indexing = indexing;
    params.dtype = y.dtype;
    scatter_function(lowering.node(), &params.function);
    return lowering.emit(KernelId::indexed_write, params, {updates, y, indices});
}

} // namespace linnet

// What operators that look up places by index have in common.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/indexing.h"
#include "kernels/indexed_write.h"
#include "ops/operator.h"

namespace linnet {

// Fails unless input `input` holds indices, and none of those that are constant lies outside these
// axes, which the numbers of its last axis, if there is more than one axis, name in turn.
Status check_indices(const Inference &inference, size_t input, Span<const int64_t> lengths);

// The indices in a view along these axes of another. A view of tuples has them in its last axis.
Indexing index_axis(const View &indices, const View &x, int axis);
Indexing index_tuples(const View &indices, const View &x, int first_axis);

// A view to walk along with another tensor: what it is for the axes that each add() describes.
struct WalkedView {
    View view;
    explicit WalkedView(const View &base) : view(base) { view.shape = Shape(); }
    void add(int64_t length, int64_t stride) {
        view.stride[view.shape.rank()] = stride;
        view.shape.append(length);
    }
};

// Steps: y[walk, index] of x[walk, index].
Status emit_indexed_read(Lowering &lowering, const View &y, const View &x, const View &indices,
                         const Indexing &indexing);

// Output 0 begins as input 0 and is then updated from input 2 at the places in input 1.
Status check_updates(const Inference &inference);
Result<View> begin_updates(Lowering &lowering);
Status emit_indexed_write(Lowering &lowering, const View &updates, const View &y,
                          const View &indices, const Indexing &indexing);

} // namespace linnet

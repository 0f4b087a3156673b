// How tensors can lie in memory, and which reorderings are free.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"
#include "program/program.h"

namespace linnet {

// The order of the axes in memory. kChannelsLast: axis 1 innermost (NCHW tensors lie as NHWC);
// for rank 2 and less it is the same as kDense.
enum class Order : uint8_t { kDense, kChannelsLast };

// Strides without gaps.
void set_strides(Order order, const Shape &shape, int64_t *stride);

// Whether the view lies without gaps in this order. Axes of length 1 do not count.
bool lies_in(Order order, const View &view);

// The order that a tensor like this one should have: kChannelsLast if axis 1 is innermost.
Order order_of(const View &view);

// The same elements with another shape; false if that needs a copy.
bool reshape_view(const View &view, const Shape &shape, View *reshaped);

// The elements [start, start + step * length) of an axis.
View slice_view(const View &view, int axis, int64_t start, int64_t step, int64_t length);

// Axis i of the result is axis permutation[i] of the view.
View transpose_view(const View &view, Span<const int64_t> permutation);

// The view broadcast to a shape by ONNX's (numpy's) rules: repeated axes get stride 0.
// The shapes must be compatible.
View broadcast_view(const View &view, const Shape &shape);

// A loop over `shape` with these views, each already of that shape, as operands; coalesced.
StridedLoop loop_over(const Shape &shape, std::initializer_list<const View *> views);

} // namespace linnet

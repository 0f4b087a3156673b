// Kernels that work on rows: softmax, normalisation, reduction.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/activation.h"
#include "kernels/strided.h"

namespace linnet {

// Softmax (or its logarithm) over `length` elements, for every index of the outer loop.
// Operands: y, x. The outer loop's strides are those of the first element of each row.
// The greatest element is subtracted first; sums are taken in one fixed order.
struct SoftmaxParams {
    StridedLoop outer; // operand 0: y, operand 1: x
    int64_t length = 1, y_stride = 1, x_stride = 1;
    bool logarithm = false;
};

// y = (x - mean) / sqrt(variance + epsilon) * scale + bias over each row of `length` contiguous
// elements (layer normalisation). Scale and bias have `length` elements; nullptr: none.
// Operands: y, x, scale, bias. Two passes: mean first, then variance (population).
// Instance and group normalisation use `repeat`: element i of a row takes scale[(row % groups) *
// (length / repeat) + i / repeat]; for layer normalisation repeat is 1 and groups is 1.
struct NormalizeParams {
    StridedLoop outer; // operand 0: y, operand 1: x
    int64_t length = 1, repeat = 1, groups = 1;
    float epsilon = 1e-5f;
};

// Trimmed, as Function.
enum class Reduction : uint8_t { kSum, kMean, kMax, kMin, kL2, kL1, kProd, kSumSquare };

// Reduces the axes of `inner` for every index of `outer`. float32, int32 and int64 (the last two:
// kSum, kMean, kMax, kMin, kProd). Operands: y, x. outer: operand 0 y, operand 1 x; inner:
// operand 0 is x. Sums of floats are taken in one fixed order that does not depend on threads.
struct ReduceParams {
    StridedLoop outer, inner;
    Reduction reduction = Reduction::kSum;
    DType dtype = DType::kFloat32;
};

} // namespace linnet

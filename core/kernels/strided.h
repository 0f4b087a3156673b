// Loops over tensors that lie anyhow in memory: the elementwise kernels.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/activation.h"
#include "base/dtype.h"

namespace linnet {

// The lengths of the axes and, for each operand, the distances in elements between neighbours along
// them (0 repeats the element: broadcasting). coalesce() orders the axes so that the last one is
// the innermost and merges those that can be walked as one.
constexpr int kMaxOperands = 4;
struct StridedLoop {
    int32_t rank = 0;
    int64_t extent[kMaxRank] = {};
    int64_t stride[kMaxOperands][kMaxRank] = {};
    int64_t elements() const;
};

// Sorts axes by the strides of operand 0 (the output), drops axes of length 1 and merges axes that
// follow each other in every operand. The result has at least one axis.
void coalesce(StridedLoop *loop, int operands);

// y = function(x) over float32. Operands: y, x; strides likewise. y may be x.
struct UnaryParams {
    StridedLoop loop;
    Activation activation;
};

// Trimmed, as Function.
enum class BinaryFunction : uint8_t {
    kAdd,
    kSub,
    kMul,
    kDiv,        // integers: toward zero; by zero gives 0
    kMin,
    kMax,
    kPow,
    kModFloor,   // sign of the divisor
    kModTrunc,   // sign of the dividend (C's fmod)
    kPRelu,      // x < 0 ? x * slope : x
    kEqual,      // from here on the result is bool
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kAnd,
    kOr,
    kXor,
};

// y = activation(function(a, b)), both of `dtype`. Operands: y, a, b; strides likewise. y may be a
// or b where it lies the same way. The activation is for float32 only.
struct BinaryParams {
    StridedLoop loop;
    BinaryFunction function = BinaryFunction::kAdd;
    DType dtype = DType::kFloat32;
    Activation activation;
};

} // namespace linnet

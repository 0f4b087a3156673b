// Functions of one element that are no activations: of integers and bools, or too rare to be fused.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// Trimmed, as Function.
enum class MapFunction : uint8_t {
    kAbs, // integers, which wrap: the least one stays itself
    kNeg, // likewise
    kRelu,
    kSign,  // integers and float32, where NaN and zeros stay themselves
    kRound, // float32: to nearest, halves to even
    kNot,   // bool
    kIsNaN, // float32 -> bool
    kIsInf, // float32 -> bool: a > 0 infinity counts, b > 0 minus infinity counts
    kTan,   // float32 from here on
    kAsin,
    kAcos,
    kAtan,
    kSinh,
    kCosh,
    kAsinh,
    kAcosh,
    kAtanh,
    kSoftsign,        // x / (1 + |x|)
    kThresholdedRelu, // x > a ? x : 0
    kCelu,            // max(0, x) + min(0, a * (exp(x / a) - 1))
    kShrink,          // x < -a ? x + b : x > a ? x - b : 0
};

// y = function(x), x of `dtype`. Operands: y, x; strides likewise. y may be x where the types are
// the same and both lie the same way.
struct MapParams {
    StridedLoop loop;
    MapFunction function = MapFunction::kAbs;
    DType dtype = DType::kFloat32;
    float a = 0, b = 0;
};

} // namespace linnet

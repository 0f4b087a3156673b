// Functions of one number that kernels apply to what they are about to store.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace linnet {

// The names are those of the ONNX operators; a and b are their attributes.
// Trimmed: files that are cut to models have the values that their operators make.
enum class Function : uint8_t {
    kIdentity,
    kRelu,
    kClip,        // min a, max b
    kLeakyRelu,   // slope a
    kElu,         // alpha a
    kSelu,        // alpha a, gamma b
    kSigmoid,
    kHardSigmoid, // alpha a, beta b
    kHardSwish,
    kSwish,       // x * sigmoid(a * x)
    kTanh,
    kGelu,        // with erf
    kGeluTanh,    // its approximation by tanh
    kErf,
    kSoftplus,
    kMish,
    kExp,
    kLog,
    kSqrt,
    kAbs,
    kNeg,
    kReciprocal,
    kFloor,
    kCeil,
    kSin,
    kCos,
};

struct Activation {
    Function function = Function::kIdentity;
    float a = 0, b = 0;
};

} // namespace linnet

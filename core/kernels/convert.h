// Conversion between element types.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// y = x in another type, each one of float32, int64, int32, uint8, int8, bool. Operands: y, x;
// strides likewise. y may be x where both have one type and lie the same way.
//
// float32 to integers: toward zero; what is out of range becomes the nearest number of the type,
// and NaN 0. Integers to integers: the low bits (ONNX). To bool: whether it is not 0.
// With `through` float16 or bfloat16 a float32 result is rounded to that type's precision.
struct ConvertParams {
    StridedLoop loop;
    DType from = DType::kFloat32, to = DType::kFloat32, through = DType::kNone;
};

} // namespace linnet

// Element types.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace linnet {

constexpr int kMaxRank = 8; // the largest number of axes of a tensor

// The numbers are those of ONNX and of linnet_dtype in the C interface.
enum class DType : uint8_t {
    kNone = 0,
    kFloat32 = 1,
    kUint8 = 2,
    kInt8 = 3,
    kInt32 = 6,
    kInt64 = 7,
    kBool = 9,
    kFloat16 = 10,
    kFloat64 = 11,
    kBfloat16 = 16,
};

// Bytes per element; 0 for kNone and for numbers that are no type.
size_t size_of(DType dtype);

// "float32", "int64" ...
const char *name_of(DType dtype);

// Floating point of any width. In a Graph all of these are float32; others exist at its ports only.
bool is_float(DType dtype);

// The type that a Graph uses for elements of this type: float32 for every floating type.
inline DType graph_dtype(DType dtype) { return is_float(dtype) ? DType::kFloat32 : dtype; }

// Widening is exact; narrowing rounds to nearest even (IEEE 754-2019; bfloat16: its upper half).
float float_from_half(uint16_t half);
uint16_t half_from_float(float value);
float float_from_bfloat16(uint16_t bits);
uint16_t bfloat16_from_float(float value);

// Converts between floating types: `count` elements of type `from` to float32, and back.
void floats_from(DType from, const void *source, float *target, size_t count);
void floats_to(DType to, const float *source, void *target, size_t count);

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/dtype.h"

#include <cstring>

namespace linnet {

size_t size_of(DType dtype) {
    switch (dtype) {
    case DType::kUint8:
    case DType::kInt8:
    case DType::kBool: return 1;
    case DType::kFloat16:
    case DType::kBfloat16: return 2;
    case DType::kFloat32:
    case DType::kInt32: return 4;
    case DType::kInt64:
    case DType::kFloat64: return 8;
    case DType::kNone: break;
    }
    return 0;
}

const char *name_of(DType dtype) {
    switch (dtype) {
    case DType::kFloat32: return "float32";
    case DType::kUint8: return "uint8";
    case DType::kInt8: return "int8";
    case DType::kInt32: return "int32";
    case DType::kInt64: return "int64";
    case DType::kBool: return "bool";
    case DType::kFloat16: return "float16";
    case DType::kFloat64: return "float64";
    case DType::kBfloat16: return "bfloat16";
    case DType::kNone: break;
    }
    return "no type";
}

bool is_float(DType dtype) {
    return dtype == DType::kFloat32 || dtype == DType::kFloat16 || dtype == DType::kFloat64 ||
           dtype == DType::kBfloat16;
}

static float float_of_bits(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of_float(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

float float_from_half(uint16_t half) {
    uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
    uint32_t exponent = (half >> 10) & 0x1Fu, fraction = half & 0x3FFu;
    if (exponent == 31) return float_of_bits(sign | 0x7F800000u | (fraction << 13));
    if (exponent != 0) return float_of_bits(sign | ((exponent + 112) << 23) | (fraction << 13));
    float magnitude = static_cast<float>(fraction) * float_of_bits(0x33800000u); // 2^-24
    return sign ? -magnitude : magnitude;
}

uint16_t half_from_float(float value) {
    uint32_t bits = bits_of_float(value);
    uint32_t sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
    if (magnitude > 0x7F800000u) return static_cast<uint16_t>(sign | 0x7E00u); // NaN
    if (magnitude >= 0x477FF000u) return static_cast<uint16_t>(sign | 0x7C00u); // rounds to inf
    if (magnitude >= 0x38800000u) {
        uint32_t rounded = magnitude + 0xFFFu + ((magnitude >> 13) & 1u);
        return static_cast<uint16_t>(sign | ((rounded - 0x38000000u) >> 13));
    }
    if (magnitude < 0x33000000u) return static_cast<uint16_t>(sign); // below half of 2^-24
    uint32_t shift = 126 - (magnitude >> 23), fraction = (magnitude & 0x7FFFFFu) | 0x800000u;
    uint32_t kept = fraction >> shift, lost = fraction & ((1u << shift) - 1), half = 1u << (shift - 1);
    if (lost > half || (lost == half && (kept & 1u))) ++kept;
    return static_cast<uint16_t>(sign | kept);
}

float float_from_bfloat16(uint16_t bits) { return float_of_bits(static_cast<uint32_t>(bits) << 16); }

uint16_t bfloat16_from_float(float value) {
    uint32_t bits = bits_of_float(value);
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<uint16_t>((bits >> 16) | 0x40u);
    return static_cast<uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

// Memory of a file may be unaligned: every element goes through memcpy.
template <class Stored, class Convert>
static void widen(const void *source, float *target, size_t count, Convert convert) {
    for (size_t i = 0; i < count; ++i) {
        Stored stored;
        std::memcpy(&stored, static_cast<const char *>(source) + i * sizeof stored, sizeof stored);
        target[i] = convert(stored);
    }
}

template <class Stored, class Convert>
static void narrow(const float *source, void *target, size_t count, Convert convert) {
    for (size_t i = 0; i < count; ++i) {
        Stored stored = convert(source[i]);
        std::memcpy(static_cast<char *>(target) + i * sizeof stored, &stored, sizeof stored);
    }
}

void floats_from(DType from, const void *source, float *target, size_t count) {
    switch (from) {
    case DType::kFloat16: return widen<uint16_t>(source, target, count, float_from_half);
    case DType::kBfloat16: return widen<uint16_t>(source, target, count, float_from_bfloat16);
    case DType::kFloat64:
        return widen<double>(source, target, count, [](double v) { return static_cast<float>(v); });
    default:
        if (count) std::memcpy(target, source, count * sizeof(float));
    }
}

void floats_to(DType to, const float *source, void *target, size_t count) {
    switch (to) {
    case DType::kFloat16: return narrow<uint16_t>(source, target, count, half_from_float);
    case DType::kBfloat16: return narrow<uint16_t>(source, target, count, bfloat16_from_float);
    case DType::kFloat64:
        return narrow<double>(source, target, count, [](float v) { return static_cast<double>(v); });
    default:
        if (count) std::memcpy(target, source, count * sizeof(float));
    }
}

} // namespace linnet

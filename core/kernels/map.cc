// SPDX-License-Identifier: MIT
#include "kernels/map.h"

#include <cmath>
#include <type_traits>

#include "kernels/task_cursor.h"

namespace linnet {
namespace {

int64_t map_tasks(const void *params) {
    return loop_tasks(static_cast<const MapParams *>(params)->loop);
}

struct MapWork {
    const StridedLoop &loop;
    void *const *operands;
    int64_t begin, end;
};

template <class To, class From, class One> void map_rows(const MapWork &work, One one) {
    StridedCursor at = task_cursor(work.loop, 2, work.begin, work.end);
    const int64_t y_step = at.stride[0], x_step = at.stride[1];
    while (at.next(INT64_MAX)) {
        To *y = static_cast<To *>(work.operands[0]) + at.offset[0];
        const From *x = static_cast<const From *>(work.operands[1]) + at.offset[1];
        for (int64_t i = 0, n = at.count; i < n; ++i) y[i * y_step] = one(x[i * x_step]);
    }
}

// The negative of an integer, which wraps.
template <class T> T map_negative(T x) {
    return static_cast<T>(0 - static_cast<uint64_t>(static_cast<int64_t>(x)));
}

template <class T> void map_integers(const MapWork &work, MapFunction function) {
    switch (function) {
    case MapFunction::kAbs:
        return map_rows<T, T>(work, [](T x) { return x < 0 ? map_negative(x) : x; });
    case MapFunction::kNeg: return map_rows<T, T>(work, [](T x) { return map_negative(x); });
    case MapFunction::kRelu: return map_rows<T, T>(work, [](T x) { return x < 0 ? T(0) : x; });
    default:
        return map_rows<T, T>(
            work, [](T x) { return x > 0 ? T(1) : x < 0 ? map_negative(T(1)) : x; });
    }
}

void map_of_integers(const MapWork &work, const MapParams &map) {
    switch (map.dtype) {
    case DType::kInt64: return map_integers<int64_t>(work, map.function);
    case DType::kInt32: return map_integers<int32_t>(work, map.function);
    case DType::kInt8: return map_integers<int8_t>(work, map.function);
    case DType::kUint8: return map_integers<uint8_t>(work, map.function);
    default: return map_rows<uint8_t, uint8_t>(work, [](uint8_t x) { return uint8_t(x == 0); });
    }
}

template <class One> void map_floats(const MapWork &work, One one) {
    map_rows<float, float>(work, one);
}

void map_trigonometric(const MapWork &work, MapFunction function) {
    switch (function) {
    case MapFunction::kTan: return map_floats(work, [](float x) { return std::tan(x); });
    case MapFunction::kAsin: return map_floats(work, [](float x) { return std::asin(x); });
    case MapFunction::kAcos: return map_floats(work, [](float x) { return std::acos(x); });
    case MapFunction::kAtan: return map_floats(work, [](float x) { return std::atan(x); });
    case MapFunction::kSinh: return map_floats(work, [](float x) { return std::sinh(x); });
    case MapFunction::kCosh: return map_floats(work, [](float x) { return std::cosh(x); });
    case MapFunction::kAsinh: return map_floats(work, [](float x) { return std::asinh(x); });
    case MapFunction::kAcosh: return map_floats(work, [](float x) { return std::acosh(x); });
    default: return map_floats(work, [](float x) { return std::atanh(x); });
    }
}

void map_of_floats(const MapWork &work, const MapParams &map) {
    const float a = map.a, b = map.b;
    switch (map.function) {
    case MapFunction::kSign:
        return map_floats(work, [](float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; });
    case MapFunction::kRound: return map_floats(work, [](float x) { return std::nearbyint(x); });
    case MapFunction::kIsNaN:
        return map_rows<uint8_t, float>(work, [](float x) { return uint8_t(x != x); });
    case MapFunction::kIsInf:
        return map_rows<uint8_t, float>(work, [a, b](float x) {
            return uint8_t(std::isinf(x) && (x > 0 ? a > 0 : b > 0));
        });
    case MapFunction::kSoftsign:
        return map_floats(work, [](float x) { return x / (1 + std::fabs(x)); });
    case MapFunction::kThresholdedRelu:
        return map_floats(work, [a](float x) { return x > a ? x : 0.0f; });
    case MapFunction::kCelu:
        return map_floats(work, [a](float x) { return x > 0 ? x : a * std::expm1(x / a); });
    case MapFunction::kShrink:
        return map_floats(
            work, [a, b](float x) { return x < -a ? x + b : x > a ? x - b : 0.0f; });
    default: return map_trigonometric(work, map.function);
    }
}

void map_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const MapParams &map = *static_cast<const MapParams *>(params);
    const MapWork work = {map.loop, operands, begin, end};
    if (map.dtype == DType::kFloat32)
        map_of_floats(work, map);
    else
        map_of_integers(work, map);
}

} // namespace

extern const Kernel map_kernel;
const Kernel map_kernel = {"map", map_tasks, map_run};

} // namespace linnet

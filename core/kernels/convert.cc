// SPDX-License-Identifier: MIT
#include "kernels/convert.h"

#include <limits>

#include "kernels/task_cursor.h"

namespace linnet {
namespace {

// A bool in memory: every byte but 0 is true.
struct ConvertTruth {
    uint8_t byte;
    operator int32_t() const { return byte != 0; }
};

// Floats whose conversion is not defined by C++ are those outside (least - 1, greatest + 1), whose
// bounds are powers of two, and so exact, for every integer type here.
template <class To> To saturated(float value) {
    constexpr To least = std::numeric_limits<To>::min(), greatest = std::numeric_limits<To>::max();
    constexpr float end = 2.0f * static_cast<float>(greatest / 2 + 1);
    if (value != value) return 0;
    if (value <= static_cast<float>(least)) return least;
    return value >= end ? greatest : static_cast<To>(value);
}

template <class To, class From> struct ConvertOne {
    static To of(From value) { return static_cast<To>(value); }
};
template <class To> struct ConvertOne<To, float> {
    static To of(float value) { return saturated<To>(value); }
};
template <class To> struct ConvertOne<To, ConvertTruth> {
    static To of(ConvertTruth value) { return static_cast<To>(static_cast<int32_t>(value)); }
};
template <class From> struct ConvertOne<ConvertTruth, From> {
    static ConvertTruth of(From value) { return ConvertTruth{static_cast<uint8_t>(value != 0)}; }
};
template <> struct ConvertOne<float, float> {
    static float of(float value) { return value; }
};
template <> struct ConvertOne<ConvertTruth, float> {
    static ConvertTruth of(float value) { return ConvertTruth{static_cast<uint8_t>(value != 0)}; }
};
template <> struct ConvertOne<ConvertTruth, ConvertTruth> {
    static ConvertTruth of(ConvertTruth value) {
        return ConvertTruth{static_cast<uint8_t>(static_cast<int32_t>(value))};
    }
};

struct ConvertWork {
    const ConvertParams &params;
    void *const *operands;
    int64_t begin, end;
};

template <class To, class From> void convert_pair(const ConvertWork &work) {
    StridedCursor at = task_cursor(work.params.loop, 2, work.begin, work.end);
    const int64_t y_step = at.stride[0], x_step = at.stride[1];
    while (at.next(INT64_MAX)) {
        To *y = static_cast<To *>(work.operands[0]) + at.offset[0];
        const From *x = static_cast<const From *>(work.operands[1]) + at.offset[1];
        for (int64_t i = 0, n = at.count; i < n; ++i)
            y[i * y_step] = ConvertOne<To, From>::of(x[i * x_step]);
    }
}

float rounded_through(DType through, float value) {
    if (through == DType::kFloat16) return float_from_half(half_from_float(value));
    return float_from_bfloat16(bfloat16_from_float(value));
}

template <class From> void convert_rounded(const ConvertWork &work) {
    StridedCursor at = task_cursor(work.params.loop, 2, work.begin, work.end);
    const int64_t y_step = at.stride[0], x_step = at.stride[1];
    while (at.next(INT64_MAX)) {
        float *y = static_cast<float *>(work.operands[0]) + at.offset[0];
        const From *x = static_cast<const From *>(work.operands[1]) + at.offset[1];
        for (int64_t i = 0, n = at.count; i < n; ++i)
            y[i * y_step] =
                rounded_through(work.params.through, ConvertOne<float, From>::of(x[i * x_step]));
    }
}

template <class From> void convert_from(const ConvertWork &work) {
    switch (work.params.to) {
    case DType::kFloat32:
        return work.params.through == DType::kNone ? convert_pair<float, From>(work)
                                                   : convert_rounded<From>(work);
    case DType::kInt64: return convert_pair<int64_t, From>(work);
    case DType::kInt32: return convert_pair<int32_t, From>(work);
    case DType::kUint8: return convert_pair<uint8_t, From>(work);
    case DType::kInt8: return convert_pair<int8_t, From>(work);
    default: return convert_pair<ConvertTruth, From>(work);
    }
}

int64_t convert_tasks(const void *params) {
    return loop_tasks(static_cast<const ConvertParams *>(params)->loop);
}

void convert_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const ConvertWork work = {*static_cast<const ConvertParams *>(params), operands, begin, end};
    switch (work.params.from) {
    case DType::kFloat32: return convert_from<float>(work);
    case DType::kInt64: return convert_from<int64_t>(work);
    case DType::kInt32: return convert_from<int32_t>(work);
    case DType::kUint8: return convert_from<uint8_t>(work);
    case DType::kInt8: return convert_from<int8_t>(work);
    default: return convert_from<ConvertTruth>(work);
    }
}

} // namespace

extern const Kernel convert_kernel;
const Kernel convert_kernel = {"convert", convert_tasks, convert_run};

} // namespace linnet

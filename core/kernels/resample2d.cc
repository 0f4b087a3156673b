// SPDX-License-Identifier: MIT
#include "kernels/resample2d.h"

#include <cstring>

#include "kernels/kernel.h"
#include "kernels/strided_plan.h"

namespace linnet {
namespace {

int64_t resample2d_tasks(const void *params) {
    const Resample2dParams &p = *static_cast<const Resample2dParams *>(params);
    return element_tasks(p.rows.elements(), rows_per_task(p.out_w * p.inner));
}

template <class T>
void take_nearest(const Resample2dParams &p, const T *x, T *y, const int32_t *columns) {
    for (int64_t w = 0; w < p.out_w; ++w, y += p.y_w) {
        const T *from = x + columns[2 * w] * p.x_w;
        if (p.x_inner == 1 && p.y_inner == 1 && p.inner > 1)
            std::memcpy(y, from, static_cast<size_t>(p.inner) * sizeof(T));
        else
            for (int64_t i = 0; i < p.inner; ++i) y[i * p.y_inner] = from[i * p.x_inner];
    }
}

// The four neighbours of a result and their shares.
struct FourTaps {
    const float *a, *b, *c, *d; // upper left, upper right, lower left, lower right
    float right, below;
};

float blend(const FourTaps &taps, int64_t at) {
    float upper = taps.a[at] + (taps.b[at] - taps.a[at]) * taps.right;
    float lower = taps.c[at] + (taps.d[at] - taps.c[at]) * taps.right;
    return upper + (lower - upper) * taps.below;
}

void blend_pixel(const Resample2dParams &p, const FourTaps &taps, float *y) {
    if (p.x_inner == 1 && p.y_inner == 1)
        for (int64_t i = 0; i < p.inner; ++i) y[i] = blend(taps, i);
    else
        for (int64_t i = 0; i < p.inner; ++i) y[i * p.y_inner] = blend(taps, i * p.x_inner);
}

void take_linear(const Resample2dParams &p, const float *upper, const float *lower, float below,
                 float *y, const int32_t *columns, const float *fractions) {
    for (int64_t w = 0; w < p.out_w; ++w, y += p.y_w) {
        int64_t left = columns[2 * w] * p.x_w, right = columns[2 * w + 1] * p.x_w;
        FourTaps taps = {upper + left, upper + right, lower + left,
                         lower + right, fractions[w], below};
        blend_pixel(p, taps, y);
    }
}

template <class T>
void nearest_rows(const Resample2dParams &p, void *const *operands, int64_t from, int64_t to) {
    const int32_t *positions = static_cast<const int32_t *>(operands[2]);
    int64_t row = from;
    for (StridedCursor at(p.rows, 2, from, to); at.next(1); ++row) {
        const T *x = static_cast<const T *>(operands[1]) + at.offset[1];
        take_nearest(p, x + positions[2 * (row % p.out_h)] * p.x_h,
                     static_cast<T *>(operands[0]) + at.offset[0], positions + 2 * p.out_h);
    }
}

void linear_rows(const Resample2dParams &p, void *const *operands, int64_t from, int64_t to) {
    const int32_t *positions = static_cast<const int32_t *>(operands[2]);
    const float *fractions = static_cast<const float *>(operands[3]);
    int64_t row = from;
    for (StridedCursor at(p.rows, 2, from, to); at.next(1); ++row) {
        int64_t h = row % p.out_h;
        const float *x = static_cast<const float *>(operands[1]) + at.offset[1];
        take_linear(p, x + positions[2 * h] * p.x_h, x + positions[2 * h + 1] * p.x_h, fractions[h],
                    static_cast<float *>(operands[0]) + at.offset[0], positions + 2 * p.out_h,
                    fractions + p.out_h);
    }
}

void resample2d_run(const void *params, void *const *operands, void *, int64_t begin,
                    int64_t end) {
    const Resample2dParams &p = *static_cast<const Resample2dParams *>(params);
    int64_t rows = p.rows.elements(), per_task = rows_per_task(p.out_w * p.inner);
    int64_t from = begin * per_task, to = end * per_task < rows ? end * per_task : rows;
    if (p.linear) return linear_rows(p, operands, from, to);
    switch (p.element_bytes) {
    case 1: return nearest_rows<uint8_t>(p, operands, from, to);
    case 4: return nearest_rows<uint32_t>(p, operands, from, to);
    default: return nearest_rows<uint64_t>(p, operands, from, to);
    }
}

} // namespace

extern const Kernel resample2d_kernel;
const Kernel resample2d_kernel = {"resample2d", resample2d_tasks, resample2d_run};

} // namespace linnet

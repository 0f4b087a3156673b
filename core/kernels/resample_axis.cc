// SPDX-License-Identifier: MIT
#include "kernels/resample_axis.h"

#include "kernels/kernel.h"
#include "kernels/strided_plan.h"

namespace linnet {
namespace {

int64_t resample_axis_tasks(const void *params) {
    const ResampleAxisParams &p = *static_cast<const ResampleAxisParams *>(params);
    return element_tasks(p.rows.elements(), rows_per_task(p.most * p.inner));
}

// The weighted sum of `count` rows of contiguous elements.
void sum_contiguous(const ResampleAxisParams &p, const float *x, const float *shares, int32_t count,
                    float *y) {
    for (int64_t i = 0; i < p.inner; ++i) y[i] = shares[0] * x[i];
    for (int32_t k = 1; k < count; ++k) {
        const float *from = x + k * p.x_step;
        const float share = shares[k];
        for (int64_t i = 0; i < p.inner; ++i) y[i] += share * from[i];
    }
}

void sum_strided(const ResampleAxisParams &p, const float *x, const float *shares, int32_t count,
                 float *y) {
    for (int64_t i = 0; i < p.inner; ++i) {
        float sum = shares[0] * x[i * p.x_inner];
        for (int32_t k = 1; k < count; ++k) sum += shares[k] * x[k * p.x_step + i * p.x_inner];
        y[i * p.y_inner] = sum;
    }
}

void resample_axis_run(const void *params, void *const *operands, void *, int64_t begin,
                       int64_t end) {
    const ResampleAxisParams &p = *static_cast<const ResampleAxisParams *>(params);
    const int32_t *runs = static_cast<const int32_t *>(operands[2]);
    const float *shares = static_cast<const float *>(operands[3]);
    int64_t rows = p.rows.elements(), per_task = rows_per_task(p.most * p.inner);
    int64_t row = begin * per_task, to = end * per_task < rows ? end * per_task : rows;
    const bool contiguous = p.x_inner == 1 && p.y_inner == 1 && p.inner > 1;
    for (StridedCursor at(p.rows, 2, row, to); at.next(1); ++row) {
        int64_t result = row % p.out;
        float *y = static_cast<float *>(operands[0]) + at.offset[0];
        const float *x =
            static_cast<const float *>(operands[1]) + at.offset[1] + runs[2 * result] * p.x_step;
        int32_t count = runs[2 * result + 1];
        if (count == 0)
            for (int64_t i = 0; i < p.inner; ++i) y[i * p.y_inner] = p.outside;
        else
            (contiguous ? sum_contiguous : sum_strided)(p, x, shares + result * p.most, count, y);
    }
}

} // namespace

extern const Kernel resample_axis_kernel;
const Kernel resample_axis_kernel = {"resample_axis", resample_axis_tasks, resample_axis_run};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/running_sum.h"

#include "kernels/kernel.h"
#include "kernels/strided_plan.h"

namespace linnet {
namespace {

int64_t running_sum_tasks(const void *params) {
    const RunningSumParams &sums = *static_cast<const RunningSumParams *>(params);
    return element_tasks(sums.outer.elements(), rows_per_task(sums.length));
}

// Sum is unsigned for integers, so that it wraps.
template <class T, class Sum> void running_sum_row(const RunningSumParams &sums, T *y, const T *x) {
    Sum sum = 0;
    for (int64_t i = 0; i < sums.length; ++i) {
        Sum before = sum;
        sum += static_cast<Sum>(x[i * sums.x_stride]);
        y[i * sums.y_stride] = static_cast<T>(sums.exclusive ? before : sum);
    }
}

template <class T, class Sum>
void running_sum_rows(const RunningSumParams &sums, void *const *operands, int64_t begin,
                      int64_t end) {
    int64_t per_task = rows_per_task(sums.length), rows = sums.outer.elements();
    int64_t last = end * per_task < rows ? end * per_task : rows;
    StridedCursor at(sums.outer, 2, begin * per_task, last);
    const int64_t y_step = at.stride[0], x_step = at.stride[1];
    while (at.next(INT64_MAX)) {
        T *y = static_cast<T *>(operands[0]) + at.offset[0];
        const T *x = static_cast<const T *>(operands[1]) + at.offset[1];
        for (int64_t i = 0, n = at.count; i < n; ++i)
            running_sum_row<T, Sum>(sums, y + i * y_step, x + i * x_step);
    }
}

void running_sum_run(const void *params, void *const *operands, void *, int64_t begin,
                     int64_t end) {
    const RunningSumParams &sums = *static_cast<const RunningSumParams *>(params);
    switch (sums.dtype) {
    case DType::kFloat32: return running_sum_rows<float, float>(sums, operands, begin, end);
    case DType::kInt64: return running_sum_rows<int64_t, uint64_t>(sums, operands, begin, end);
    default: return running_sum_rows<int32_t, uint32_t>(sums, operands, begin, end);
    }
}

} // namespace

extern const Kernel running_sum_kernel;
const Kernel running_sum_kernel = {"running_sum", running_sum_tasks, running_sum_run};

} // namespace linnet

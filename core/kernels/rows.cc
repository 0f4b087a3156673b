// SPDX-License-Identifier: MIT
#include "kernels/rows.h"

#include "kernels/strided_plan.h"

namespace linnet {

// Softmax and normalisation take several times as long for an element as elementwise functions. A
// multiple of 16, so that tasks that put neighbouring rows in one vector fill it.
int64_t rows_per_task(int64_t length) {
    constexpr int64_t kPerTask = kElementsPerTask / 4;
    int64_t rows = length > 0 ? kPerTask / length : kPerTask;
    return rows > 16 ? rows / 16 * 16 : length > kPerTask ? 4 : 16;
}

int64_t softmax_tasks(const void *params) {
    const SoftmaxParams &p = *static_cast<const SoftmaxParams *>(params);
    return p.length > 0 ? element_tasks(p.outer.elements(), rows_per_task(p.length)) : 0;
}

int64_t normalize_tasks(const void *params) {
    const NormalizeParams &p = *static_cast<const NormalizeParams *>(params);
    return p.length > 0 ? element_tasks(p.outer.elements(), rows_per_task(p.length)) : 0;
}

int64_t reduce_tasks(const void *params) {
    const ReduceParams &p = *static_cast<const ReduceParams *>(params);
    return element_tasks(p.outer.elements(), rows_per_task(p.inner.elements()));
}

static int64_t reduction_start(Reduction reduction) {
    switch (reduction) {
    case Reduction::kMax: return INT64_MIN;
    case Reduction::kMin: return INT64_MAX;
    case Reduction::kProd: return 1;
    default: return 0;
    }
}

static int64_t reduction_step(Reduction reduction, int64_t sum, int64_t x) {
    uint64_t usum = static_cast<uint64_t>(sum), ux = static_cast<uint64_t>(x);
    switch (reduction) {
    case Reduction::kMax: return x > sum ? x : sum;
    case Reduction::kMin: return x < sum ? x : sum;
    case Reduction::kProd: return static_cast<int64_t>(usum * ux);
    default: return static_cast<int64_t>(usum + ux);
    }
}

static int64_t reduced_integer(const ReduceParams &p, const void *x, int64_t offset) {
    int64_t result = reduction_start(p.reduction), count = p.inner.elements();
    StridedCursor inner(p.inner, 1, 0, count);
    while (inner.next(INT64_MAX)) {
        int64_t at = offset + inner.offset[0];
        for (int64_t i = 0; i < inner.count; ++i, at += inner.stride[0])
            result = reduction_step(p.reduction, result, load_integer(p.dtype, x, at));
    }
    return p.reduction == Reduction::kMean && count > 0 ? result / count : result;
}

void reduce_integers(const ReduceParams &p, void *const *operands, int64_t begin, int64_t end) {
    StridedCursor outer(p.outer, 2, begin, end);
    while (outer.next(INT64_MAX))
        for (int64_t i = 0; i < outer.count; ++i)
            store_integer(p.dtype, operands[0], outer.offset[0] + i * outer.stride[0],
                          reduced_integer(p, operands[1], outer.offset[1] + i * outer.stride[1]));
}

} // namespace linnet

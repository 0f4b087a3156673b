// SPDX-License-Identifier: MIT
#include "kernels/arg_rows.h"

#include "kernels/kernel.h"
#include "kernels/strided_plan.h"

namespace linnet {
namespace {

int64_t arg_rows_tasks(const void *params) {
    const ArgRowsParams &arg = *static_cast<const ArgRowsParams *>(params);
    return element_tasks(arg.outer.elements(), rows_per_task(arg.length));
}

// Whether `next`, which comes later in the row, takes the place of `best`.
template <bool kLeast, class T> bool replaces(T next, T best, bool last) {
    if (best != best) return next == next;
    return (kLeast ? next < best : next > best) || (last && next == best);
}

template <bool kLeast, class T> int64_t arg_of_row(const ArgRowsParams &arg, const T *x) {
    int64_t at = 0;
    T best = x[0];
    for (int64_t i = 1; i < arg.length; ++i) {
        T next = x[i * arg.x_stride];
        if (!replaces<kLeast>(next, best, arg.last)) continue;
        best = next;
        at = i;
    }
    return at;
}

template <class T>
void arg_of_rows(const ArgRowsParams &arg, void *const *operands, int64_t begin, int64_t end) {
    int64_t *y = static_cast<int64_t *>(operands[0]);
    const T *x = static_cast<const T *>(operands[1]);
    for (StridedCursor at(arg.outer, 2, begin, end); at.next(1);) {
        const T *row = x + at.offset[1];
        y[at.offset[0]] = arg.least ? arg_of_row<true>(arg, row) : arg_of_row<false>(arg, row);
    }
}

void arg_rows_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const ArgRowsParams &arg = *static_cast<const ArgRowsParams *>(params);
    int64_t rows = arg.outer.elements(), per_task = rows_per_task(arg.length);
    int64_t from = begin * per_task, to = end * per_task < rows ? end * per_task : rows;
    switch (arg.dtype) {
    case DType::kInt64: return arg_of_rows<int64_t>(arg, operands, from, to);
    case DType::kInt32: return arg_of_rows<int32_t>(arg, operands, from, to);
    case DType::kUint8: return arg_of_rows<uint8_t>(arg, operands, from, to);
    case DType::kInt8: return arg_of_rows<int8_t>(arg, operands, from, to);
    default: return arg_of_rows<float>(arg, operands, from, to);
    }
}

} // namespace

extern const Kernel arg_rows_kernel;
const Kernel arg_rows_kernel = {"arg_rows", arg_rows_tasks, arg_rows_run};

} // namespace linnet

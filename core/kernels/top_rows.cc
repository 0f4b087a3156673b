// SPDX-License-Identifier: MIT
#include "kernels/top_rows.h"

#include "kernels/kernel.h"
#include "kernels/strided_plan.h"

namespace linnet {
namespace {

// A heap of the indices of the best elements so far, the worst of them at its root.
template <class T> struct TopHeap {
    const T *x;
    int64_t stride;
    bool least;
    int64_t *index;
    int64_t size;

    // A strict order of all elements: no two are equal.
    bool is_better(int64_t i, int64_t j) const {
        T a = x[i * stride], b = x[j * stride];
        if (a == b) return i < j;
        if (a != a || b != b) return b != b && (a == a || i < j);
        return least ? a < b : a > b;
    }
    void swap(int64_t i, int64_t j) {
        int64_t kept = index[i];
        index[i] = index[j];
        index[j] = kept;
    }
    void sift_down(int64_t at) {
        for (;;) {
            int64_t worst = at, child = 2 * at + 1;
            for (int64_t c = child; c < child + 2 && c < size; ++c)
                if (is_better(index[worst], index[c])) worst = c;
            if (worst == at) return;
            swap(at, worst);
            at = worst;
        }
    }
    void fill(int64_t count, int64_t length) {
        size = count;
        for (int64_t i = 0; i < count; ++i) index[i] = i;
        for (int64_t i = count / 2; i-- > 0;) sift_down(i);
        for (int64_t i = count; count > 0 && i < length; ++i) {
            if (!is_better(i, index[0])) continue;
            index[0] = i;
            sift_down(0);
        }
    }
    // Leaves the best first.
    void sort() {
        while (size > 1) {
            swap(0, --size);
            sift_down(0);
        }
    }
};

template <class T>
void top_of_rows(const TopRowsParams &top, void *const *operands, void *scratch, int64_t begin,
                 int64_t end) {
    T *values = static_cast<T *>(operands[0]);
    int64_t *indices = static_cast<int64_t *>(operands[1]);
    for (StridedCursor at(top.outer, 2, begin, end); at.next(1);) {
        const T *x = static_cast<const T *>(operands[2]) + at.offset[1];
        TopHeap<T> heap = {x, top.x_stride, top.least, static_cast<int64_t *>(scratch), 0};
        heap.fill(top.count, top.length);
        heap.sort();
        int64_t to = at.offset[0];
        for (int64_t i = 0; i < top.count; ++i, to += top.y_stride) {
            if (values) values[to] = x[heap.index[i] * top.x_stride];
            if (indices) indices[to] = heap.index[i];
        }
    }
}

int64_t top_rows_tasks(const void *params) {
    const TopRowsParams &top = *static_cast<const TopRowsParams *>(params);
    return element_tasks(top.outer.elements(), rows_per_task(top.length));
}

void top_rows_run(const void *params, void *const *operands, void *scratch, int64_t begin,
                  int64_t end) {
    const TopRowsParams &top = *static_cast<const TopRowsParams *>(params);
    int64_t rows = top.outer.elements(), per_task = rows_per_task(top.length);
    int64_t from = begin * per_task, to = end * per_task < rows ? end * per_task : rows;
    switch (top.dtype) {
    case DType::kInt64: return top_of_rows<int64_t>(top, operands, scratch, from, to);
    case DType::kInt32: return top_of_rows<int32_t>(top, operands, scratch, from, to);
    default: return top_of_rows<float>(top, operands, scratch, from, to);
    }
}

} // namespace

extern const Kernel top_rows_kernel;
const Kernel top_rows_kernel = {"top_rows", top_rows_tasks, top_rows_run};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/indexed_write.h"

#include <type_traits>

#include "kernels/task_cursor.h"

namespace linnet {
namespace {

int64_t indexed_write_tasks(const void *params) {
    return loop_tasks(static_cast<const IndexedWriteParams *>(params)->loop) > 0 ? 1 : 0;
}

// Sums and products of integers wrap, as unsigned ones do. The product of two 8-bit numbers is
// taken as an int, which holds it.
template <class T> struct IndexedWriteOne {
    using Wide = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
    static T add(T a, T b) { return static_cast<T>(static_cast<Wide>(a) + static_cast<Wide>(b)); }
    static T mul(T a, T b) { return static_cast<T>(static_cast<Wide>(a) * static_cast<Wide>(b)); }
};
template <> struct IndexedWriteOne<float> {
    static float add(float a, float b) { return a + b; }
    static float mul(float a, float b) { return a * b; }
};

// The new value of an element. NaN wins a minimum or maximum.
template <class T> T updated(IndexedWriteFunction function, T old, T update) {
    switch (function) {
    case IndexedWriteFunction::kReplace: break;
    case IndexedWriteFunction::kAdd: return IndexedWriteOne<T>::add(old, update);
    case IndexedWriteFunction::kMul: return IndexedWriteOne<T>::mul(old, update);
    case IndexedWriteFunction::kMin: return update < old || update != update ? update : old;
    case IndexedWriteFunction::kMax: return update > old || update != update ? update : old;
    }
    return update;
}

template <class T> void indexed_write_rows(const IndexedWriteParams &write, void *const *operands) {
    StridedCursor at = task_cursor(write.loop, 3, 0, loop_tasks(write.loop));
    const int64_t from_step = at.stride[0], y_step = at.stride[1], index_step = at.stride[2];
    while (at.next(INT64_MAX)) {
        const T *updates = static_cast<const T *>(operands[0]) + at.offset[0];
        T *y = static_cast<T *>(operands[1]);
        for (int64_t i = 0, n = at.count; i < n; ++i) {
            int64_t place = at.offset[1] + i * y_step, index = at.offset[2] + i * index_step;
            if (!find_place(write.indexing, operands[2], index, &place)) continue;
            y[place] = updated(write.function, y[place], updates[i * from_step]);
        }
    }
}

void indexed_write_run(const void *params, void *const *operands, void *, int64_t begin,
                       int64_t end) {
    if (begin >= end) return;
    const IndexedWriteParams &write = *static_cast<const IndexedWriteParams *>(params);
    switch (write.dtype) {
    case DType::kFloat32: return indexed_write_rows<float>(write, operands);
    case DType::kInt64: return indexed_write_rows<int64_t>(write, operands);
    case DType::kInt32: return indexed_write_rows<int32_t>(write, operands);
    case DType::kInt8: return indexed_write_rows<int8_t>(write, operands);
    default: return indexed_write_rows<uint8_t>(write, operands);
    }
}

} // namespace

extern const Kernel indexed_write_kernel;
const Kernel indexed_write_kernel = {"indexed_write", indexed_write_tasks, indexed_write_run};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/strided.h"

#include "kernels/strided_plan.h"

namespace linnet {

int64_t StridedLoop::elements() const {
    int64_t count = 1;
    for (int32_t i = 0; i < rank; ++i) count *= extent[i];
    return count;
}

static int64_t stride_size(int64_t a) { return a < 0 ? -a : a; }

static void move_axis(StridedLoop *loop, int operands, int from, int to) {
    loop->extent[to] = loop->extent[from];
    for (int k = 0; k < operands; ++k) loop->stride[k][to] = loop->stride[k][from];
}

static void swap_axes(StridedLoop *loop, int operands, int a, int b) {
    StridedLoop copy = *loop;
    move_axis(loop, operands, a, b);
    loop->extent[a] = copy.extent[b];
    for (int k = 0; k < operands; ++k) loop->stride[k][a] = copy.stride[k][b];
}

static void drop_single_axes(StridedLoop *loop, int operands) {
    int32_t kept = 0;
    for (int32_t i = 0; i < loop->rank; ++i)
        if (loop->extent[i] != 1) move_axis(loop, operands, i, kept++);
    loop->rank = kept;
}

// Insertion sort: axes are few, and equal strides keep their order.
static void sort_axes(StridedLoop *loop, int operands) {
    for (int32_t i = 1; i < loop->rank; ++i)
        for (int32_t j = i; j > 0 && stride_size(loop->stride[0][j - 1]) <
                                         stride_size(loop->stride[0][j]);
             --j)
            swap_axes(loop, operands, j - 1, j);
}

// Whether axis `outer` goes on where axis `inner` ends, in every operand.
static bool follow_each_other(const StridedLoop &loop, int operands, int outer, int inner) {
    for (int k = 0; k < operands; ++k)
        if (loop.stride[k][outer] != loop.stride[k][inner] * loop.extent[inner]) return false;
    return true;
}

static void merge_axes(StridedLoop *loop, int operands) {
    int32_t kept = 0;
    for (int32_t i = 1; i < loop->rank; ++i) {
        if (follow_each_other(*loop, operands, kept, i)) {
            int64_t extent = loop->extent[kept] * loop->extent[i];
            move_axis(loop, operands, i, kept);
            loop->extent[kept] = extent;
        } else {
            move_axis(loop, operands, i, ++kept);
        }
    }
    if (loop->rank > 0) loop->rank = kept + 1;
}

void coalesce(StridedLoop *loop, int operands) {
    bool empty = loop->elements() == 0;
    drop_single_axes(loop, operands);
    if (empty || loop->rank == 0) {
        loop->rank = 1;
        loop->extent[0] = empty ? 0 : 1;
        for (int k = 0; k < operands; ++k) loop->stride[k][0] = 1;
        return;
    }
    sort_axes(loop, operands);
    merge_axes(loop, operands);
}

StridedCursor::StridedCursor(const StridedLoop &loop, int operands, int64_t begin, int64_t end)
    : loop_(loop), operands_(operands), left_(end - begin),
      last_extent_(loop.rank > 0 ? loop.extent[loop.rank - 1] : 1) {
    for (int32_t i = loop.rank; left_ > 0 && i-- > 0; begin /= loop.extent[i]) {
        index_[i] = begin % loop.extent[i];
        for (int k = 0; k < operands; ++k) offset[k] += index_[i] * loop.stride[k][i];
    }
    for (int k = 0; loop.rank > 0 && k < operands; ++k) stride[k] = loop.stride[k][loop.rank - 1];
}

bool StridedCursor::next(int64_t most) {
    // Past the last piece, with a carry to the axes before.
    int32_t last = loop_.rank - 1;
    for (int k = 0; k < operands_; ++k) offset[k] += count * stride[k];
    left_ -= count;
    if (left_ <= 0) return false;
    if (last >= 0) {
        index_[last] += count;
        for (int32_t i = last; i > 0 && index_[i] == loop_.extent[i]; --i) {
            for (int k = 0; k < operands_; ++k)
                offset[k] += loop_.stride[k][i - 1] - loop_.extent[i] * loop_.stride[k][i];
            index_[i] = 0;
            ++index_[i - 1];
        }
    }
    count = last >= 0 ? last_extent_ - index_[last] : 1;
    if (count > most) count = most;
    if (count > left_) count = left_;
    return true;
}

int64_t element_tasks(int64_t elements, int64_t per_task) {
    return (elements + per_task - 1) / per_task;
}

int64_t unary_tasks(const void *params) {
    const UnaryParams &p = *static_cast<const UnaryParams *>(params);
    return element_tasks(p.loop.elements(), kElementsPerTask);
}

int64_t binary_tasks(const void *params) {
    const BinaryParams &p = *static_cast<const BinaryParams *>(params);
    return element_tasks(p.loop.elements(), kElementsPerTask);
}

int64_t load_integer(DType dtype, const void *data, int64_t at) {
    switch (dtype) {
    case DType::kInt64: return static_cast<const int64_t *>(data)[at];
    case DType::kInt32: return static_cast<const int32_t *>(data)[at];
    case DType::kInt8: return static_cast<const int8_t *>(data)[at];
    default: return static_cast<const uint8_t *>(data)[at];
    }
}

void store_integer(DType dtype, void *data, int64_t at, int64_t value) {
    switch (dtype) {
    case DType::kInt64: static_cast<int64_t *>(data)[at] = value; break;
    case DType::kInt32: static_cast<int32_t *>(data)[at] = static_cast<int32_t>(value); break;
    case DType::kInt8: static_cast<int8_t *>(data)[at] = static_cast<int8_t>(value); break;
    default: static_cast<uint8_t *>(data)[at] = static_cast<uint8_t>(value); break;
    }
}

// Sums and products wrap around, as unsigned numbers do.
static int64_t wrapped_integer(uint64_t a) { return static_cast<int64_t>(a); }

static int64_t integer_quotient(int64_t a, int64_t b) {
    if (b == 0) return 0;
    return b == -1 ? wrapped_integer(0 - static_cast<uint64_t>(a)) : a / b;
}

static int64_t integer_remainder(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a % b; }

static int64_t integer_remainder_floor(int64_t a, int64_t b) {
    int64_t remainder = integer_remainder(a, b);
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

// A negative exponent gives the integer part of the fraction.
static int64_t integer_power(int64_t base, int64_t exponent) {
    if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    uint64_t power = 1, square = static_cast<uint64_t>(base);
    for (; exponent > 0; exponent >>= 1, square *= square)
        if (exponent & 1) power *= square;
    return wrapped_integer(power);
}

static int64_t integer_result(BinaryFunction function, int64_t a, int64_t b) {
    uint64_t ua = static_cast<uint64_t>(a), ub = static_cast<uint64_t>(b);
    switch (function) {
    case BinaryFunction::kAdd: return wrapped_integer(ua + ub);
    case BinaryFunction::kSub: return wrapped_integer(ua - ub);
    case BinaryFunction::kMul: return wrapped_integer(ua * ub);
    case BinaryFunction::kDiv: return integer_quotient(a, b);
    case BinaryFunction::kMin: return a < b ? a : b;
    case BinaryFunction::kMax: return a > b ? a : b;
    case BinaryFunction::kPow: return integer_power(a, b);
    case BinaryFunction::kModFloor: return integer_remainder_floor(a, b);
    case BinaryFunction::kModTrunc: return integer_remainder(a, b);
    case BinaryFunction::kPRelu: return a < 0 ? wrapped_integer(ua * ub) : a;
    case BinaryFunction::kEqual: return a == b;
    case BinaryFunction::kLess: return a < b;
    case BinaryFunction::kLessOrEqual: return a <= b;
    case BinaryFunction::kGreater: return a > b;
    case BinaryFunction::kGreaterOrEqual: return a >= b;
    case BinaryFunction::kAnd: return a != 0 && b != 0;
    case BinaryFunction::kOr: return a != 0 || b != 0;
    case BinaryFunction::kXor: return (a != 0) != (b != 0);
    }
    return 0;
}

void binary_integers(const BinaryParams &p, void *const *operands, int64_t begin, int64_t end) {
    DType result = p.function >= BinaryFunction::kEqual ? DType::kBool : p.dtype;
    StridedCursor at(p.loop, 3, begin, end);
    while (at.next(INT64_MAX)) {
        for (int64_t i = 0; i < at.count; ++i) {
            int64_t a = load_integer(p.dtype, operands[1], at.offset[1] + i * at.stride[1]);
            int64_t b = load_integer(p.dtype, operands[2], at.offset[2] + i * at.stride[2]);
            store_integer(result, operands[0], at.offset[0] + i * at.stride[0],
                          integer_result(p.function, a, b));
        }
    }
}

} // namespace linnet

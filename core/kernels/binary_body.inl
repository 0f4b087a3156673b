// Functions of two numbers over strided tensors.

// Two operands side by side, or one number for all: then its lanes, and a step of 0.
struct PairOf {
    const float *a, *b;
    int64_t a_step, b_step; // floats from one vector to the next
};

template <class Op> void each_pair(Op op, PairOf from, float *y, int64_t n) {
    for (; n > 0; n -= V::width, y += V::width, from.a += from.a_step, from.b += from.b_step)
        store_some(y, op.at(load_some(from.a, n), load_some(from.b, n)), n);
}

// Number by number, for what the C library does.
template <class Op> void each_number_pair(Op op, PairOf from, float *y, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
        y[i] = op.at(from.a[from.a_step ? i : 0], from.b[from.b_step ? i : 0]);
}

F truth(V::M mask) { return V::select(mask, V::set(1.0f), V::zero()); }

struct AddOp {
    F at(F a, F b) const { return V::add(a, b); }
};
struct SubOp {
    F at(F a, F b) const { return V::sub(a, b); }
};
struct MulOp {
    F at(F a, F b) const { return V::mul(a, b); }
};
struct DivOp {
    F at(F a, F b) const { return V::div(a, b); }
};
// A NaN where either is one.
struct MinOp {
    F at(F a, F b) const { return V::select(V::equal(a, a), V::min(a, b), a); }
};
struct MaxOp {
    F at(F a, F b) const { return V::select(V::equal(a, a), V::max(a, b), a); }
};
struct PReluOp {
    F at(F a, F b) const { return V::select(V::less(a, V::zero()), V::mul(a, b), a); }
};
struct EqualOp {
    F at(F a, F b) const { return truth(V::equal(a, b)); }
};
struct LessOp {
    F at(F a, F b) const { return truth(V::less(a, b)); }
};
struct LessOrEqualOp {
    F at(F a, F b) const { return truth(V::less_equal(a, b)); }
};
struct PowOp {
    float at(float a, float b) const { return std::pow(a, b); }
};
struct ModTruncOp {
    float at(float a, float b) const { return std::fmod(a, b); }
};
struct ModFloorOp {
    float at(float a, float b) const {
        float remainder = std::fmod(a, b);
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }
};
struct LogicOp {
    BinaryFunction function;
    float at(float a, float b) const {
        bool x = a != 0, y = b != 0;
        return function == BinaryFunction::kAnd ? x && y
               : function == BinaryFunction::kOr ? x || y
                                                 : x != y;
    }
};

PairOf swapped(PairOf from) { return {from.b, from.a, from.b_step, from.a_step}; }

void combine(BinaryFunction function, PairOf from, float *y, int64_t n) {
    switch (function) {
    case BinaryFunction::kAdd: return each_pair(AddOp{}, from, y, n);
    case BinaryFunction::kSub: return each_pair(SubOp{}, from, y, n);
    case BinaryFunction::kMul: return each_pair(MulOp{}, from, y, n);
    case BinaryFunction::kDiv: return each_pair(DivOp{}, from, y, n);
    case BinaryFunction::kMin: return each_pair(MinOp{}, from, y, n);
    case BinaryFunction::kMax: return each_pair(MaxOp{}, from, y, n);
    case BinaryFunction::kPRelu: return each_pair(PReluOp{}, from, y, n);
    case BinaryFunction::kEqual: return each_pair(EqualOp{}, from, y, n);
    case BinaryFunction::kLess: return each_pair(LessOp{}, from, y, n);
    case BinaryFunction::kLessOrEqual: return each_pair(LessOrEqualOp{}, from, y, n);
    case BinaryFunction::kGreater: return each_pair(LessOp{}, swapped(from), y, n);
    case BinaryFunction::kGreaterOrEqual: return each_pair(LessOrEqualOp{}, swapped(from), y, n);
    case BinaryFunction::kPow: return each_number_pair(PowOp{}, from, y, n);
    case BinaryFunction::kModFloor: return each_number_pair(ModFloorOp{}, from, y, n);
    case BinaryFunction::kModTrunc: return each_number_pair(ModTruncOp{}, from, y, n);
    case BinaryFunction::kAnd:
    case BinaryFunction::kOr:
    case BinaryFunction::kXor: return each_number_pair(LogicOp{function}, from, y, n);
    }
}

// One operand of a piece, its step, and the buffer that it may need.
const float *binary_operand(const float *x, int64_t stride, int64_t n, float *buffer,
                            int64_t *step) {
    *step = stride == 0 ? 0 : V::width;
    if (stride != 0) return side_by_side(x, stride, n, buffer);
    V::store(buffer, V::splat(x));
    return buffer;
}

void binary_floats(const BinaryParams &p, void *const *operands, int64_t begin, int64_t end) {
    float a_buffer[kPiece], b_buffer[kPiece], y_buffer[kPiece];
    bool to_bool = p.function >= BinaryFunction::kEqual;
    StridedCursor at(p.loop, 3, begin, end);
    while (at.next(kPiece)) {
        PairOf from;
        from.a = binary_operand(static_cast<const float *>(operands[1]) + at.offset[1],
                                at.stride[1], at.count, a_buffer, &from.a_step);
        from.b = binary_operand(static_cast<const float *>(operands[2]) + at.offset[2],
                                at.stride[2], at.count, b_buffer, &from.b_step);
        bool dense = at.stride[0] == 1 && !to_bool;
        float *y = dense ? static_cast<float *>(operands[0]) + at.offset[0] : y_buffer;
        combine(p.function, from, y, at.count);
        if (to_bool) {
            uint8_t *flags = static_cast<uint8_t *>(operands[0]) + at.offset[0];
            for (int64_t i = 0; i < at.count; ++i) flags[i * at.stride[0]] = y[i] != 0;
            continue;
        }
        if (p.activation.function != Function::kIdentity)
            activate(p.activation, y, y, at.count);
        if (!dense)
            spread_out(y, static_cast<float *>(operands[0]) + at.offset[0], at.stride[0],
                       at.count);
    }
}

void binary_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const BinaryParams &p = *static_cast<const BinaryParams *>(params);
    int64_t from = begin * kElementsPerTask, to = least(end * kElementsPerTask, p.loop.elements());
    if (p.dtype == DType::kFloat32)
        binary_floats(p, operands, from, to);
    else
        binary_integers(p, operands, from, to);
}

const Kernel binary_kernel = {"binary", binary_tasks, binary_run};

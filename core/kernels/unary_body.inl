// Functions of one number over strided tensors.

constexpr int64_t kPiece = 512; // elements that are copied side by side at a time

// `n` elements, side by side: x itself, or a copy in the buffer of kPiece floats.
const float *side_by_side(const float *x, int64_t stride, int64_t n, float *buffer) {
    if (stride == 1) return x;
    for (int64_t i = 0; i < n; ++i) buffer[i] = x[i * stride];
    return buffer;
}

void spread_out(const float *x, float *y, int64_t stride, int64_t n) {
    for (int64_t i = 0; i < n; ++i) y[i * stride] = x[i];
}

void unary_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const UnaryParams &p = *static_cast<const UnaryParams *>(params);
    int64_t last = least(end * kElementsPerTask, p.loop.elements());
    float from[kPiece], to[kPiece];
    StridedCursor at(p.loop, 2, begin * kElementsPerTask, last);
    while (at.next(kPiece)) {
        float *y = static_cast<float *>(operands[0]) + at.offset[0];
        const float *x = static_cast<const float *>(operands[1]) + at.offset[1];
        x = side_by_side(x, at.stride[1], at.count, from);
        bool dense = at.stride[0] == 1;
        activate(p.activation, x, dense ? y : to, at.count);
        if (!dense) spread_out(to, y, at.stride[0], at.count);
    }
}

const Kernel unary_kernel = {"unary", unary_tasks, unary_run};

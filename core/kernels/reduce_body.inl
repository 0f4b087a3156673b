// Reductions: along rows that lie side by side, or over neighbouring outputs, one per lane.

struct SumReduction {
    static constexpr float first = 0;
    static F next(F sum, F x) { return V::add(sum, x); }
    static F join(F a, F b) { return V::add(a, b); } // of two partial results
};
struct AbsReduction {
    static constexpr float first = 0;
    static F next(F sum, F x) { return V::add(sum, V::abs(x)); }
    static F join(F a, F b) { return V::add(a, b); }
};
struct SquareReduction {
    static constexpr float first = 0;
    static F next(F sum, F x) { return V::fma(x, x, sum); }
    static F join(F a, F b) { return V::add(a, b); }
};
struct ProdReduction {
    static constexpr float first = 1;
    static F next(F sum, F x) { return V::mul(sum, x); }
    static F join(F a, F b) { return next(a, b); }
};
// A NaN stays.
struct MaxReduction {
    static constexpr float first = -INFINITY;
    static F next(F sum, F x) { return V::select(V::equal(sum, sum), V::max(sum, x), sum); }
    static F join(F a, F b) { return next(a, b); }
};
struct MinReduction {
    static constexpr float first = INFINITY;
    static F next(F sum, F x) { return V::select(V::equal(sum, sum), V::min(sum, x), sum); }
    static F join(F a, F b) { return next(a, b); }
};

F finished(const ReduceParams &p, F sum, int64_t count) {
    if (p.reduction == Reduction::kMean)
        return V::div(sum, V::set(static_cast<float>(count)));
    return p.reduction == Reduction::kL2 ? V::sqrt(sum) : sum;
}

// kVectors * V::width neighbouring outputs, or with one vector `lanes` of them.
template <class Op, int kVectors>
void reduce_lanes(const ReduceParams &p, const float *x, float *y, int64_t lanes) {
    F sum[kVectors];
    LINNET_UNROLL
    for (int j = 0; j < kVectors; ++j) sum[j] = V::set(Op::first);
    int64_t count = p.inner.elements();
    StridedCursor at(p.inner, 1, 0, count);
    while (at.next(INT64_MAX)) {
        const float *from = x + at.offset[0];
        for (int64_t i = 0; i < at.count; ++i, from += at.stride[0]) {
            LINNET_UNROLL
            for (int j = 0; j < kVectors; ++j)
                sum[j] = Op::next(sum[j], kVectors > 1 ? V::load(from + j * V::width)
                                                       : load_some(from, lanes));
        }
    }
    LINNET_UNROLL
    for (int j = 0; j < kVectors; ++j) {
        if (kVectors > 1)
            V::store(y + j * V::width, finished(p, sum[j], count));
        else
            store_some(y, finished(p, sum[j], count), lanes);
    }
}

// One output; the innermost elements lie side by side.
template <class Op> void reduce_row(const ReduceParams &p, const float *x, float *y) {
    F sums = V::set(Op::first);
    int64_t count = p.inner.elements();
    StridedCursor at(p.inner, 1, 0, count);
    while (at.next(INT64_MAX)) {
        const float *from = x + at.offset[0];
        for (int64_t i = 0; i < at.count; i += V::width) {
            int64_t n = at.count - i;
            F next = Op::next(sums, load_some(from + i, n));
            sums = keep_first(next, n, sums);
        }
    }
    float lanes[V::width];
    V::store(lanes, sums);
    F sum = V::set(lanes[0]);
    for (int i = 1; i < V::width; ++i) sum = Op::join(sum, V::set(lanes[i]));
    store_some(y, finished(p, sum, count), 1);
}

template <class Op> void reduce_floats(const ReduceParams &p, const float *x, float *y,
                                       int64_t begin, int64_t end) {
    StridedCursor at(p.outer, 2, begin, end);
    bool neighbours = at.stride[0] == 1 && at.stride[1] == 1 &&
                      p.outer.extent[p.outer.rank - 1] > 1;
    bool rows = p.inner.rank > 0 && p.inner.stride[0][p.inner.rank - 1] == 1;
    if (neighbours && rows && p.outer.extent[p.outer.rank - 1] < V::width) neighbours = false;
    constexpr int64_t kMany = 4 * V::width;
    while (at.next(neighbours ? kMany : 1)) {
        const float *from = x + at.offset[1];
        float *to = y + at.offset[0];
        if (!neighbours && rows) {
            reduce_row<Op>(p, from, to);
        } else if (at.count == kMany) {
            reduce_lanes<Op, 4>(p, from, to, kMany);
        } else {
            for (int64_t i = 0; i < at.count; i += V::width)
                reduce_lanes<Op, 1>(p, from + i, to + i, at.count - i);
        }
    }
}

void reduce_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const ReduceParams &p = *static_cast<const ReduceParams *>(params);
    int64_t per_task = rows_per_task(p.inner.elements());
    int64_t from = begin * per_task, to = least(end * per_task, p.outer.elements());
    if (p.dtype != DType::kFloat32) return reduce_integers(p, operands, from, to);
    const float *x = static_cast<const float *>(operands[1]);
    float *y = static_cast<float *>(operands[0]);
    switch (p.reduction) {
    case Reduction::kSum:
    case Reduction::kMean: return reduce_floats<SumReduction>(p, x, y, from, to);
    case Reduction::kMax: return reduce_floats<MaxReduction>(p, x, y, from, to);
    case Reduction::kMin: return reduce_floats<MinReduction>(p, x, y, from, to);
    case Reduction::kL1: return reduce_floats<AbsReduction>(p, x, y, from, to);
    case Reduction::kProd: return reduce_floats<ProdReduction>(p, x, y, from, to);
    case Reduction::kL2:
    case Reduction::kSumSquare: return reduce_floats<SquareReduction>(p, x, y, from, to);
    }
}

const Kernel reduce_kernel = {"reduce", reduce_tasks, reduce_run};

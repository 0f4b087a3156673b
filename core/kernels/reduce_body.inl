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

// The loops that depend on the operation; what calls them exists once.
constexpr int kReduceVectors = 4;
struct ReduceLoops {
    float first;
    // Take `count` elements, `stride` floats apart, of each of the neighbouring outputs: as many as
    // kReduceVectors vectors have, or `lanes` of one vector.
    void (*many)(F *sum, const float *from, int64_t stride, int64_t count, int64_t lanes);
    void (*some)(F *sum, const float *from, int64_t stride, int64_t count, int64_t lanes);
    // Takes `count` elements, side by side, of one output.
    F (*row)(F sums, const float *from, int64_t count);
    F (*join)(F sums); // of all lanes, in each lane
};

template <class Op, int kVectors>
void reduce_neighbours(F *sum, const float *from, int64_t stride, int64_t count, int64_t lanes) {
    F own[kVectors];
    LINNET_UNROLL
    for (int j = 0; j < kVectors; ++j) own[j] = sum[j];
    for (int64_t i = 0; i < count; ++i, from += stride) {
        LINNET_UNROLL
        for (int j = 0; j < kVectors; ++j)
            own[j] = Op::next(own[j], kVectors > 1 ? V::load(from + j * V::width)
                                                   : load_some(from, lanes));
    }
    LINNET_UNROLL
    for (int j = 0; j < kVectors; ++j) sum[j] = own[j];
}

template <class Op> F reduce_side_by_side(F sums, const float *from, int64_t count) {
    for (; count >= V::width; count -= V::width, from += V::width)
        sums = Op::next(sums, V::load(from));
    return count > 0 ? keep_first(Op::next(sums, V::load_partial(from, count)), count, sums) : sums;
}

template <class Op> F join_lanes(F sums) {
    float lanes[V::width];
    V::store(lanes, sums);
    F sum = V::set(lanes[0]);
    for (int i = 1; i < V::width; ++i) sum = Op::join(sum, V::set(lanes[i]));
    return sum;
}

// `lanes` neighbouring outputs: kReduceVectors * V::width, or at most one vector of them.
void reduce_lanes(const ReduceParams &p, const ReduceLoops &loops, const float *x, float *y,
                  int64_t lanes) {
    F sum[kReduceVectors];
    for (F &vector : sum) vector = V::set(loops.first);
    bool many = lanes == kReduceVectors * V::width;
    int64_t count = p.inner.elements();
    StridedCursor at(p.inner, 1, 0, count);
    while (at.next(INT64_MAX))
        (many ? loops.many : loops.some)(sum, x + at.offset[0], at.stride[0], at.count, lanes);
    for (int j = 0; j * V::width < lanes; ++j)
        store_some(y + j * V::width, finished(p, sum[j], count), lanes - j * V::width);
}

// One output; the innermost elements lie side by side.
void reduce_row(const ReduceParams &p, const ReduceLoops &loops, const float *x, float *y) {
    F sums = V::set(loops.first);
    int64_t count = p.inner.elements();
    StridedCursor at(p.inner, 1, 0, count);
    while (at.next(INT64_MAX)) sums = loops.row(sums, x + at.offset[0], at.count);
    store_some(y, finished(p, loops.join(sums), count), 1);
}

void reduce_floats(const ReduceParams &p, const ReduceLoops &loops, const float *x, float *y,
                   int64_t begin, int64_t end) {
    StridedCursor at(p.outer, 2, begin, end);
    bool neighbours = at.stride[0] == 1 && at.stride[1] == 1 &&
                      p.outer.extent[p.outer.rank - 1] > 1;
    bool rows = p.inner.rank > 0 && p.inner.stride[0][p.inner.rank - 1] == 1;
    if (neighbours && rows && p.outer.extent[p.outer.rank - 1] < V::width) neighbours = false;
    constexpr int64_t kMany = kReduceVectors * V::width;
    while (at.next(neighbours ? kMany : 1)) {
        const float *from = x + at.offset[1];
        float *to = y + at.offset[0];
        if (!neighbours && rows) {
            reduce_row(p, loops, from, to);
        } else if (at.count == kMany) {
            reduce_lanes(p, loops, from, to, kMany);
        } else {
            for (int64_t i = 0; i < at.count; i += V::width)
                reduce_lanes(p, loops, from + i, to + i, least(V::width, at.count - i));
        }
    }
}

template <class Op>
void reduce_by(const ReduceParams &p, const float *x, float *y, int64_t begin, int64_t end) {
    const ReduceLoops loops = {Op::first, reduce_neighbours<Op, kReduceVectors>,
                               reduce_neighbours<Op, 1>, reduce_side_by_side<Op>, join_lanes<Op>};
    reduce_floats(p, loops, x, y, begin, end);
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
    case Reduction::kMean: return reduce_by<SumReduction>(p, x, y, from, to);
    case Reduction::kMax: return reduce_by<MaxReduction>(p, x, y, from, to);
    case Reduction::kMin: return reduce_by<MinReduction>(p, x, y, from, to);
    case Reduction::kL1: return reduce_by<AbsReduction>(p, x, y, from, to);
    case Reduction::kProd: return reduce_by<ProdReduction>(p, x, y, from, to);
    case Reduction::kL2:
    case Reduction::kSumSquare: return reduce_by<SquareReduction>(p, x, y, from, to);
    }
}

const Kernel reduce_kernel = {"reduce", reduce_tasks, reduce_run};

// Softmax over rows that lie side by side, or over several neighbouring rows at once.

F keep_first(F a, int64_t n, F other) {
    return n >= V::width ? a : V::select(V::first(n), a, other);
}

void softmax_row(const SoftmaxParams &p, const float *x, float *y) {
    F lowest = V::set(-INFINITY), greatest = lowest, sums = V::zero();
    for (int64_t i = 0; i < p.length; i += V::width) {
        int64_t n = p.length - i;
        greatest = V::max(greatest, keep_first(load_some(x + i, n), n, lowest));
    }
    F max = V::set(V::greatest(greatest));
    for (int64_t i = 0; i < p.length; i += V::width) {
        int64_t n = p.length - i;
        F e = exp_of(V::sub(load_some(x + i, n), max));
        sums = V::add(sums, keep_first(e, n, V::zero()));
        if (!p.logarithm) store_some(y + i, e, n);
    }
    float sum = V::sum(sums);
    F log = V::set(p.logarithm ? std::log(sum) : 0), factor = V::set(1.0f / sum);
    for (int64_t i = 0; i < p.length; i += V::width) {
        int64_t n = p.length - i;
        if (p.logarithm)
            store_some(y + i, V::sub(V::sub(load_some(x + i, n), max), log), n);
        else
            store_some(y + i, V::mul(load_some(y + i, n), factor), n);
    }
}

// One row per lane; the first elements of the n rows lie side by side.
void softmax_lanes(const SoftmaxParams &p, const float *x, float *y, int64_t n) {
    F max = V::set(-INFINITY), sum = V::zero();
    for (int64_t i = 0; i < p.length; ++i) max = V::max(max, load_some(x + i * p.x_stride, n));
    for (int64_t i = 0; i < p.length; ++i) {
        F e = exp_of(V::sub(load_some(x + i * p.x_stride, n), max));
        sum = V::add(sum, e);
        if (!p.logarithm) store_some(y + i * p.y_stride, e, n);
    }
    if (p.logarithm) {
        float lanes[V::width];
        V::store(lanes, sum);
        for (int i = 0; i < V::width; ++i) lanes[i] = std::log(lanes[i]);
        sum = V::load(lanes);
    }
    for (int64_t i = 0; i < p.length; ++i) {
        float *at = y + i * p.y_stride;
        if (p.logarithm)
            store_some(at, V::sub(V::sub(load_some(x + i * p.x_stride, n), max), sum), n);
        else
            store_some(at, V::div(load_some(at, n), sum), n);
    }
}

void softmax_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const SoftmaxParams &p = *static_cast<const SoftmaxParams *>(params);
    int64_t rows = rows_per_task(p.length), last = least(end * rows, p.outer.elements());
    bool dense = p.x_stride == 1 && p.y_stride == 1;
    StridedCursor at(p.outer, 2, begin * rows, last);
    bool neighbours = !dense && at.stride[0] == 1 && at.stride[1] == 1;
    while (at.next(neighbours ? V::width : 1)) {
        float *y = static_cast<float *>(operands[0]) + at.offset[0];
        const float *x = static_cast<const float *>(operands[1]) + at.offset[1];
        if (dense)
            softmax_row(p, x, y);
        else
            softmax_lanes(p, x, y, at.count);
    }
}

const Kernel softmax_kernel = {"softmax", softmax_tasks, softmax_run};

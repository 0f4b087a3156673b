// Normalisation of rows to mean 0 and variance 1.

float row_mean(const float *x, int64_t length) {
    F sums = V::zero();
    for (int64_t i = 0; i < length; i += V::width)
        sums = V::add(sums, load_some(x + i, length - i));
    return V::sum(sums) / static_cast<float>(length);
}

float row_variance(const float *x, int64_t length, F mean) {
    F sums = V::zero();
    for (int64_t i = 0; i < length; i += V::width) {
        int64_t n = length - i;
        F d = keep_first(V::sub(load_some(x + i, n), mean), n, V::zero());
        sums = V::fma(d, d, sums);
    }
    return V::sum(sums) / static_cast<float>(length);
}

// y = (x - mean) * factor * scale + bias, with a scale and a bias per element, or for all.
struct NormalizeRow {
    F mean, factor;
    const float *scale, *bias; // or nullptr

    F at(F x, F scales, F biases) const {
        return V::fma(V::mul(V::sub(x, mean), factor), scales, biases);
    }
    void each(const float *x, float *y, int64_t length) const {
        for (int64_t i = 0; i < length; i += V::width) {
            int64_t n = length - i;
            F scales = scale ? load_some(scale + i, n) : V::set(1.0f);
            F biases = bias ? load_some(bias + i, n) : V::zero();
            store_some(y + i, at(load_some(x + i, n), scales, biases), n);
        }
    }
    void all(const float *x, float *y, int64_t length) const {
        F scales = scale ? V::splat(scale) : V::set(1.0f);
        F biases = bias ? V::splat(bias) : V::zero();
        for (int64_t i = 0; i < length; i += V::width)
            store_some(y + i, at(load_some(x + i, length - i), scales, biases), length - i);
    }
};

void normalize_row(const NormalizeParams &p, int64_t row, const float *x, float *y,
                   const float *scale, const float *bias) {
    int64_t parts = p.length / p.repeat, first = row % p.groups * parts;
    F mean = V::set(row_mean(x, p.length));
    float variance = row_variance(x, p.length, mean);
    F factor = V::set(1.0f / std::sqrt(variance + p.epsilon));
    if (p.repeat == 1)
        return NormalizeRow{mean, factor, maybe_at(scale, first), maybe_at(bias, first)}.each(
            x, y, p.length);
    for (int64_t i = 0; i < parts; ++i, x += p.repeat, y += p.repeat)
        NormalizeRow{mean, factor, maybe_at(scale, first + i), maybe_at(bias, first + i)}.all(
            x, y, p.repeat);
}

void normalize_run(const void *params, void *const *operands, void *, int64_t begin,
                   int64_t end) {
    const NormalizeParams &p = *static_cast<const NormalizeParams *>(params);
    int64_t rows = rows_per_task(p.length), row = begin * rows;
    StridedCursor at(p.outer, 2, row, least(end * rows, p.outer.elements()));
    for (; at.next(1); ++row)
        normalize_row(p, row, static_cast<const float *>(operands[1]) + at.offset[1],
                      static_cast<float *>(operands[0]) + at.offset[0],
                      static_cast<const float *>(operands[2]),
                      static_cast<const float *>(operands[3]));
}

const Kernel normalize_kernel = {"normalize", normalize_tasks, normalize_run};

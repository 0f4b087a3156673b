// Depthwise convolution: vectors over channels, several output columns at once.

struct DepthwiseWork {
    const Conv2dParams &params;
    int64_t pixel, tap_row; // floats between taps along a row, and between rows of taps
    int64_t lanes;          // channels of this vector that exist
    int64_t weight_tap;     // floats between the weights of taps
    TapRange h;
    const float *weights;
    F bias;
    Bounds bounds;
};

template <bool kWhole> F load_lanes(const float *p, int64_t n) {
    if constexpr (kWhole)
        return V::load(p);
    else
        return V::load_partial(p, n);
}
template <bool kWhole> void store_lanes(float *p, F a, int64_t n) {
    if constexpr (kWhole)
        V::store(p, a);
    else
        V::store_partial(p, a, n);
}

// Does what follows the sums of some outputs, [output][lane], and stores them: whatever it is.
template <bool kWhole>
LINNET_APART void finish_outputs(const DepthwiseWork &work, float *sums, int64_t outputs,
                                 const float *residual, float *y) {
    const Conv2dParams &p = work.params;
    for (int64_t i = 0; residual && i < outputs; ++i) {
        float *at = sums + i * V::width;
        V::store(at, V::add(V::load(at),
                            load_lanes<kWhole>(residual + i * p.residual.pixel, work.lanes)));
    }
    activate(p.activation, sums, sums, outputs * V::width);
    for (int64_t i = 0; i < outputs; ++i)
        store_lanes<kWhole>(y + i * p.out.pixel, V::load(sums + i * V::width), work.lanes);
}

// Any taps [w.begin, w.end) of each row; x is at the first tap of the first output.
template <int kOutputs, bool kWhole>
void depthwise_any(const DepthwiseWork &work, TapRange w, const float *x, const float *residual,
                   float *y) {
    const Conv2dParams &p = work.params;
    F sum[kOutputs];
    LINNET_UNROLL
    for (int i = 0; i < kOutputs; ++i) sum[i] = work.bias;
    for (int32_t h = work.h.begin; h < work.h.end; ++h, x += work.tap_row) {
        const float *weight = work.weights + (int64_t(h) * p.kernel_w + w.begin) * work.weight_tap;
        const float *tap = x;
        for (int32_t i = w.begin; i < w.end; ++i, tap += work.pixel, weight += work.weight_tap) {
            F factor = V::load(weight);
            LINNET_UNROLL
            for (int j = 0; j < kOutputs; ++j)
                sum[j] = V::fma(load_lanes<kWhole>(tap + j * p.stride_w * p.in.pixel, work.lanes),
                                factor, sum[j]);
        }
    }
    float sums[kOutputs * V::width];
    LINNET_UNROLL
    for (int i = 0; i < kOutputs; ++i) V::store(sums + i * V::width, sum[i]);
    finish_outputs<kWhole>(work, sums, kOutputs, residual, y);
}

// Outputs per step: with the weights of a row of taps and one input, sums fit in sixteen registers;
// and widths are often multiples of 7.
constexpr int kDepthwiseStep = 7;

// Where a step reads: x is at the first tap of its first output. Of its columns of inputs, those
// from `begin` to before `end` exist, and of its outputs the first `outputs`.
struct DepthwisePlace {
    const float *x, *residual;
    float *y;
    int64_t begin, end, outputs;
};

// One row of taps of a step. With kSome, inputs need not exist.
template <int kWidth, int kStride, bool kWhole, bool kSome>
LINNET_INSIDE void depthwise_taps(const DepthwiseWork &work, const DepthwisePlace &at,
                                  const float *x, const float *weights,
                                  F (&sum)[kDepthwiseStep]) {
    constexpr int kInputs = (kDepthwiseStep - 1) * kStride + kWidth;
    const int64_t pixel = work.pixel;
    F factor[kWidth];
    LINNET_UNROLL
    for (int i = 0; i < kWidth; ++i) factor[i] = V::load(weights + i * work.weight_tap);
    LINNET_UNROLL
    for (int q = 0; q < kInputs; ++q, x += pixel) {
        if (kSome && ((q < kWidth && q < at.begin) || q >= at.end)) continue;
        F value = V::in_register(load_lanes<kWhole>(x, work.lanes));
        LINNET_UNROLL
        for (int i = 0; i < kWidth; ++i) {
            int output = (q - i) / kStride;
            if (q >= i && (q - i) % kStride == 0 && output < kDepthwiseStep)
                sum[output] = V::fma(value, factor[i], sum[output]);
        }
    }
}

// kDepthwiseStep outputs in a row, without dilation along it; each input is loaded once. At most
// kWidth columns are missing on the left.
template <int kWidth, int kStride, bool kWhole>
void depthwise_step(const DepthwiseWork &work, const DepthwisePlace &place) {
    constexpr int kInputs = (kDepthwiseStep - 1) * kStride + kWidth;
    const DepthwisePlace at = place;
    const int64_t tap_row = work.tap_row, weight_row = kWidth * work.weight_tap;
    const bool inside = kWhole && at.begin <= 0 && at.end >= kInputs;
    F sum[kDepthwiseStep];
    LINNET_UNROLL
    for (int i = 0; i < kDepthwiseStep; ++i) sum[i] = work.bias;
    const float *x = at.x, *weights = work.weights + work.h.begin * weight_row;
    for (int32_t h = work.h.end - work.h.begin; h > 0; --h, x += tap_row, weights += weight_row) {
        if (inside)
            depthwise_taps<kWidth, kStride, kWhole, false>(work, at, x, weights, sum);
        else
            depthwise_taps<kWidth, kStride, kWhole, true>(work, at, x, weights, sum);
    }
    if (at.outputs < kDepthwiseStep || at.residual || !work.bounds.are_all) {
        float sums[kDepthwiseStep * V::width];
        LINNET_UNROLL
        for (int i = 0; i < kDepthwiseStep; ++i) V::store(sums + i * V::width, sum[i]);
        return finish_outputs<kWhole>(work, sums, at.outputs, at.residual, at.y);
    }
    F low = V::set(work.bounds.low), high = V::set(work.bounds.high);
    const int64_t y_pixel = work.params.out.pixel;
    LINNET_UNROLL
    for (int i = 0; i < kDepthwiseStep; ++i)
        store_lanes<kWhole>(at.y + i * y_pixel, V::min(high, V::max(low, sum[i])), work.lanes);
}

// One row of outputs for one vector of channels. x, residual and y are at column 0 of the first
// row of taps, of the residual and of the output.
template <int kWidth, int kStride, bool kWhole>
void depthwise_row(const DepthwiseWork &work, const float *x, const float *residual, float *y) {
    const Conv2dParams &p = work.params;
    const int64_t in_pixel = p.in.pixel, out_pixel = p.out.pixel, in_w = p.in_w, out_w = p.out_w;
    const int64_t pad = p.pad_left, residual_pixel = p.residual.pixel;
    for (int64_t column = 0; column < out_w; column += kDepthwiseStep) {
        int64_t in_column = column * kStride - pad;
        DepthwisePlace at = {x + in_column * in_pixel, maybe_at(residual, column * residual_pixel),
                             y + column * out_pixel,   -in_column,
                             in_w - in_column,         least(kDepthwiseStep, out_w - column)};
        depthwise_step<kWidth, kStride, kWhole>(work, at);
    }
}

// The same for any kernel.
template <bool kWhole>
void depthwise_any_row(const DepthwiseWork &work, const float *x, const float *residual, float *y) {
    const Conv2dParams &p = work.params;
    WindowAxis columns = column_axis(p);
    for (int32_t column = 0; column < p.out_w;) {
        TapRange w = columns.taps_inside(column);
        int64_t in_column = columns.input(column, w.begin);
        const float *x_at = w.begin < w.end ? x + in_column * p.in.pixel : x;
        const float *residual_at = maybe_at(residual, column * p.residual.pixel);
        float *y_at = y + column * p.out.pixel;
        TapRange last = columns.taps_inside(column + kDepthwiseStep - 1);
        bool inside = w.begin == 0 && last.end == p.kernel_w;
        if (inside && column + kDepthwiseStep <= p.out_w) {
            depthwise_any<kDepthwiseStep, kWhole>(work, w, x_at, residual_at, y_at);
            column += kDepthwiseStep;
        } else {
            depthwise_any<1, kWhole>(work, w, x_at, residual_at, y_at);
            ++column;
        }
    }
}

using DepthwiseRow = void (*)(const DepthwiseWork &, const float *, const float *, float *);

template <bool kWhole> DepthwiseRow depthwise_row_for(const Conv2dParams &p) {
    if constexpr (!kWhole && !V::has_masks) return depthwise_any_row<kWhole>;
    // See depthwise_step.
    bool usual = p.dilation_w == 1 && p.stride_w <= 2 && p.pad_left <= p.kernel_w;
    switch (usual ? p.kernel_w * 10 + p.stride_w : 0) {
    case 31: return depthwise_row<3, 1, kWhole>;
    case 32: return depthwise_row<3, 2, kWhole>;
    case 51: return depthwise_row<5, 1, kWhole>;
    case 52: return depthwise_row<5, 2, kWhole>;
    case 71: // large, and not worth it where vectors are short
        if constexpr (V::width > 4) return depthwise_row<7, 1, kWhole>;
        return depthwise_any_row<kWhole>;
    default: return depthwise_any_row<kWhole>;
    }
}

void depthwise2d_run(const void *params, void *const *operands, void *, int64_t begin,
                     int64_t end) {
    const Conv2dParams &p = *static_cast<const Conv2dParams *>(params);
    DepthwisePlan plan = plan_depthwise2d(p);
    const float *x = static_cast<const float *>(operands[0]);
    const float *weights = static_cast<const float *>(operands[1]);
    const float *bias = static_cast<const float *>(operands[2]);
    const float *residual = static_cast<const float *>(operands[3]);
    float *y = static_cast<float *>(operands[4]);

    DepthwiseWork work{p,       p.dilation_w * p.in.pixel,
                       p.dilation_h * p.in.row,
                       0,       (int64_t(p.out_c) + 15) / 16 * 16,
                       {0, 0},  weights,
                       V::zero(), bounds_of(p.activation)};
    WindowAxis axis = row_axis(p);
    DepthwiseRow whole = depthwise_row_for<true>(p), part = depthwise_row_for<false>(p);
    for (int64_t task = begin; task < end; ++task) {
        int64_t rows = task % plan.row_blocks, channels = task / plan.row_blocks;
        int64_t image = channels / plan.channel_blocks;
        channels %= plan.channel_blocks;
        int64_t channel_begin =
            part_begin(p.out_c, kDepthwiseUnit, plan.channel_blocks, channels);
        int64_t channel_end =
            part_begin(p.out_c, kDepthwiseUnit, plan.channel_blocks, channels + 1);
        int64_t row = part_begin(p.out_h, 1, plan.row_blocks, rows);
        int64_t row_end = part_begin(p.out_h, 1, plan.row_blocks, rows + 1);
        for (; row < row_end; ++row) {
            work.h = axis.taps_inside(static_cast<int32_t>(row));
            int64_t in_row = axis.input(row, work.h.begin);
            if (work.h.begin == work.h.end) in_row = 0;
            for (int64_t c = channel_begin; c < channel_end; c += V::width) {
                work.lanes = least(V::width, channel_end - c);
                work.weights = weights + c;
                work.bias = bias ? load_some(bias + c, work.lanes) : V::zero();
                const float *x_at = x + offset_in(p.in, image, in_row, 0) + c;
                const float *residual_at =
                    maybe_at(residual, offset_in(p.residual, image, row, 0) + c);
                float *y_at = y + offset_in(p.out, image, row, 0) + c;
                (work.lanes == V::width ? whole : part)(work, x_at, residual_at, y_at);
            }
        }
    }
}

const Kernel depthwise2d_kernel = {"depthwise2d", depthwise2d_tasks, depthwise2d_run};

// Max and average pooling: vectors over channels, taps one after the other.

// The taps inside the picture of one output pixel.
struct PoolWindow {
    int32_t rows, columns;
    int64_t row, column; // floats between them
};

// The first `lanes` channels, more than kVectors - 1 whole vectors.
template <bool kAverage, int kVectors>
void pool_channels(const PoolWindow &window, F divisor, const float *x, float *y, int64_t lanes) {
    constexpr int kLast = kVectors - 1;
    const int64_t left = lanes - kLast * V::width, column = window.column;
    F sum[kVectors];
    LINNET_UNROLL
    for (int i = 0; i < kVectors; ++i) sum[i] = V::set(kAverage ? 0.0f : -INFINITY);
    for (int32_t h = window.rows; h > 0; --h, x += window.row) {
        const float *at = x;
        for (int32_t w = window.columns; w > 0; --w, at += column) {
            LINNET_UNROLL
            for (int i = 0; i < kVectors; ++i) {
                const float *from = at + i * V::width;
                F value = i < kLast ? V::load(from) : load_some(from, left);
                sum[i] = kAverage ? V::add(sum[i], value) : V::max(sum[i], value);
            }
        }
    }
    LINNET_UNROLL
    for (int i = 0; i < kVectors; ++i) {
        F value = kAverage ? V::div(sum[i], divisor) : sum[i];
        if (i < kLast)
            V::store(y + i * V::width, value);
        else
            store_some(y + i * V::width, value, left);
    }
}

template <bool kAverage>
void pool_pixel(const PoolWindow &window, int32_t divisor, const float *x, float *y,
                int64_t channels) {
    F by = V::set(static_cast<float>(divisor));
    constexpr int64_t kMany = 4 * V::width, kSome = 2 * V::width;
    for (; channels > 3 * V::width; channels -= kMany, x += kMany, y += kMany)
        pool_channels<kAverage, 4>(window, by, x, y, least(kMany, channels));
    for (; channels > V::width; channels -= kSome, x += kSome, y += kSome)
        pool_channels<kAverage, 2>(window, by, x, y, least(kSome, channels));
    if (channels > 0) pool_channels<kAverage, 1>(window, by, x, y, channels);
}

// What the average of an axis divides by.
int32_t pool_divisor(const Pool2dParams &p, int32_t row, int32_t column, TapRange h, TapRange w) {
    if (p.count_pads) {
        WindowAxis rows = row_axis(p), columns = column_axis(p);
        rows.in += p.pad_top + p.pad_bottom;
        columns.in += p.pad_left + p.pad_right;
        rows.pad = columns.pad = 0;
        h = rows.taps_inside(row);
        w = columns.taps_inside(column);
    }
    int32_t divisor = h.length() * w.length();
    return divisor > 0 ? divisor : 1;
}

// A row of output pixels of the picture x; neighbours with whole windows go together.
void pool_row(const Pool2dParams &p, const float *x, float *y, int32_t row, int64_t channels) {
    WindowAxis rows = row_axis(p), columns = column_axis(p);
    TapRange h = rows.taps_inside(row);
    int64_t in_row = rows.input(row, h.begin);
    y += row * p.out.row;
    for (int32_t column = 0; column < p.out_w;) {
        TapRange w = columns.taps_inside(column);
        int64_t in_column = columns.input(column, w.begin);
        PoolWindow window = {h.length(), w.length(), p.dilation_h * p.in.row,
                             p.dilation_w * p.in.pixel};
        bool empty = window.rows == 0 || window.columns == 0;
        if (empty) window.rows = 0;
        const float *from = x + (empty ? 0 : in_row * p.in.row + in_column * p.in.pixel);
        int32_t divisor = pool_divisor(p, row, column, h, w);
        int64_t step = empty ? 0 : p.stride_w * p.in.pixel;
        int32_t end = column + 1; // the divisor may change where the taps do not
        if (window.columns == p.kernel_w) end = columns.taps_end(w, column, p.out_w);
        for (; column < end; ++column, from += step, y += p.out.pixel) {
            if (p.average)
                pool_pixel<true>(window, divisor, from, y, channels);
            else
                pool_pixel<false>(window, 1, from, y, channels);
        }
    }
}

void pool2d_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const Pool2dParams &p = *static_cast<const Pool2dParams *>(params);
    PoolPlan plan = plan_pool2d(p);
    const float *x = static_cast<const float *>(operands[0]);
    float *y = static_cast<float *>(operands[1]);
    for (int64_t task = begin; task < end; ++task) {
        int64_t channel = task % plan.channel_blocks * plan.channel_block;
        int64_t channels = least(plan.channel_block, p.channels - channel);
        int64_t rows = task / plan.channel_blocks, image = rows / plan.row_blocks;
        int64_t part = rows % plan.row_blocks;
        int32_t row = static_cast<int32_t>(part_begin(p.out_h, 1, plan.row_blocks, part));
        int32_t row_end =
            static_cast<int32_t>(part_begin(p.out_h, 1, plan.row_blocks, part + 1));
        for (; row < row_end; ++row)
            pool_row(p, x + channel + image * p.in.image, y + channel + image * p.out.image, row,
                     channels);
    }
}

const Kernel pool2d_kernel = {"pool2d", pool2d_tasks, pool2d_run};

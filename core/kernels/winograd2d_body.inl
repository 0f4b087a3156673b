// Winograd's minimal filtering: transforms around products of rows with panels of weights.

// The lines of a square, one after the other where there are not registers for a whole one: its
// numbers go through memory in any case then.
#if defined(__clang__)
#define LINNET_UNROLL_SQUARE _Pragma("clang loop unroll_count(V::width < 16 ? 1 : 8)")
#elif defined(__GNUC__)
#define LINNET_UNROLL_SQUARE _Pragma("GCC unroll V::width < 16 ? 1 : 8")
#else
#define LINNET_UNROLL_SQUARE
#endif

// Each transform comes as a function of one line of numbers; squares take it along both axes.
// The matrices are those of Toom and Cook for the points in winograd2d.h.
template <int kTile> struct WinogradLine;

template <> struct WinogradLine<2> {
    static void input(const F *d, F *t) {
        t[0] = V::sub(d[2], d[0]);
        t[1] = V::add(d[2], d[1]);
        t[2] = V::sub(d[2], d[1]);
        t[3] = V::sub(d[3], d[1]);
    }
    static void output(const F *m, F *y) {
        y[0] = V::add(m[0], V::add(m[1], m[2]));
        y[1] = V::add(V::sub(m[1], m[2]), m[3]);
    }
};

template <> struct WinogradLine<4> {
    // With p = 1/sqrt(2), q = sqrt(2).
    static void input(const F *d, F *t) {
        F p = V::set(0.70710678118654752f), q = V::set(1.41421356237309505f);
        F two = V::set(-2.0f), half = V::set(-0.5f), both = V::set(-2.5f);
        F even_p = V::fma(two, d[2], d[4]), odd_p = V::mul(p, V::fma(two, d[1], d[3]));
        F even_q = V::fma(half, d[2], d[4]), odd_q = V::mul(q, V::fma(half, d[1], d[3]));
        t[0] = V::add(d[0], V::fma(both, d[2], d[4]));
        t[1] = V::add(even_p, odd_p);
        t[2] = V::sub(even_p, odd_p);
        t[3] = V::add(even_q, odd_q);
        t[4] = V::sub(even_q, odd_q);
        t[5] = V::add(d[1], V::fma(both, d[3], d[5]));
    }
    static void output(const F *m, F *y) {
        F sum_p = V::add(m[1], m[2]), difference_p = V::sub(m[1], m[2]);
        F sum_q = V::add(m[3], m[4]), difference_q = V::sub(m[3], m[4]);
        F p = V::set(0.70710678118654752f), q = V::set(1.41421356237309505f);
        F p3 = V::set(0.35355339059327376f), q3 = V::set(2.82842712474619010f);
        y[0] = V::add(m[0], V::add(sum_p, sum_q));
        y[1] = V::fma(p, difference_p, V::mul(q, difference_q));
        y[2] = V::fma(V::set(0.5f), sum_p, V::mul(V::set(2.0f), sum_q));
        y[3] = V::add(m[5], V::fma(p3, difference_p, V::mul(q3, difference_q)));
    }
};

template <> struct WinogradLine<6> {
    // Two points of opposite signs share what comes from even places; what comes from odd ones
    // has the sign.
    static void opposite(F even, F odd, F *t) {
        t[0] = V::add(even, odd);
        t[1] = V::sub(even, odd);
    }
    static F weighed(float a, F x, float b, F y, F z) {
        return V::fma(V::set(b), y, V::fma(V::set(a), x, z));
    }
    static void input(const F *d, F *t) {
        F all = V::set(5.25f), one = V::set(-4.25f), low = V::set(-1.25f), two = V::set(2.0f);
        F quarter = V::set(0.25f), half = V::set(0.5f), odd = V::set(-2.5f), four = V::set(4.0f);
        t[0] = V::fma(all, V::sub(d[4], d[2]), V::sub(d[0], d[6]));
        opposite(V::fma(one, d[4], V::add(d[2], d[6])), V::fma(one, d[3], V::add(d[1], d[5])),
                 t + 1);
        opposite(V::fma(quarter, d[2], V::fma(low, d[4], d[6])),
                 V::fma(half, d[1], V::fma(odd, d[3], V::mul(two, d[5]))), t + 3);
        opposite(V::fma(four, V::fma(low, d[4], d[2]), d[6]),
                 V::fma(two, d[1], V::fma(odd, d[3], V::mul(half, d[5]))), t + 5);
        t[7] = V::fma(all, V::sub(d[3], d[5]), V::sub(d[7], d[1]));
    }
    static void output(const F *m, F *y) {
        F sum_1 = V::add(m[1], m[2]), difference_1 = V::sub(m[1], m[2]);
        F sum_2 = V::add(m[3], m[4]), difference_2 = V::sub(m[3], m[4]);
        F sum_half = V::add(m[5], m[6]), difference_half = V::sub(m[5], m[6]);
        y[0] = V::fma(V::set(32.0f), sum_half, V::add(m[0], V::add(sum_1, sum_2)));
        y[1] = weighed(2, difference_2, 16, difference_half, difference_1);
        y[2] = weighed(4, sum_2, 8, sum_half, sum_1);
        y[3] = weighed(8, difference_2, 4, difference_half, difference_1);
        y[4] = weighed(16, sum_2, 2, sum_half, sum_1);
        y[5] = V::fma(V::set(32.0f), difference_2,
                      V::add(m[7], V::add(difference_1, difference_half)));
    }
};

struct WinogradWork;
struct WinogradSquare;

// The functions for one size of tiles.
struct WinogradTransforms {
    void (*input)(const WinogradPixels &, int64_t c, int64_t lanes, int64_t plane, float *to,
                  int64_t next);
    void (*output)(const WinogradWork &, const WinogradSquare &, const float *products);
};

struct WinogradWork {
    const Winograd2dParams &params;
    const Winograd2dPlan &plan;
    const float *x, *weights, *bias, *residual;
    float *y;
    Bounds bounds;
    float *inputs, *products, *zeros; // in the scratch
    WinogradTransforms transforms;
};

// Takes line j of the pixels of an input square to column j of `square`; the same pixels of the
// next tile, `next` floats further on, are brought near meanwhile.
template <int kTile, bool kWhole>
inline void transform_line(const WinogradPixels &pixels, int j, int64_t c, int64_t lanes,
                           int64_t next, F (*square)[kTile + 2]) {
    constexpr int kSide = kTile + 2;
    F line[kSide], transformed[kSide];
    LINNET_UNROLL
    for (int i = 0; i < kSide; ++i) {
        const float *from = pixels.at[i][j] + c;
        line[i] = kWhole ? V::load(from) : V::load_partial(from, lanes);
        if (j >= 2) V::prefetch(reinterpret_cast<const char *>(from + next));
    }
    WinogradLine<kTile>::input(line, transformed);
    LINNET_UNROLL
    for (int i = 0; i < kSide; ++i) square[i][j] = transformed[i];
}

// Takes a line of `square` to as many points, which lie `plane` floats apart.
template <int kTile> inline void store_points(const F *line, int64_t plane, float *to) {
    constexpr int kAhead = 16; // floats: the next cache line of each of these many places
    F transformed[kTile + 2];
    WinogradLine<kTile>::input(line, transformed);
    LINNET_UNROLL
    for (int j = 0; j < kTile + 2; ++j, to += plane) {
        V::store(to, transformed[j]);
        V::prefetch_to_write(to + kAhead);
    }
}

// Transforms an input square for one vector of channels from channel c on, of which `lanes` exist.
template <int kTile, bool kWhole>
void transform_square(const WinogradPixels &pixels, int64_t c, int64_t lanes, int64_t plane,
                      float *to, int64_t next) {
    constexpr int kSide = kTile + 2;
    F square[kSide][kSide];
    if constexpr (kTile > 4) {
        for (int j = 0; j < kSide; ++j)
            transform_line<kTile, kWhole>(pixels, j, c, lanes, next, square);
        for (int i = 0; i < kSide; ++i)
            store_points<kTile>(square[i], plane, to + i * kSide * plane);
    } else {
        LINNET_UNROLL_SQUARE
        for (int j = 0; j < kSide; ++j)
            transform_line<kTile, kWhole>(pixels, j, c, lanes, next, square);
        LINNET_UNROLL_SQUARE
        for (int i = 0; i < kSide; ++i)
            store_points<kTile>(square[i], plane, to + i * kSide * plane);
    }
}

// The output square of a tile for one vector of channels.
struct WinogradSquare {
    int64_t rows, columns; // that are stored
    int64_t lanes;
    F bias;
    const float *residual; // or nullptr
    float *y;
};

// The usual endings, for all pixels and lanes.
template <int kTile>
void store_square(const WinogradWork &work, const WinogradSquare &square, const F *line, int row) {
    const Conv2dParams &p = work.params.conv;
    F low = V::set(work.bounds.low), high = V::set(work.bounds.high);
    const float *residual = maybe_at(square.residual, row * p.residual.row);
    float *y = square.y + row * p.out.row;
    LINNET_UNROLL
    for (int j = 0; j < kTile; ++j, y += p.out.pixel) {
        F sum = V::add(line[j], square.bias);
        if (residual) sum = V::add(sum, V::load(residual + j * p.residual.pixel));
        V::store(y, V::min(high, V::max(low, sum)));
    }
}

// Part of the pixels or lanes, and other activations.
void store_part_of_square(const WinogradWork &work, const WinogradSquare &square, const F *line,
                          int row) {
    const Conv2dParams &p = work.params.conv;
    F low = V::set(work.bounds.low), high = V::set(work.bounds.high);
    const float *residual = maybe_at(square.residual, row * p.residual.row);
    float *y = square.y + row * p.out.row;
    for (int64_t j = 0; row < square.rows && j < square.columns; ++j, y += p.out.pixel) {
        F sum = V::add(line[j], square.bias);
        if (residual)
            sum = V::add(sum, load_some(residual + j * p.residual.pixel, square.lanes));
        if (!work.bounds.are_all) {
            float lanes[V::width];
            V::store(lanes, sum);
            activate(p.activation, lanes, lanes, V::width);
            sum = V::load(lanes);
        }
        store_some(y, V::min(high, V::max(low, sum)), square.lanes);
    }
}

// Takes column j of the products of a square to that of `half`.
template <int kTile>
inline void finish_column(const float *products, int j, F (*half)[kTile + 2]) {
    constexpr int kSide = kTile + 2;
    F line[kSide], out[kTile];
    LINNET_UNROLL
    for (int i = 0; i < kSide; ++i) line[i] = V::load(products + (i * kSide + j) * kRowLanes);
    WinogradLine<kTile>::output(line, out);
    LINNET_UNROLL
    for (int i = 0; i < kTile; ++i) half[i][j] = out[i];
}

template <int kTile>
inline void finish_row(const WinogradWork &work, const WinogradSquare &square, const F *half,
                       int row) {
    F out[kTile];
    WinogradLine<kTile>::output(half, out);
    bool whole = square.rows == kTile && square.columns == kTile && square.lanes == V::width &&
                 work.bounds.are_all;
    if (whole)
        store_square<kTile>(work, square, out, row);
    else
        store_part_of_square(work, square, out, row);
}

// Bias and bounds keep the order of numbers, so that they may come after the maximum. There is
// little to store: the general ending will do.
template <int kTile>
LINNET_APART void finish_pooled(const WinogradWork &work, const WinogradSquare &square,
                   const F (*half)[kTile + 2]) {
    for (int i = 0; i < kTile / 2; ++i) {
        F upper[kTile], lower[kTile], most[kTile / 2];
        WinogradLine<kTile>::output(half[2 * i], upper);
        WinogradLine<kTile>::output(half[2 * i + 1], lower);
        LINNET_UNROLL
        for (int j = 0; j < kTile / 2; ++j)
            most[j] = V::max(V::max(upper[2 * j], upper[2 * j + 1]),
                             V::max(lower[2 * j], lower[2 * j + 1]));
        store_part_of_square(work, square, most, i);
    }
}

template <int kTile>
void finish_square(const WinogradWork &work, const WinogradSquare &square, const float *products) {
    constexpr int kSide = kTile + 2;
    F half[kTile][kSide];
    if constexpr (kTile > 4) {
        for (int j = 0; j < kSide; ++j) finish_column<kTile>(products, j, half);
        if (work.params.pooled) return finish_pooled<kTile>(work, square, half);
        for (int i = 0; i < kTile; ++i) finish_row<kTile>(work, square, half[i], i);
    } else {
        LINNET_UNROLL_SQUARE
        for (int j = 0; j < kSide; ++j) finish_column<kTile>(products, j, half);
        if constexpr (kTile > 2)
            if (work.params.pooled) return finish_pooled<kTile>(work, square, half);
        LINNET_UNROLL_SQUARE
        for (int i = 0; i < kTile; ++i) finish_row<kTile>(work, square, half[i], i);
    }
}

template <int kTile>
void transform_square_of(const WinogradPixels &pixels, int64_t c, int64_t lanes, int64_t plane,
                         float *to, int64_t next) {
    if (V::has_masks || lanes < V::width)
        transform_square<kTile, false>(pixels, c, lanes, plane, to, next);
    else
        transform_square<kTile, true>(pixels, c, lanes, plane, to, next);
}

WinogradTransforms winograd_transforms(int32_t tile) {
    switch (tile) {
    case 2: return {transform_square_of<2>, finish_square<2>};
    case 4: return {transform_square_of<4>, finish_square<4>};
    default: return {transform_square_of<6>, finish_square<6>};
    }
}

// All channels of the tiles [begin, end), into the scratch.
void transform_tiles(const WinogradWork &work, int64_t begin, int64_t end) {
    int64_t channels = work.params.conv.in_c, plane = work.plan.plane;
    int64_t next = work.params.tile * work.params.conv.in.pixel;
    for (int64_t tile = begin; tile < end; ++tile) {
        WinogradPixels pixels;
        find_winograd_pixels(work.params, work.plan, work.x, work.zeros, tile, &pixels);
        float *to = work.inputs + (tile - begin) * work.plan.depth;
        for (int64_t c = 0; c < channels; c += V::width)
            work.transforms.input(pixels, c, least(V::width, channels - c), plane, to + c, next);
    }
}

// The outputs of the tiles [begin, end) for some lanes of a panel, from their products.
void finish_tiles(const WinogradWork &work, int64_t channel, int64_t channels, int64_t begin,
                  int64_t end) {
    const Conv2dParams &p = work.params.conv;
    const int64_t side = work.params.tile, stored = work.params.pooled ? 2 : 1;
    const float *products = work.products;
    for (int64_t tile = begin; tile < end; ++tile, products += work.plan.points * kRowLanes) {
        WinogradTile at = winograd_tile(work.params, work.plan, tile);
        WinogradSquare square;
        square.rows = least(side, p.out_h - at.row) / stored;
        square.columns = least(side, p.out_w - at.column) / stored;
        float *y = work.y + offset_in(p.out, at.image, at.row / stored, at.column / stored) +
                   channel;
        const float *residual = maybe_at(
            work.residual, offset_in(p.residual, at.image, at.row, at.column) + channel);
        for (int64_t i = 0; i < square.rows; ++i)
            for (int64_t j = 0; j < square.columns; ++j)
                V::prefetch_to_write(y + i * p.out.row + j * p.out.pixel);
        for (int64_t c = 0; c < channels; c += V::width) {
            square.lanes = least(V::width, channels - c);
            square.bias = work.bias ? load_some(work.bias + channel + c, square.lanes) : V::zero();
            square.residual = maybe_at(residual, c);
            square.y = y + c;
            work.transforms.output(work, square, products + c);
        }
    }
}

// The lanes [lane, lane_end) of a panel for the tiles [begin, end), whose inputs are in the scratch.
void winograd_panel(const WinogradWork &work, int32_t panel, int64_t lane, int64_t lane_end,
                    int64_t begin, int64_t end) {
    const Conv2dParams &p = work.params.conv;
    const Winograd2dPlan &plan = work.plan;
    static const Activation kNone;
    int64_t packed = winograd2d_panel_lanes(work.params, panel);
    int64_t lanes = least(packed, p.out_c - int64_t(panel) * kPanel);
    const float *weights = work.weights + winograd2d_panel_offset(work.params, plan, panel);
    TileRun all = {0, 0, p.in_c};
    TileJob job;
    job.a_row = plan.depth;
    job.b_row = packed;
    job.y_row = plan.points * kRowLanes;
    job.residual_row = 0;
    job.runs = &all;
    job.run_count = 1;
    job.bias = nullptr;
    job.factor = 1;
    job.activation = &kNone;
    job.bounds = bounds_of(kNone);
    int64_t tiles = (end - begin + V::tile_rows - 1) / V::tile_rows;
    lanes = least(lanes, lane_end);
    for (; lane < lanes; lane += kRowLanes) {
        // Whole vectors: the lanes of the panel that no channel has are zeros.
        job.lanes = least(kRowLanes, least(packed, lane_end) - lane);
        for (int point = 0; point < plan.points; ++point) {
            job.b = weights + point * p.in_c * packed + lane;
            look_ahead(&job, job.b + p.in_c * packed, job.b + 2 * p.in_c * packed,
                       (packed * int64_t(sizeof(float)) + tiles - 1) / tiles);
            if (panel + 1 == plan.panels && point + 1 == plan.points) look_nowhere(&job);
            run_rows(job, work.inputs + point * plan.plane, nullptr,
                     work.products + point * kRowLanes, end - begin);
        }
        finish_tiles(work, int64_t(panel) * kPanel + lane, least(kRowLanes, lanes - lane), begin,
                     end);
    }
}

void winograd_tasks(const WinogradWork &work, int64_t begin, int64_t end) {
    const Winograd2dPlan &plan = work.plan;
    std::memset(work.zeros, 0, static_cast<size_t>(plan.depth) * sizeof(float));
    int64_t transformed = -1; // the block that is in the scratch
    for (int64_t task = begin; task < end; ++task) {
        int64_t block = task / plan.steps;
        int64_t from = part_begin(plan.tiles, 1, plan.blocks, block);
        int64_t to = part_begin(plan.tiles, 1, plan.blocks, block + 1);
        if (block != transformed) transform_tiles(work, from, to);
        transformed = block;
        int64_t half = half_panel_begin(plan.halves, plan.steps, task % plan.steps);
        int64_t half_end = half_panel_begin(plan.halves, plan.steps, task % plan.steps + 1);
        for (int64_t panel = half / 2; 2 * panel < half_end; ++panel)
            winograd_panel(work, static_cast<int32_t>(panel), half > 2 * panel ? kPanel / 2 : 0,
                           (half_end - 2 * panel) * (kPanel / 2), from, to);
    }
}

void winograd2d_run(const void *params, void *const *operands, void *scratch, int64_t begin,
                    int64_t end) {
    const Winograd2dParams &p = *static_cast<const Winograd2dParams *>(params);
    Winograd2dPlan plan = plan_winograd2d(p);
    float *inputs = static_cast<float *>(scratch);
    WinogradWork work{p,
                      plan,
                      static_cast<const float *>(operands[0]),
                      static_cast<const float *>(operands[1]),
                      static_cast<const float *>(operands[2]),
                      static_cast<const float *>(operands[3]),
                      static_cast<float *>(operands[4]),
                      bounds_of(p.conv.activation),
                      inputs,
                      inputs + plan.input_floats,
                      inputs + plan.input_floats + plan.product_floats,
                      winograd_transforms(p.tile)};
    winograd_tasks(work, begin, end);
}

const Kernel winograd2d_kernel = {"winograd2d", winograd2d_tasks, winograd2d_run};

#undef LINNET_UNROLL_SQUARE

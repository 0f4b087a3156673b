// The product that convolution and matmul are made of: some rows times one panel.

struct TileJob {
    int64_t a_row, b_row, y_row, residual_row; // floats between neighbouring rows
    const TileRun *runs;
    int64_t run_count;
    const float *b;
    const float *bias; // or nullptr; of as many lanes as the tile has
    int64_t lanes;     // of the panel's lanes, those that are stored; at most those of the tile
    // What is done to the sums: *= factor, += residual, activation.
    float factor;
    const Activation *activation;
    Bounds bounds;
    bool cut_anywhere = false; // see Conv2dParams
    // The weights that come next, which are brought nearer meanwhile: ahead_step bytes for each
    // row of b that is worked through.
    const char *ahead, *ahead_end;
    int64_t ahead_step;
};

void look_ahead(TileJob *job, const float *from, const float *to, int64_t step) {
    job->ahead = reinterpret_cast<const char *>(from);
    job->ahead_end = reinterpret_cast<const char *>(to);
    job->ahead_step = step;
}
void look_nowhere(TileJob *job) { look_ahead(job, job->b, job->b + 1, 0); }

// The rare endings, for sums that lie in memory: part of the lanes, and other activations.
template <int kLanes>
void finish_tile(const TileJob &job, float *sums, int rows, const float *residual, float *y) {
    for (int i = 0; residual && i < rows; ++i, residual += job.residual_row) {
        float *row = sums + i * kLanes;
        for (int64_t j = 0; j < job.lanes; j += V::width)
            V::store(row + j, V::add(V::load(row + j), load_some(residual + j, job.lanes - j)));
    }
    activate(*job.activation, sums, sums, int64_t(rows) * kLanes);
    for (int i = 0; i < rows; ++i, sums += kLanes, y += job.y_row)
        for (int64_t j = 0; j < job.lanes; j += V::width)
            store_some(y + j, V::load(sums + j), job.lanes - j);
}

// The usual endings. Where not all lanes exist, or that costs no more, kWhole is false; the first of
// two vectors is whole all the same, for tiles of one vector end as such.
template <int kRows, int kVectors, bool kWhole>
LINNET_INSIDE void end_tile(const TileJob &job, F (&sum)[kRows][kVectors], const float *residual,
                     float *y) {
    int64_t lanes[kVectors];
    LINNET_UNROLL
    for (int j = 0; j < kVectors; ++j) {
        int64_t left = job.lanes - j * V::width;
        lanes[j] = left < 0 ? 0 : least(left, V::width);
    }
    if (residual) {
        LINNET_UNROLL
        for (int i = 0; i < kRows; ++i, residual += job.residual_row) {
            LINNET_UNROLL
            for (int j = 0; j < kVectors; ++j) {
                const float *at = residual + j * V::width;
                bool whole = kWhole || (kVectors == 2 && j == 0);
                sum[i][j] = V::add(sum[i][j], whole ? V::load(at) : V::load_partial(at, lanes[j]));
            }
        }
    }
    if (job.bounds.low > -INFINITY) {
        F low = V::set(job.bounds.low);
        LINNET_UNROLL
        for (int i = 0; i < kRows; ++i) {
            LINNET_UNROLL
            for (int j = 0; j < kVectors; ++j) sum[i][j] = V::max(low, sum[i][j]);
        }
    }
    if (job.bounds.high < INFINITY) {
        F high = V::set(job.bounds.high);
        LINNET_UNROLL
        for (int i = 0; i < kRows; ++i) {
            LINNET_UNROLL
            for (int j = 0; j < kVectors; ++j) sum[i][j] = V::min(high, sum[i][j]);
        }
    }
    LINNET_UNROLL
    for (int i = 0; i < kRows; ++i, y += job.y_row) {
        LINNET_UNROLL
        for (int j = 0; j < kVectors; ++j) {
            if (kWhole || (kVectors == 2 && j == 0))
                V::store(y + j * V::width, sum[i][j]);
            else
                V::store_partial(y + j * V::width, sum[i][j], lanes[j]);
        }
    }
}

template <class W, bool kHalf> F fma_last(F a, F b, F c) {
    if constexpr (kHalf)
        return W::fma_half(a, b, c);
    else
        return V::fma(a, b, c);
}

// Adds the products of one row of weights with lane kLane of what each row has.
template <class W, int kLane, int kRows, int kVectors>
LINNET_INSIDE void add_lane(const F (&factors)[kRows], const float *b, F (&sum)[kRows][kVectors]) {
    LINNET_UNROLL
    for (int j = 0; j < kVectors; ++j) {
        F weights = V::load(b + j * V::width);
        LINNET_UNROLL
        for (int i = 0; i < kRows; ++i)
            sum[i][j] = W::template fma_lane<kLane>(factors[i], weights, sum[i][j]);
    }
}

// Every sum starts with the bias and takes its products one by one in the order of the runs: bits
// do not depend on how rows are put together in tiles. With kHalf, lanes beyond the first half of
// the last vector are not wanted. W is V, under a name that lets not every V have everything.
template <int kRows, int kVectors, bool kHalf = false, class W = V>
void run_tile(TileJob &job, const float *a, const float *residual, float *y) {
    constexpr int kBases = (kRows + 2) / 3; // rows in threes: base, base + row, base + 2 row
    constexpr int kLine = 16; // floats
    constexpr int kLast = kVectors - 1;
    LINNET_UNROLL
    for (int i = 0; i < kRows; ++i) {
        LINNET_UNROLL
        for (int j = 0; j < kVectors * V::width; j += kLine)
            V::prefetch_to_write(y + i * job.y_row + j);
    }
    F sum[kRows][kVectors];
    LINNET_UNROLL
    for (int j = 0; j < kVectors; ++j) {
        F bias = job.bias ? V::load(job.bias + j * V::width) : V::zero();
        LINNET_UNROLL
        for (int i = 0; i < kRows; ++i) sum[i][j] = bias;
    }

    const int64_t a_row = job.a_row, b_row = job.b_row, ahead_step = job.ahead_step;
    const char *ahead = job.ahead;
    for (const TileRun *run = job.runs, *end = run + job.run_count; run < end; ++run) {
        const float *b = job.b + run->b * b_row;
        const float *base[kBases];
        LINNET_UNROLL
        for (int i = 0; i < kBases; ++i) base[i] = a + run->a + 3 * i * a_row;
        int64_t k = run->length;
        if constexpr (W::has_lanes) {
            for (; k >= 4; k -= 4) {
                F factors[kRows];
                LINNET_UNROLL
                for (int i = 0; i < kRows; ++i) factors[i] = V::load(base[i / 3] + i % 3 * a_row);
                add_lane<W, 0>(factors, b, sum);
                add_lane<W, 1>(factors, b + b_row, sum);
                add_lane<W, 2>(factors, b + 2 * b_row, sum);
                add_lane<W, 3>(factors, b + 3 * b_row, sum);
                V::prefetch(ahead);
                ahead += 4 * ahead_step;
                b += 4 * b_row;
                LINNET_UNROLL
                for (int i = 0; i < kBases; ++i) base[i] += 4;
            }
        }
        for (; k > 0; --k) {
            F weights[kVectors];
            LINNET_UNROLL
            for (int j = 0; j < kVectors; ++j) weights[j] = V::load(b + j * V::width);
            LINNET_UNROLL
            for (int i = 0; i < kRows; ++i) {
                F factor = V::splat(base[i / 3] + i % 3 * a_row);
                LINNET_UNROLL
                for (int j = 0; j < kLast; ++j)
                    sum[i][j] = V::fma(factor, weights[j], sum[i][j]);
                sum[i][kLast] = fma_last<W, kHalf>(factor, weights[kLast], sum[i][kLast]);
            }
            V::prefetch(ahead);
            ahead += ahead_step;
            b += b_row;
            LINNET_UNROLL
            for (int i = 0; i < kBases; ++i) ++base[i];
        }
    }

    job.ahead = ahead;

    if (job.factor != 1) {
        F factor = V::set(job.factor);
        LINNET_UNROLL
        for (int i = 0; i < kRows; ++i) {
            LINNET_UNROLL
            for (int j = 0; j < kVectors; ++j) sum[i][j] = V::mul(sum[i][j], factor);
        }
    }
    if (!job.bounds.are_all) {
        float sums[kRows * kVectors * V::width];
        LINNET_UNROLL
        for (int i = 0; i < kRows; ++i) {
            LINNET_UNROLL
            for (int j = 0; j < kVectors; ++j)
                V::store(sums + (i * kVectors + j) * V::width, sum[i][j]);
        }
        return finish_tile<kVectors * V::width>(job, sums, kRows, residual, y);
    }
    if (!V::has_masks && job.lanes == kVectors * V::width)
        end_tile<kRows, kVectors, true>(job, sum, residual, y);
    else
        end_tile<kRows, kVectors, false>(job, sum, residual, y);
}

using TileFunction = void (*)(TileJob &, const float *, const float *, float *);

// There are tiles of 1 to kSmallTile rows, and of an even number up to V::tile_rows.
constexpr int kSmallTile = 8;

template <int kVectors, int kRows = V::tile_rows> struct TileTable {
    static TileFunction of(int64_t rows) {
        if constexpr (kRows > 1) {
            if (rows < kRows)
                return TileTable<kVectors, kRows - (kRows > kSmallTile ? 2 : 1)>::of(rows);
        }
        return run_tile<kRows, kVectors>;
    }
};

// The rows of the first of the tiles for `count` rows: of tiles that are as high as can be, but not
// one of few rows at the end, which would wait for each of its sums.
int64_t first_tile(int64_t count) {
    constexpr int64_t kHigh = V::tile_rows;
    if (kHigh <= kSmallTile) {
        int64_t tiles = (count + kHigh - 1) / kHigh;
        return (count + tiles - 1) / tiles;
    }
    if (count <= kSmallTile || (count <= kHigh && count % 2 == 0)) return count;
    if (count <= kHigh) return (count + 1) / 2;
    if (count >= kHigh + kSmallTile) return kHigh;
    return count - kSmallTile + count % 2;
}

// Runs `count` rows as run_rows does; job.lanes is V::tile_vectors * V::width at most.
void run_tiles(TileJob &job, const float *a, const float *residual, float *y, int64_t count) {
    bool narrow = job.lanes <= V::width;
    bool half = !narrow && job.lanes <= (V::tile_vectors - 1) * V::width + V::half_width;
    while (count > 0) {
        int64_t n = first_tile(count);
        TileFunction tile = narrow ? TileTable<1>::of(n) : TileTable<V::tile_vectors>::of(n);
        if constexpr (V::half_width < V::width) {
            if (half && n == V::tile_rows) tile = run_tile<V::tile_rows, V::tile_vectors, true>;
        }
        tile(job, a, residual, y);
        if (job.ahead >= job.ahead_end) look_nowhere(&job);
        a += n * job.a_row;
        if (residual) residual += n * job.residual_row;
        y += n * job.y_row;
        count -= n;
    }
}

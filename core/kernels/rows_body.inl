// Rows times one panel: in tiles of our own, or by OpenBLAS where there are none better.

// What run_rows takes at once. OpenBLAS copies the rows for each product, which pays off the more
// lanes there are.
constexpr int64_t kRowLanes = V::by_blas ? kPanel : V::tile_vectors * V::width;

// Members, so that no compiler wonders why bodies without OpenBLAS have them.
struct RowsByBlas {
    // OpenBLAS copies rows and weights: few of either, and short products, cost more than they
    // give.
    static bool wins(const TileJob &job, int64_t rows) {
        constexpr int64_t kFewRows = 8, kFewLanes = 8, kShort = 16;
        if (job.cut_anywhere || rows < kFewRows || job.lanes < kFewLanes || job.run_count == 0) return false;
        if (job.a_row < kShort || job.b_row < job.lanes || job.y_row < job.lanes) return false;
        for (int64_t i = 0; i < job.run_count; ++i)
            if (job.runs[i].length < kShort) return false;
        constexpr int64_t kMost = INT32_MAX;
        return rows <= kMost && job.a_row <= kMost && job.b_row <= kMost && job.y_row <= kMost;
    }

    // Sums are made in y itself: the bias, and the residual, which may lie there, come first.
    static void start(const TileJob &job, const float *residual, float *y, int64_t count) {
        F factor = V::set(job.factor);
        for (int64_t i = 0; i < count; ++i, y += job.y_row) {
            for (int64_t j = 0; j < job.lanes; j += V::width) {
                int64_t left = job.lanes - j;
                F sums = V::zero();
                if (job.bias) sums = V::mul(load_some(job.bias + j, left), factor);
                if (residual)
                    sums = V::add(sums, load_some(residual + i * job.residual_row + j, left));
                store_some(y + j, sums, left);
            }
        }
    }

    static void finish(const TileJob &job, float *y, int64_t count) {
        F low = V::set(job.bounds.low), high = V::set(job.bounds.high);
        for (int64_t i = 0; i < count; ++i, y += job.y_row) {
            if (!job.bounds.are_all) activate(*job.activation, y, y, job.lanes);
            for (int64_t j = 0; j < job.lanes; j += V::width) {
                F sums = load_some(y + j, job.lanes - j);
                store_some(y + j, V::min(high, V::max(low, sums)), job.lanes - j);
            }
        }
    }

    static void run(const TileJob &job, const float *a, const float *residual, float *y,
                    int64_t count) {
        float old = 0; // what there is in y counts
        if (job.bias || residual) {
            start(job, residual, y, count);
            old = 1;
        }
        BlasProduct product = {count, job.lanes, 0, nullptr, job.a_row, nullptr, job.b_row, y,
                               job.y_row};
        for (int64_t i = 0; i < job.run_count; ++i) {
            const TileRun &taps = job.runs[i];
            // BLAS forbids rows that overlap, as those of neighbouring pixels do: in parts that
            // do not.
            for (int64_t from = 0; from < taps.length; from += product.length) {
                product.length = least(taps.length - from, job.a_row);
                product.a = a + taps.a + from;
                product.b = job.b + (taps.b + from) * job.b_row;
                blas_multiply(product, job.factor, old);
                old = 1;
            }
        }
        finish(job, y, count);
    }
};

// Runs `count` rows: a, residual (or nullptr) and y are those of the first; job.lanes is kRowLanes
// at most.
void run_rows(TileJob &job, const float *a, const float *residual, float *y, int64_t count) {
    if constexpr (V::by_blas) {
        if (RowsByBlas::wins(job, count)) return RowsByBlas::run(job, a, residual, y, count);
        constexpr int64_t kLanes = V::tile_vectors * V::width;
        TileJob part = job;
        for (int64_t lane = 0; lane < job.lanes; lane += kLanes) {
            part.b = job.b + lane;
            part.bias = job.bias ? job.bias + lane : nullptr;
            part.lanes = least(kLanes, job.lanes - lane);
            run_tiles(part, a, residual ? residual + lane : nullptr, y + lane, count);
        }
    } else {
        run_tiles(job, a, residual, y, count);
    }
}

// Products of two computed matrices, with the tiles of the convolution.

// Copies rows [k][lanes] of b side by side, kPanel apart; anything where there are no columns.
void pack_columns(const MatmulParams &p, const float *b, int64_t lanes, float *packed) {
    if (p.b_n == 1) {
        for (int64_t k = 0; k < p.k; ++k, packed += kPanel, b += p.b_k) {
            std::memcpy(packed, b, static_cast<size_t>(lanes) * sizeof(float));
            std::memset(packed + lanes, 0, static_cast<size_t>(kPanel - lanes) * sizeof(float));
        }
        return;
    }
    // Four columns at a time, in squares; as many as the narrowest tile reads.
    constexpr int64_t kFewestLanes = 16;
    int64_t end = (lanes + kFewestLanes - 1) / kFewestLanes * kFewestLanes;
    for (int64_t j = 0; j < end; j += 4) {
        const float *column[4];
        for (int64_t i = 0; i < 4; ++i) column[i] = b + least(j + i, lanes - 1) * p.b_n;
        int64_t k = 0;
        for (; k + 4 <= p.k; k += 4)
            V::transpose(column[0] + k, column[1] + k, column[2] + k, column[3] + k,
                         packed + k * kPanel + j, kPanel);
        for (; k < p.k; ++k)
            for (int64_t i = 0; i < 4; ++i) packed[k * kPanel + j + i] = column[i][k];
    }
}

void pack_rows(const MatmulParams &p, const float *a, int64_t rows, float *packed) {
    for (int64_t k = 0; k < p.k; ++k)
        for (int64_t i = 0; i < rows; ++i) packed[i * p.k + k] = a[i * p.a_m + k * p.a_k];
}

struct MatmulOffsets {
    int64_t a, b, y;
};
MatmulOffsets matrix_offsets(const MatmulParams &p, int64_t matrix) {
    MatmulOffsets offsets = {0, 0, 0};
    for (int32_t i = p.batch_rank; i-- > 0; matrix /= p.batch[i]) {
        int64_t at = matrix % p.batch[i];
        offsets.a += at * p.a_batch[i];
        offsets.b += at * p.b_batch[i];
        offsets.y += at * p.y_batch[i];
    }
    return offsets;
}

void matmul_run(const void *params, void *const *operands, void *scratch, int64_t begin,
                int64_t end) {
    const MatmulParams &p = *static_cast<const MatmulParams *>(params);
    MatmulPlan plan = plan_matmul(p);
    float *packed_b = static_cast<float *>(scratch), *packed_a = packed_b + p.k * kPanel;
    constexpr int64_t kFewRows = 2 * V::tile_rows; // for these, packing costs more than it gives
    Activation identity;
    TileRun run = {0, 0, p.k};
    TileJob job;
    job.y_row = p.y_m;
    job.residual_row = 0;
    job.runs = &run;
    job.run_count = 1;
    job.bias = nullptr;
    job.factor = p.alpha;
    job.activation = &identity;
    job.bounds = bounds_of(identity);
    int64_t packed = -1; // the panel, of all matrices, that is in the scratch
    for (int64_t task = begin; task < end; ++task) {
        int64_t panel = task / plan.row_blocks, column = panel % plan.panels * kPanel;
        int64_t row = task % plan.row_blocks * plan.row_block;
        int64_t rows = least(plan.row_block, p.m - row);
        MatmulOffsets offsets = matrix_offsets(p, panel / plan.panels);
        const float *b = static_cast<const float *>(operands[1]) + offsets.b + column * p.b_n;
        const float *a = static_cast<const float *>(operands[0]) + offsets.a + row * p.a_m;
        float *y = static_cast<float *>(operands[2]) + offsets.y + row * p.y_m + column;
        int64_t lanes = least(kPanel, p.n - column);
        bool in_place = p.b_n == 1 && lanes == kPanel && p.m <= kFewRows;
        if (!in_place && packed != panel) {
            pack_columns(p, b, lanes, packed_b);
            packed = panel;
        }
        job.a_row = p.a_m;
        if (plan.transposed_a) {
            pack_rows(p, a, rows, packed_a);
            a = packed_a;
            job.a_row = p.k;
        }
        job.b_row = in_place ? p.b_k : kPanel;
        for (int64_t lane = 0; lane < lanes; lane += kRowLanes) {
            job.b = (in_place ? b : packed_b) + lane;
            job.lanes = least(kRowLanes, lanes - lane);
            look_nowhere(&job);
            run_rows(job, a, nullptr, y + lane, rows);
        }
    }
}

const Kernel matmul_kernel = {"matmul", matmul_tasks, matmul_run};

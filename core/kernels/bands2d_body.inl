// A chain of picture kernels, band by band.

struct BandWork {
    const Bands2dParams &params;
    const float *x, *residual;
    float *y;
    void *const *weights; // of each stage: weights, bias
    float *pictures[kMaxBandStages]; // behind each stage but the last, in the scratch
    RowRange held[kMaxBandStages];   // the rows that are there
    void *scratch;
};

// Runs output rows of a stage; `x` is at the first of the input rows.
void run_stage_rows(const BandWork &work, int stage, RowRange out, RowRange in, const float *x,
                    const float *residual, float *y) {
    if (out.length() <= 0) return;
    BandStage part = stage_of_rows(work.params.stage[stage], out, in);
    void *const *weights = work.weights + 2 * stage;
    void *operands[] = {const_cast<float *>(x), weights[0], weights[1],
                        const_cast<float *>(residual), y};
    switch (part.kind) {
    case BandKind::kConv:
        return conv2d_run(&part.conv, operands, work.scratch, 0, conv2d_tasks(&part.conv));
    case BandKind::kDepthwise:
        return depthwise2d_run(&part.conv, operands, work.scratch, 0,
                               depthwise2d_tasks(&part.conv));
    case BandKind::kMaxPool:
        operands[1] = y;
        return pool2d_run(&part.pool, operands, work.scratch, 0, pool2d_tasks(&part.pool));
    }
}

// Keeps the rows of a picture in between that are needed again, and returns those still to come.
RowRange keep_rows(BandWork &work, int stage, RowRange needed) {
    RowRange &held = work.held[stage];
    BandShape shape = shape_of_stage(work.params.stage[stage]);
    int64_t row = shape.out.row;
    RowRange missing = needed;
    if (held.begin <= needed.begin && needed.begin < held.end) {
        if (held.begin < needed.begin)
            std::memmove(work.pictures[stage],
                         work.pictures[stage] + (needed.begin - held.begin) * row,
                         static_cast<size_t>((held.end - needed.begin) * row) * sizeof(float));
        if (held.end < needed.end)
            missing.begin = held.end;
        else
            missing.begin = missing.end;
    }
    held = needed;
    return missing;
}

void run_band(BandWork &work, int64_t image, RowRange out) {
    const Bands2dParams &p = work.params;
    int last = p.stages - 1;
    RowRange made[kMaxBandStages], read[kMaxBandStages]; // rows that each stage makes and reads
    made[last] = out;
    for (int i = last; i >= 0; --i) {
        read[i] = rows_needed(shape_of_stage(p.stage[i]), made[i]);
        if (i > 0) made[i - 1] = keep_rows(work, i - 1, read[i]);
    }
    for (int i = 0; i <= last; ++i) {
        BandShape shape = shape_of_stage(p.stage[i]);
        const float *x = work.x + offset_in(shape.in, image, read[0].begin, 0);
        if (i > 0) x = work.pictures[i - 1];
        if (i < last) {
            int64_t row = shape.out.row;
            run_stage_rows(work, i, made[i], read[i], x, nullptr,
                           work.pictures[i] + (made[i].begin - work.held[i].begin) * row);
            continue;
        }
        const float *residual = maybe_at(
            work.residual, offset_in(p.stage[i].conv.residual, image, out.begin, 0));
        run_stage_rows(work, i, out, read[i], x, residual,
                       work.y + offset_in(shape.out, image, out.begin, 0));
    }
}

void bands2d_run(const void *params, void *const *operands, void *scratch, int64_t begin,
                 int64_t end) {
    const Bands2dParams &p = *static_cast<const Bands2dParams *>(params);
    BandWork work{p,
                  static_cast<const float *>(operands[0]),
                  static_cast<const float *>(operands[2]),
                  static_cast<float *>(operands[1]),
                  operands + 3,
                  {},
                  {},
                  nullptr};
    float *free = static_cast<float *>(scratch);
    for (int i = 0; i + 1 < p.stages; ++i) {
        work.pictures[i] = free;
        free += floats_held(p, i);
    }
    work.scratch = free;
    int64_t bands = bands_of_picture(p);
    int32_t rows = shape_of_stage(p.stage[p.stages - 1]).out_h;
    for (int64_t task = begin; task < end; ++task) {
        int64_t band = task % bands;
        if (band == 0 || task == begin)
            for (RowRange &held : work.held) held = {0, 0};
        run_band(work, task / bands, {static_cast<int32_t>(part_begin(rows, 1, bands, band)),
                                      static_cast<int32_t>(part_begin(rows, 1, bands, band + 1))});
    }
}

const Kernel bands2d_kernel = {"bands2d", bands2d_tasks, bands2d_run};

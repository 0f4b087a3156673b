// Runs of numbers, one of each in turn.

void interleave_two(float *y, const float *a, const float *b, int64_t count) {
    int64_t last = count - V::width; // the last vectors overlap those before
    for (int64_t i = 0; last >= 0 && i < count; i += V::width) {
        int64_t at = least(i, last);
        V::zip(V::load(a + at), V::load(b + at), y + 2 * at);
    }
    for (int64_t i = 0; last < 0 && i < count; ++i) {
        y[2 * i] = a[i];
        y[2 * i + 1] = b[i];
    }
}

// Four of each run make a square, of which the columns are stored. Of three runs, the fourth number
// of a column is what the next column covers.
void interleave_more(float *y, const float *const *x, int64_t parts, int64_t count) {
    int64_t i = 0;
    for (; i + 4 < count; i += 4)
        V::transpose(x[0] + i, x[1] + i, x[2] + i, x[parts - 1] + i, y + parts * i, parts);
    for (; i < count; ++i)
        for (int64_t part = 0; part < parts; ++part) y[parts * i + part] = x[part][i];
}

void interleave_run(const void *params, void *const *operands, void *, int64_t begin,
                    int64_t end) {
    const InterleaveParams &p = *static_cast<const InterleaveParams *>(params);
    InterleavePlan plan = plan_interleave(p);
    int64_t units = p.rows * plan.pieces;
    int64_t unit_end = part_begin(units, 1, plan.tasks, end);
    for (int64_t unit = part_begin(units, 1, plan.tasks, begin); unit < unit_end; ++unit) {
        int64_t row = unit / plan.pieces, piece = unit % plan.pieces;
        int64_t from = part_begin(p.length, 1, plan.pieces, piece);
        int64_t count = part_begin(p.length, 1, plan.pieces, piece + 1) - from;
        float *y = static_cast<float *>(operands[0]) + row * p.y_row + from * p.parts;
        const float *x[kMostInterleaved] = {};
        for (int part = 0; part < p.parts; ++part)
            x[part] = static_cast<const float *>(operands[1 + part]) + row * p.x_row[part] + from;
        if (p.parts == 2)
            interleave_two(y, x[0], x[1], count);
        else
            interleave_more(y, x, p.parts, count);
    }
}

const Kernel interleave_kernel = {"interleave", interleave_tasks, interleave_run};

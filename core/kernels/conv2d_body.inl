// Convolution as products of rows of pixels with panels of weights.

struct ConvWork {
    const Conv2dParams &params;
    const Conv2dPlan &plan;
    const float *x, *weights, *bias, *residual;
    float *y;
    TileRun *runs;
    float *gathered;
};

const float *maybe_at(const float *p, int64_t offset) { return p ? p + offset : nullptr; }

int64_t offset_in(const PictureStrides &strides, int64_t image, int64_t row, int64_t column) {
    return image * strides.image + row * strides.row + column * strides.pixel;
}

// The part of a panel that one tile takes.
struct PanelPart {
    int32_t group;
    int64_t channel; // first output channel
    int64_t lanes;   // that exist
    const float *bias; // or nullptr; of kRowLanes lanes
    const float *weights;
    int64_t row; // floats between its rows
    const float *next; // the weights after these, or these where none follow
    int64_t tiles;     // of the task, at least
};

TileJob job_of(const ConvWork &work, const PanelPart &part) {
    TileJob job;
    job.a_row = job.y_row = job.residual_row = 0;
    job.b_row = part.row;
    job.runs = work.runs;
    job.run_count = 0;
    job.b = part.weights;
    job.bias = part.bias;
    job.lanes = part.lanes;
    job.factor = 1;
    job.activation = &work.params.activation;
    job.bounds = bounds_of(work.params.activation);
    job.cut_anywhere = work.params.cut_anywhere;
    // Over all tiles, so that they come no faster than they must.
    int64_t floats = work.plan.taps * work.plan.group_in * part.row;
    look_ahead(&job, part.next, part.next + floats,
               (part.row * int64_t(sizeof(float)) + part.tiles - 1) / part.tiles);
    if (part.next == part.weights) look_nowhere(&job);
    return job;
}

// Where pixels lie evenly: at `pixel` of the picture, or of all pictures.
void run_even_pixels(const ConvWork &work, TileJob &job, const PanelPart &part, const float *a,
                     int64_t image, int64_t pixel, int64_t count) {
    const Conv2dParams &p = work.params;
    job.y_row = p.out.pixel;
    job.residual_row = p.residual.pixel;
    float *y = work.y + offset_in(p.out, image, 0, pixel) + part.channel;
    const float *residual =
        maybe_at(work.residual, offset_in(p.residual, image, 0, pixel) + part.channel);
    run_rows(job, a, residual, y, count);
}

void conv_flat(const ConvWork &work, const PanelPart &part, int64_t image, int64_t begin,
               int64_t end) {
    const Conv2dParams &p = work.params;
    TileJob job = job_of(work, part);
    work.runs[0] = {0, 0, work.plan.group_in};
    job.run_count = 1;
    job.a_row = p.in.pixel;
    const float *a = work.x + offset_in(p.in, image, 0, begin) + part.group * work.plan.group_in;
    run_even_pixels(work, job, part, a, image, begin, end - begin);
}

// Copies the taps of the pixels [begin, end), each [tap][in channel], 0 for taps outside.
void gather_pixel(const ConvWork &work, int64_t image, int32_t row, int32_t column, float *to) {
    const Conv2dParams &p = work.params;
    size_t tap_bytes = static_cast<size_t>(p.in_c) * sizeof(float);
    WindowAxis rows = row_axis(p), columns = column_axis(p);
    TapRange h = rows.taps_inside(row), w = columns.taps_inside(column);
    for (int32_t kh = 0; kh < p.kernel_h; ++kh) {
        int64_t in_row = rows.input(row, kh);
        for (int32_t kw = 0; kw < p.kernel_w; ++kw, to += p.in_c) {
            int64_t in_column = columns.input(column, kw);
            if (kh < h.begin || kh >= h.end || kw < w.begin || kw >= w.end)
                std::memset(to, 0, tap_bytes);
            else
                std::memcpy(to, work.x + offset_in(p.in, image, in_row, in_column), tap_bytes);
        }
    }
}
void gather_pixels(const ConvWork &work, int64_t image, int64_t begin, int64_t end) {
    const Conv2dParams &p = work.params;
    int64_t picture = int64_t(p.out_h) * p.out_w;
    float *to = work.gathered;
    for (int64_t i = begin; i < end; ++i, to += work.plan.taps * p.in_c) {
        int64_t pixel = i % picture;
        gather_pixel(work, image + i / picture, static_cast<int32_t>(pixel / p.out_w),
                     static_cast<int32_t>(pixel % p.out_w), to);
    }
}

void conv_gathered(const ConvWork &work, const PanelPart &part, int64_t image, int64_t begin,
                   int64_t end) {
    const Conv2dParams &p = work.params;
    const Conv2dPlan &plan = work.plan;
    TileJob job = job_of(work, part);
    job.a_row = plan.taps * p.in_c;
    job.run_count = p.groups == 1 ? 1 : plan.taps;
    int64_t length = p.groups == 1 ? job.a_row : plan.group_in;
    for (int64_t tap = 0; tap < job.run_count; ++tap)
        work.runs[tap] = {tap * p.in_c, tap * plan.group_in, length};
    const float *a = work.gathered + part.group * plan.group_in;
    bool even = p.out.row == p.out_w * p.out.pixel &&
                (!work.residual || p.residual.row == p.out_w * p.residual.pixel);
    if (even || p.out_h == 1) return run_even_pixels(work, job, part, a, image, begin, end - begin);
    for (int64_t i = begin; i < end;) { // row by row
        int64_t row = i / p.out_w, column = i % p.out_w;
        int64_t count = least(end - i, p.out_w - column);
        job.y_row = p.out.pixel;
        job.residual_row = p.residual.pixel;
        run_rows(job, a + (i - begin) * job.a_row,
                 maybe_at(work.residual, offset_in(p.residual, image, row, column) + part.channel),
                 work.y + offset_in(p.out, image, row, column) + part.channel, count);
        i += count;
    }
}

// A rectangle of output pixels that have the same taps inside the picture.
struct ConvArea {
    int32_t row, row_end, column, column_end;
    TapRange h, w;
};

// The runs of an area's pixels, relative to the pixel of the first tap inside.
int64_t area_runs(const ConvWork &work, const ConvArea &area) {
    const Conv2dParams &p = work.params;
    int64_t depth = work.plan.group_in, count = 0;
    int64_t columns = area.w.end - area.w.begin;
    bool joined = p.groups == 1 && p.dilation_w == 1 && p.in.pixel == depth;
    if (columns == 0) return 0;
    for (int32_t h = area.h.begin; h < area.h.end; ++h) {
        int64_t a = int64_t(h - area.h.begin) * p.dilation_h * p.in.row;
        int64_t b = (int64_t(h) * p.kernel_w + area.w.begin) * depth;
        if (joined) {
            work.runs[count++] = {a, b, columns * depth};
            continue;
        }
        for (int64_t w = 0; w < columns; ++w)
            work.runs[count++] = {a + w * p.dilation_w * p.in.pixel, b + w * depth, depth};
    }
    return count;
}

// Walks the area along the axis that gives fewer tiles.
void conv_area(const ConvWork &work, TileJob &job, const PanelPart &part, int64_t image,
               const ConvArea &area) {
    const Conv2dParams &p = work.params;
    WindowAxis rows = row_axis(p), columns = column_axis(p);
    job.run_count = area_runs(work, area);
    int64_t height = area.row_end - area.row, width = area.column_end - area.column;
    constexpr int64_t kRows = V::tile_rows;
    bool across = height * ((width + kRows - 1) / kRows) <= width * ((height + kRows - 1) / kRows);
    job.a_row = across ? p.stride_w * p.in.pixel : p.stride_h * p.in.row;
    job.y_row = across ? p.out.pixel : p.out.row;
    job.residual_row = across ? p.residual.pixel : p.residual.row;
    for (int64_t i = 0; i < (across ? height : width); ++i) {
        int64_t row = area.row + (across ? i : 0), column = area.column + (across ? 0 : i);
        // Without any tap inside, nothing is read.
        int64_t in_row = rows.input(row, area.h.begin);
        int64_t in_column = columns.input(column, area.w.begin);
        const float *a = work.x;
        if (job.run_count > 0)
            a += offset_in(p.in, image, in_row, in_column) + part.group * work.plan.group_in;
        run_rows(job, a,
                 maybe_at(work.residual, offset_in(p.residual, image, row, column) + part.channel),
                 work.y + offset_in(p.out, image, row, column) + part.channel,
                 across ? width : height);
    }
}

void conv_direct(const ConvWork &work, const PanelPart &part, int64_t image, int64_t begin,
                 int64_t end) {
    const Conv2dParams &p = work.params;
    TileJob job = job_of(work, part);
    WindowAxis rows = row_axis(p), columns = column_axis(p);
    ConvArea area;
    for (area.row = static_cast<int32_t>(begin); area.row < end; area.row = area.row_end) {
        area.h = rows.taps_inside(area.row);
        area.row_end = rows.taps_end(area.h, area.row, static_cast<int32_t>(end));
        for (area.column = 0; area.column < p.out_w; area.column = area.column_end) {
            area.w = columns.taps_inside(area.column);
            area.column_end = columns.taps_end(area.w, area.column, p.out_w);
            conv_area(work, job, part, image, area);
        }
    }
}

const float *panel_weights(const ConvWork &work, int32_t panel) {
    const Conv2dPlan &plan = work.plan;
    return work.weights + panel / plan.group_panels * plan.group_floats +
           int64_t(panel % plan.group_panels) * kPanel * plan.taps * plan.group_in;
}

// The lanes [lane, lane_end) of a panel.
void conv_panel(const ConvWork &work, int32_t panel, int64_t lane, int64_t lane_end, int64_t image,
                int64_t begin, int64_t end) {
    const Conv2dPlan &plan = work.plan;
    PanelPart part;
    part.group = panel / plan.group_panels;
    int32_t of_group = panel % plan.group_panels;
    part.row = panel_lanes(plan, of_group);
    const float *weights = panel_weights(work, panel), *next = weights;
    if (panel + 1 < plan.panels) next = panel_weights(work, panel + 1);
    int64_t run = plan.way == ConvWay::kDirect ? work.params.out_w : end - begin;
    part.tiles = (run + V::tile_rows - 1) / V::tile_rows;
    if (plan.way == ConvWay::kDirect) part.tiles *= end - begin;
    float bias[kRowLanes] = {};
    part.bias = work.bias ? bias : nullptr;
    int64_t lanes = least(kPanel, plan.group_out - int64_t(of_group) * kPanel);
    for (lanes = least(lanes, lane_end); lane < lanes; lane += kRowLanes) {
        part.channel = int64_t(part.group) * plan.group_out + int64_t(of_group) * kPanel + lane;
        part.lanes = least(kRowLanes, lanes - lane);
        for (int64_t i = 0; work.bias && i < part.lanes; i += V::width)
            V::store(bias + i, load_some(work.bias + part.channel + i, part.lanes - i));
        part.weights = weights + lane;
        part.next = lane + kRowLanes < lanes ? part.weights + kRowLanes : next;
        switch (plan.way) {
        case ConvWay::kFlat: conv_flat(work, part, image, begin, end); break;
        case ConvWay::kDirect: conv_direct(work, part, image, begin, end); break;
        case ConvWay::kGather: conv_gathered(work, part, image, begin, end); break;
        }
    }
}

void conv2d_run(const void *params, void *const *operands, void *scratch, int64_t begin,
                int64_t end) {
    const Conv2dParams &p = *static_cast<const Conv2dParams *>(params);
    Conv2dPlan plan = plan_conv2d(p);
    int64_t run_floats = (plan.taps * int64_t(sizeof(TileRun)) + 63) / 64 * 16;
    ConvWork work{p,
                  plan,
                  static_cast<const float *>(operands[0]),
                  static_cast<const float *>(operands[1]),
                  static_cast<const float *>(operands[2]),
                  static_cast<const float *>(operands[3]),
                  static_cast<float *>(operands[4]),
                  static_cast<TileRun *>(scratch),
                  static_cast<float *>(scratch) + run_floats};
    int64_t gathered = -1; // the block that is in the scratch
    for (int64_t task = begin; task < end; ++task) {
        int64_t block = task / plan.steps; // of all pictures
        int64_t image = block / plan.blocks, of_image = block % plan.blocks;
        int64_t from = part_begin(plan.length, plan.unit, plan.blocks, of_image);
        int64_t to = part_begin(plan.length, plan.unit, plan.blocks, of_image + 1);
        if (plan.way == ConvWay::kGather && block != gathered) {
            gather_pixels(work, image, from, to);
            gathered = block;
        }
        int64_t half = half_panel_begin(plan.halves, plan.steps, task % plan.steps);
        int64_t half_end = half_panel_begin(plan.halves, plan.steps, task % plan.steps + 1);
        for (int64_t panel = half / 2; 2 * panel < half_end; ++panel)
            conv_panel(work, static_cast<int32_t>(panel),
                       half > 2 * panel ? kPanel / 2 : 0, (half_end - 2 * panel) * (kPanel / 2),
                       image, from, to);
    }
}

const Kernel conv2d_kernel = {"conv2d", conv2d_tasks, conv2d_run};

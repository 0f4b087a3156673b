// SPDX-License-Identifier: MIT
#include "kernels/bands2d.h"

#include "kernels/bands2d_plan.h"
#include "kernels/even_parts.h"

namespace linnet {

BandShape shape_of_stage(const BandStage &stage) {
    const Conv2dParams &c = stage.conv;
    const Pool2dParams &p = stage.pool;
    if (stage.kind == BandKind::kMaxPool)
        return {p.batch,    p.in_w,      p.channels, p.out_h, p.out_w,
                p.channels, row_axis(p), p.in,       p.out};
    return {c.batch, c.in_w, c.in_c, c.out_h, c.out_w, c.out_c, row_axis(c), c.in, c.out};
}

static int32_t row_between(int64_t row, int32_t low, int32_t high) {
    return row < low ? low : row > high ? high : static_cast<int32_t>(row);
}

RowRange rows_needed(const BandShape &shape, RowRange out) {
    if (out.length() <= 0) return {0, 0};
    const WindowAxis &rows = shape.rows;
    RowRange in;
    in.begin = row_between(rows.input(out.begin, 0), 0, rows.in);
    in.end = row_between(rows.input(out.end - 1, rows.kernel - 1) + 1, in.begin, rows.in);
    return in;
}

BandStage stage_of_rows(const BandStage &stage, RowRange out, RowRange in) {
    BandShape shape = shape_of_stage(stage);
    BandStage part = stage;
    int32_t pad_top = in.begin + shape.rows.pad - out.begin * shape.rows.stride;
    if (stage.kind == BandKind::kMaxPool) {
        part.pool.batch = 1;
        part.pool.in_h = in.length();
        part.pool.out_h = out.length();
        part.pool.pad_top = pad_top;
    } else {
        part.conv.batch = 1;
        part.conv.in_h = in.length();
        part.conv.out_h = out.length();
        part.conv.pad_top = pad_top;
        part.conv.cut_anywhere = true;
    }
    return part;
}

int32_t rows_held(const Bands2dParams &params, int stage) {
    int64_t rows = params.band_rows;
    for (int i = params.stages - 1; i > stage; --i) {
        WindowAxis axis = shape_of_stage(params.stage[i]).rows;
        rows = (rows - 1) * axis.stride + int64_t(axis.kernel - 1) * axis.dilation + 1;
        if (rows > axis.in) rows = axis.in;
    }
    return static_cast<int32_t>(rows);
}

int64_t floats_held(const Bands2dParams &params, int stage) {
    BandShape shape = shape_of_stage(params.stage[stage]);
    return (rows_held(params, stage) * shape.out.row + 15) / 16 * 16;
}

int64_t bands_of_picture(const Bands2dParams &params) {
    int32_t rows = shape_of_stage(params.stage[params.stages - 1]).out_h;
    int64_t bands = (rows + params.band_rows - 1) / params.band_rows;
    return bands < rows ? even_parts(bands, rows) : bands; // never fewer: the scratch is too small
}

int64_t bands2d_tasks(const void *params) {
    const Bands2dParams &p = *static_cast<const Bands2dParams *>(params);
    return shape_of_stage(p.stage[0]).batch * bands_of_picture(p);
}

int64_t bands2d_picture_floats(const Bands2dParams &params) {
    int64_t floats = 0;
    for (int i = 0; i + 1 < params.stages; ++i) floats += floats_held(params, i);
    return floats;
}

int64_t bands2d_scratch_bytes(const Bands2dParams &params) {
    int64_t most = 0;
    for (int i = 0; i < params.stages; ++i) {
        if (params.stage[i].kind != BandKind::kConv) continue;
        int32_t held = rows_held(params, i);
        for (int32_t rows = 1; rows <= held; ++rows) {
            RowRange out = {0, rows};
            RowRange in = rows_needed(shape_of_stage(params.stage[i]), out);
            int64_t bytes = conv2d_scratch_bytes(stage_of_rows(params.stage[i], out, in).conv);
            if (bytes > most) most = bytes;
        }
    }
    return bands2d_picture_floats(params) * int64_t(sizeof(float)) + most;
}

} // namespace linnet

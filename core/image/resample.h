// Resizes 8-bit pictures row by row, with the arithmetic of Pillow's resize, bit for bit.
// SPDX-License-Identifier: MIT
#pragma once

#include "image/preprocessing.h"
#include "kernels/weigh_samples.h"

namespace linnet {

// The largest width and height of a picture, and of a picture after its resize before the crop.
// Within them 32-bit sums do not overflow.
constexpr int32_t kMaxPictureSide = 1 << 20;
constexpr int64_t kMaxResizedSide = 1 << 24;

// One axis of a resize: `from` samples become `to`, of which [first, first + count) are wanted.
struct ResampleAxis {
    int32_t from = 1;
    int64_t to = 1, first = 0;
    int32_t count = 1;
};

// The pixels of a picture. Channels that are not resized are skipped.
struct PixelRows {
    const uint8_t *pixels = nullptr;
    int64_t stride = 0;      // bytes from row to row
    int32_t pixel_bytes = 3; // 1, 3 or 4
    // Whether to convert to gray before the resize, as Pillow's convert("L"):
    // (19595 R + 38470 G + 7471 B + 32768) >> 16. Red is sample `red` of a pixel, blue 2 - `red`.
    bool to_gray = false;
    int32_t red = 0;
};

// The weights of Pillow's BILINEAR on one axis: 22-bit fixed point, none negative.
class TriangleTaps {
public:
    TriangleTaps() = default;
    // Without `widen` the triangle keeps its width of two samples when the axis shrinks.
    TriangleTaps(int32_t from, int64_t to, bool widen);
    // The most that taps() writes.
    int32_t max_taps() const { return max_taps_; }
    SampleRange taps(int64_t at, int32_t *weights) const;

private:
    int32_t from_ = 1, max_taps_ = 0;
    double scale_ = 1, support_ = 1, inverse_ = 1;
};

// The sample that each wanted one takes with Pillow's NEAREST. Takes time in proportion to
// first + count.
void nearest_samples(const ResampleAxis &axis, int32_t *samples);

// Horizontal pass first, rounded to 8 bits, then the vertical pass. Keeps the source rows that one
// row of the result needs, and fewer than kSampleLanes more, each resized to the result's width.
class Resampler {
public:
    // Takes all memory that the rows need. The axes are within the limits above, and the wanted
    // samples within `to`. The pixels must outlive the resampler.
    // The samples do not depend on `isa`.
    Status prepare(const PixelRows &source, const ResampleAxis &columns, const ResampleAxis &rows,
                   PixelFilter filter, Isa isa = Isa::kAuto);

    // 1, or 3 in the order of the source.
    int32_t channels() const { return channels_; }

    // Row `at` of the wanted ones, channels() samples for each pixel; valid until the next call.
    // Call it for 0, 1, 2 ... in this order. Cannot fail.
    const uint8_t *row(int32_t at);

private:
    Status prepare_nearest(const ResampleAxis &columns, const ResampleAxis &rows);
    Status prepare_triangle(const ResampleAxis &columns, const ResampleAxis &rows, bool widen);
    const uint8_t *source_row(int32_t at);
    const uint8_t *nearest_row(int32_t at);
    int32_t place_in_ring(int32_t source_at) const;
    uint8_t *kept_row(int32_t source_at);
    void resize_columns(const uint8_t *source, uint8_t *target) const;
    void resize_group(int32_t source_at);
    void keep_rows(int32_t end);

    PixelRows source_;
    Isa isa_ = Isa::kPlain;
    bool nearest_ = false, in_groups_ = false;
    int32_t channels_ = 0, pixel_bytes_ = 0; // of the rows from source_row()
    int32_t first_column_ = 0, end_column_ = 0; // the source's columns that are needed
    int32_t width_ = 0;                         // of the result
    size_t row_bytes_ = 0;                      // of the result, rounded up to whole blocks

    Array<int32_t> column_, row_; // nearest: the source's column and row for each of the result's

    TriangleTaps row_taps_;
    int64_t first_row_ = 0;
    int32_t next_source_row_ = 0; // rows before it that are still needed are kept
    int32_t first_source_row_ = 0, end_source_row_ = 0; // in groups: of the rows that are kept
    int32_t column_stride_ = 0;   // weights from column to column
    Array<SampleRange> column_range_;
    Array<int32_t> column_weights_, row_weights_;
    int32_t kept_rows_ = 0;
    Array<uint8_t> kept_; // a ring of the last kept_rows_ source rows, horizontally resized

    Array<uint8_t> gray_, result_, scratch_;
};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "image/resample.h"

#include <cmath>

namespace linnet {
namespace {

// Stores a product, so that no compiler fuses it with a sum: Pillow's published builds do not.
double as_stored(double product) {
    volatile double stored = product;
    return stored;
}

int32_t round_up(int32_t lanes) {
    return (lanes + kSampleLanes - 1) / kSampleLanes * kSampleLanes;
}

uint8_t sample_of_sum(int32_t sum) {
    int32_t sample = sum >> kSampleWeightBits; // never negative: no weight is
    return static_cast<uint8_t>(sample > 255 ? 255 : sample);
}

// A sum for each channel, in variables of their own: compilers do not take an array apart at -O2.
template <int kChannels, int kPixelBytes>
void weigh_pixels(const uint8_t *pixel, const int32_t *weights, int32_t count, uint8_t *target) {
    int32_t sum0 = kHalfSample, sum1 = kHalfSample, sum2 = kHalfSample;
    for (int32_t tap = 0; tap < count; ++tap, pixel += kPixelBytes) {
        int32_t weight = weights[tap];
        sum0 += pixel[0] * weight;
        if constexpr (kChannels == 3) {
            sum1 += pixel[1] * weight;
            sum2 += pixel[2] * weight;
        }
    }
    target[0] = sample_of_sum(sum0);
    if constexpr (kChannels == 3) {
        target[1] = sample_of_sum(sum1);
        target[2] = sample_of_sum(sum2);
    }
}

// `row` is the pixel of column 0.
template <int kChannels, int kPixelBytes>
void weigh_row(const uint8_t *row, Span<const SampleRange> ranges, const int32_t *weights,
               int32_t weights_stride, uint8_t *target) {
    for (const SampleRange &range : ranges) {
        weigh_pixels<kChannels, kPixelBytes>(row + int64_t{range.begin} * kPixelBytes, weights,
                                             range.count, target);
        weights += weights_stride;
        target += kChannels;
    }
}

template <int kChannels, int kPixelBytes>
void pick_pixels(const uint8_t *row, Span<const int32_t> columns, uint8_t *target) {
    for (int32_t column : columns) {
        const uint8_t *pixel = row + int64_t{column} * kPixelBytes;
        for (int c = 0; c < kChannels; ++c) *target++ = pixel[c];
    }
}

void gray_pixels(const PixelRows &source, const uint8_t *pixel, int32_t count, uint8_t *target) {
    int32_t red = source.red, blue = 2 - red;
    for (int32_t i = 0; i < count; ++i, pixel += source.pixel_bytes)
        target[i] = static_cast<uint8_t>(
            (19595 * pixel[red] + 38470 * pixel[1] + 7471 * pixel[blue] + 32768) >> 16);
}

} // namespace

TriangleTaps::TriangleTaps(int32_t from, int64_t to, bool widen) : from_(from) {
    scale_ = static_cast<double>(from) / static_cast<double>(to);
    support_ = widen && scale_ > 1 ? scale_ : 1;
    inverse_ = 1 / support_;
    max_taps_ = static_cast<int32_t>(std::ceil(support_)) * 2 + 1;
}

// precompute_coeffs() and normalize_coeffs_8bpc() of Pillow's Resample.c. The weights are computed
// twice, for their sum and to be divided by it, so that no second buffer is needed.
SampleRange TriangleTaps::taps(int64_t at, int32_t *weights) const {
    double center = as_stored((static_cast<double>(at) + 0.5) * scale_);
    double begin = center - support_ + 0.5, end = center + support_ + 0.5;
    SampleRange range;
    range.begin = begin < 0 ? 0 : static_cast<int32_t>(begin);
    range.count = (end > from_ ? from_ : static_cast<int32_t>(end)) - range.begin;
    auto weight = [&](int32_t tap) {
        double distance = as_stored(std::fabs((tap + range.begin - center + 0.5) * inverse_));
        return distance < 1 ? 1 - distance : 0.0;
    };
    double sum = 0;
    for (int32_t tap = 0; tap < range.count; ++tap) sum += weight(tap);
    for (int32_t tap = 0; tap < range.count; ++tap)
        weights[tap] = static_cast<int32_t>(0.5 + weight(tap) / sum * (1 << kSampleWeightBits));
    return range;
}

// ImagingScaleAffine() of Pillow's Geometry.c. The centre is summed up and not multiplied, which
// decides where it falls on the edge of two pixels.
void nearest_samples(const ResampleAxis &axis, int32_t *samples) {
    double scale = static_cast<double>(axis.from) / static_cast<double>(axis.to);
    double center = scale * 0.5;
    for (int64_t at = 0; at < axis.first; ++at) center += scale;
    for (int32_t i = 0; i < axis.count; ++i, center += scale) {
        int32_t sample = static_cast<int32_t>(center);
        samples[i] = sample < axis.from ? sample : axis.from - 1;
    }
}

Status Resampler::prepare(const PixelRows &source, const ResampleAxis &columns,
                          const ResampleAxis &rows, PixelFilter filter, Isa isa) {
    assert(columns.from <= kMaxPictureSide && columns.to <= kMaxResizedSide);
    assert(rows.from <= kMaxPictureSide && rows.to <= kMaxResizedSide);
    assert(columns.first >= 0 && columns.first + columns.count <= columns.to);
    assert(rows.first >= 0 && rows.first + rows.count <= rows.to);
    source_ = source;
    pixel_bytes_ = source.to_gray ? 1 : source.pixel_bytes;
    channels_ = pixel_bytes_ == 1 ? 1 : 3;
    width_ = columns.count;
    isa_ = isa == Isa::kAuto ? best_isa() : isa;
    row_bytes_ = static_cast<size_t>(round_up(width_)) * static_cast<size_t>(channels_);
    LINNET_TRY(result_.resize(row_bytes_));
    bool same_size = columns.from == columns.to && rows.from == rows.to;
    nearest_ = same_size || filter == PixelFilter::kNearest;
    if (nearest_)
        LINNET_TRY(prepare_nearest(columns, rows));
    else
        LINNET_TRY(prepare_triangle(columns, rows, filter == PixelFilter::kBilinear));
    if (!source.to_gray || in_groups_) return Status();
    return gray_.resize(static_cast<size_t>(end_column_ - first_column_));
}

Status Resampler::prepare_nearest(const ResampleAxis &columns, const ResampleAxis &rows) {
    LINNET_TRY(column_.resize(static_cast<size_t>(columns.count)));
    LINNET_TRY(row_.resize(static_cast<size_t>(rows.count)));
    nearest_samples(columns, column_.data());
    nearest_samples(rows, row_.data());
    first_column_ = column_[0];
    end_column_ = column_.back() + 1;
    for (int32_t &column : column_) column -= first_column_;
    return Status();
}

Status Resampler::prepare_triangle(const ResampleAxis &columns, const ResampleAxis &rows,
                                   bool widen) {
    TriangleTaps column_taps(columns.from, columns.to, widen);
    row_taps_ = TriangleTaps(rows.from, rows.to, widen);
    first_row_ = rows.first;
    column_stride_ = column_taps.max_taps();
    size_t width = static_cast<size_t>(width_);
    // Where no source row is left out they go through the columns in groups.
    in_groups_ = widen && isa_ != Isa::kPlain;
    int32_t taps = row_taps_.max_taps();
    kept_rows_ = in_groups_ ? round_up(taps + kSampleLanes - 1) : taps;
    size_t kept_rows = static_cast<size_t>(kept_rows_);
    if (kept_rows > SIZE_MAX / 2 / row_bytes_) return out_of_memory();
    LINNET_TRY(column_range_.resize(width));
    LINNET_TRY(column_weights_.resize(width * static_cast<size_t>(column_stride_)));
    LINNET_TRY(row_weights_.resize(static_cast<size_t>(taps)));
    LINNET_TRY(kept_.resize(kept_rows * row_bytes_));
    int32_t *weights = column_weights_.data();
    for (size_t i = 0; i < width; ++i, weights += column_stride_)
        column_range_[i] = column_taps.taps(columns.first + static_cast<int64_t>(i), weights);
    first_column_ = column_range_[0].begin;
    for (SampleRange &range : column_range_) {
        end_column_ = range.begin + range.count;
        range.begin -= first_column_;
    }
    if (!in_groups_) return Status();
    first_source_row_ = next_source_row_ = row_taps_.taps(rows.first, row_weights_.data()).begin;
    end_source_row_ = rows.from;
    return scratch_.resize(static_cast<size_t>(weigh_columns_scratch_bytes({})));
}

// From the first column that is needed on, in gray where that is wanted.
const uint8_t *Resampler::source_row(int32_t at) {
    const uint8_t *row = source_.pixels + at * source_.stride +
                         int64_t{first_column_} * source_.pixel_bytes;
    if (!source_.to_gray) return row;
    gray_pixels(source_, row, end_column_ - first_column_, gray_.data());
    return gray_.data();
}

const uint8_t *Resampler::nearest_row(int32_t at) {
    const uint8_t *source = source_row(row_[static_cast<size_t>(at)]);
    switch (pixel_bytes_) {
    case 1: pick_pixels<1, 1>(source, column_.span(), result_.data()); break;
    case 3: pick_pixels<3, 3>(source, column_.span(), result_.data()); break;
    default: pick_pixels<3, 4>(source, column_.span(), result_.data());
    }
    return result_.data();
}

int32_t Resampler::place_in_ring(int32_t source_at) const {
    return (source_at - first_source_row_) % kept_rows_;
}

uint8_t *Resampler::kept_row(int32_t source_at) {
    return kept_.data() + static_cast<size_t>(place_in_ring(source_at)) * row_bytes_;
}

void Resampler::resize_columns(const uint8_t *source, uint8_t *target) const {
    Span<const SampleRange> ranges = column_range_.span();
    const int32_t *weights = column_weights_.data();
    switch (pixel_bytes_) {
    case 1: return weigh_row<1, 1>(source, ranges, weights, column_stride_, target);
    case 3: return weigh_row<3, 3>(source, ranges, weights, column_stride_, target);
    default: return weigh_row<3, 4>(source, ranges, weights, column_stride_, target);
    }
}

void Resampler::resize_group(int32_t source_at) {
    WeighColumnsParams params;
    int32_t left = end_source_row_ - source_at;
    params.rows = left < kSampleLanes ? left : kSampleLanes;
    params.columns = end_column_ - first_column_;
    params.width = width_;
    params.pixel_bytes = source_.pixel_bytes;
    params.channels = channels_;
    params.red = source_.to_gray ? source_.red : -1;
    params.weights_stride = column_stride_;
    params.source_stride = source_.stride;
    params.target_stride = static_cast<int64_t>(row_bytes_);
    const uint8_t *source = source_.pixels + source_at * source_.stride +
                            int64_t{first_column_} * source_.pixel_bytes;
    void *operands[] = {const_cast<uint8_t *>(source), column_range_.data(),
                        column_weights_.data(), kept_row(source_at)};
    kernel(KernelId::weigh_columns, isa_).run(&params, operands, scratch_.data(), 0, 1);
}

// Source rows up to `end`, each through the columns once.
void Resampler::keep_rows(int32_t end) {
    while (next_source_row_ < end) {
        if (in_groups_)
            resize_group(next_source_row_);
        else
            resize_columns(source_row(next_source_row_), kept_row(next_source_row_));
        next_source_row_ += in_groups_ ? kSampleLanes : 1;
    }
}

const uint8_t *Resampler::row(int32_t at) {
    if (nearest_) return nearest_row(at);
    SampleRange range = row_taps_.taps(first_row_ + at, row_weights_.data());
    if (next_source_row_ < range.begin) next_source_row_ = range.begin;
    keep_rows(range.begin + range.count);
    WeighRowsParams params;
    params.ring_rows = kept_rows_;
    params.first = place_in_ring(range.begin);
    params.count = range.count;
    params.row_bytes = static_cast<int64_t>(row_bytes_);
    void *operands[] = {kept_.data(), row_weights_.data(), result_.data()};
    const Kernel &weigh_rows = kernel(KernelId::weigh_rows, isa_);
    weigh_rows.run(&params, operands, nullptr, 0, weigh_rows.tasks(&params));
    return result_.data();
}

} // namespace linnet

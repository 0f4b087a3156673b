// Weighted sums of 8-bit samples. Along the rows the lanes are samples that lie side by side. Along
// the columns they are rows: blocks of the source are turned, and the result is turned back, so
// that no sum ever crosses the lanes.

// out[i][j] = rows[j][at + i]. Each round takes the address of a byte, the bits of its row before
// those of its place, one bit round to the left; four rounds swap rows and places.
template <class T>
void turn_block_by(const uint8_t *const *rows, int64_t at, uint8_t *out, int64_t stride) {
    if constexpr (T::zips_bytes) {
        typename T::Bytes even[kSampleLanes], odd[kSampleLanes];
        LINNET_UNROLL
        for (int i = 0; i < kSampleLanes; ++i) even[i] = T::load_bytes(rows[i] + at);
        LINNET_UNROLL
        for (int round = 0; round < 4; ++round) {
            typename T::Bytes *from = round % 2 == 0 ? even : odd;
            typename T::Bytes *to = round % 2 == 0 ? odd : even;
            LINNET_UNROLL
            for (int i = 0; i < kSampleLanes / 2; ++i) {
                to[2 * i] = T::zip_low(from[i], from[i + kSampleLanes / 2]);
                to[2 * i + 1] = T::zip_high(from[i], from[i + kSampleLanes / 2]);
            }
        }
        LINNET_UNROLL
        for (int i = 0; i < kSampleLanes; ++i) T::store_bytes(out + i * stride, even[i]);
    } else {
        for (int i = 0; i < kSampleLanes; ++i, out += stride)
            for (int j = 0; j < kSampleLanes; ++j) out[j] = rows[j][at + i];
    }
}
LINNET_APART void turn_block(const uint8_t *const *rows, int64_t at, uint8_t *out, int64_t stride) {
    turn_block_by<V>(rows, at, out, stride);
}

// Turns `bytes` bytes of each row.
inline void turn_rows(const uint8_t *const *rows, int64_t at, int64_t bytes, uint8_t *out) {
    for (; bytes >= kSampleLanes; bytes -= kSampleLanes, at += kSampleLanes) {
        turn_block(rows, at, out, kSampleLanes);
        out += kSampleLanes * kSampleLanes;
    }
    if (bytes == 0) return;
    uint8_t ends[kSampleLanes][kSampleLanes] = {};
    const uint8_t *end_rows[kSampleLanes];
    for (int i = 0; i < kSampleLanes; ++i) {
        std::memcpy(ends[i], rows[i] + at, static_cast<size_t>(bytes));
        end_rows[i] = ends[i];
    }
    turn_block(end_rows, 0, out, kSampleLanes);
}

// In place, for turned pixels.
inline void turned_to_gray(const WeighColumnsParams &p, int32_t columns, uint8_t *turned) {
    const uint8_t *pixel = turned;
    const int64_t red = p.red * kSampleLanes, blue = 2 * kSampleLanes - red;
    for (int32_t i = 0; i < columns; ++i, pixel += p.pixel_bytes * kSampleLanes) {
        V::Sums sums = V::sums_of(32768);
        V::add_product(&sums, pixel + red, 19595);
        V::add_product(&sums, pixel + kSampleLanes, 38470);
        V::add_product(&sums, pixel + blue, 7471);
        V::store_sums<16>(turned + i * kSampleLanes, sums);
    }
}

// Adds samples that lie `stride` bytes apart, for kChannels blocks side by side.
template <int kChannels>
void add_weighted(V::Sums *sums, const uint8_t *samples, int64_t stride, const int32_t *weights,
                  int32_t count) {
    V::Sums own[kChannels];
    LINNET_UNROLL
    for (int c = 0; c < kChannels; ++c) own[c] = sums[c];
    for (int32_t tap = 0; tap < count; ++tap, samples += stride) {
        LINNET_UNROLL
        for (int c = 0; c < kChannels; ++c)
            V::add_product(&own[c], samples + c * kSampleLanes, weights[tap]);
    }
    LINNET_UNROLL
    for (int c = 0; c < kChannels; ++c) sums[c] = own[c];
}

// A window on turned columns of kSampleLanes rows.
struct TurnedColumns {
    const WeighColumnsParams *params;
    const uint8_t *rows[kSampleLanes];
    uint8_t *turned;
    int32_t begin = 0, end = 0;

    // Holds `count` columns from `column` on, or as many as there is room for.
    LINNET_APART void hold(int32_t column, int32_t count) {
        if (count > kTurnedColumns) count = kTurnedColumns;
        if (column >= begin && column + count <= end) return;
        int32_t left = params->columns - column;
        begin = column;
        end = column + (left < kTurnedColumns ? left : kTurnedColumns);
        turn_rows(rows, int64_t{begin} * params->pixel_bytes,
                  int64_t{end - begin} * params->pixel_bytes, turned);
        if (params->red >= 0) turned_to_gray(*params, end - begin, turned);
    }
};

template <int kChannels>
void weigh_turned(TurnedColumns *source, SampleRange range, const int32_t *weights,
                  uint8_t *target) {
    const WeighColumnsParams &p = *source->params;
    const int64_t pixel = (p.red >= 0 ? 1 : p.pixel_bytes) * kSampleLanes;
    V::Sums sums[kChannels];
    for (int c = 0; c < kChannels; ++c) sums[c] = V::sums_of(kHalfSample);
    while (range.count > 0) {
        source->hold(range.begin, range.count);
        int32_t held = source->end - range.begin;
        int32_t count = range.count < held ? range.count : held;
        add_weighted<kChannels>(sums, source->turned + (range.begin - source->begin) * pixel, pixel,
                                weights, count);
        range.begin += count;
        range.count -= count;
        weights += count;
    }
    for (int c = 0; c < kChannels; ++c)
        V::store_sums<kSampleWeightBits>(target + c * kSampleLanes, sums[c]);
}

// The columns of kSampleLanes rows.
template <int kChannels>
void weigh_row_group(TurnedColumns *source, const SampleRange *ranges, const int32_t *weights,
                     uint8_t *result, uint8_t *target) {
    const WeighColumnsParams &p = *source->params;
    const uint8_t *results[kSampleLanes];
    for (int i = 0; i < kSampleLanes; ++i) results[i] = result + i * kSampleLanes;
    for (int32_t x = 0; x < p.width; x += kSampleLanes) {
        int32_t pixels = p.width - x < kSampleLanes ? p.width - x : kSampleLanes;
        for (int32_t i = 0; i < pixels; ++i, weights += p.weights_stride)
            weigh_turned<kChannels>(source, ranges[x + i], weights,
                                    result + i * kChannels * kSampleLanes);
        for (int c = 0; c < kChannels; ++c, target += kSampleLanes)
            turn_block(results, c * kSampleLanes * kSampleLanes, target, p.target_stride);
    }
}

int64_t weigh_columns_tasks(const void *params) {
    int64_t rows = static_cast<const WeighColumnsParams *>(params)->rows;
    return (rows + kSampleLanes - 1) / kSampleLanes;
}

void weigh_columns_run(const void *params, void *const *operands, void *scratch, int64_t begin,
                       int64_t end) {
    const auto &p = *static_cast<const WeighColumnsParams *>(params);
    const auto *ranges = static_cast<const SampleRange *>(operands[1]);
    const auto *weights = static_cast<const int32_t *>(operands[2]);
    uint8_t *result = static_cast<uint8_t *>(scratch) + kTurnedBytes;
    std::memset(result, 0, kTurnedResultBytes);
    for (int64_t row = begin * kSampleLanes; row < end * kSampleLanes; row += kSampleLanes) {
        TurnedColumns source;
        source.params = &p;
        source.turned = static_cast<uint8_t *>(scratch);
        for (int i = 0; i < kSampleLanes; ++i) { // the last one stands for those that are missing
            int64_t at = row + i < p.rows ? row + i : p.rows - 1;
            source.rows[i] = static_cast<const uint8_t *>(operands[0]) + at * p.source_stride;
        }
        uint8_t *target = static_cast<uint8_t *>(operands[3]) + row * p.target_stride;
        if (p.channels == 1)
            weigh_row_group<1>(&source, ranges, weights, result, target);
        else
            weigh_row_group<3>(&source, ranges, weights, result, target);
    }
}

constexpr Kernel weigh_columns_kernel = {"weigh_columns", weigh_columns_tasks, weigh_columns_run};

int64_t weigh_rows_tasks(const void *params) {
    return static_cast<const WeighRowsParams *>(params)->row_bytes / kSampleLanes;
}

void weigh_rows_run(const void *params, void *const *operands, void *, int64_t begin, int64_t end) {
    const auto &p = *static_cast<const WeighRowsParams *>(params);
    const auto *weights = static_cast<const int32_t *>(operands[1]);
    int32_t before = p.ring_rows - p.first; // the rows before the ring's end
    if (before > p.count) before = p.count;
    for (int64_t at = begin * kSampleLanes; at < end * kSampleLanes; at += kSampleLanes) {
        const uint8_t *ring = static_cast<const uint8_t *>(operands[0]) + at;
        V::Sums sums = V::sums_of(kHalfSample);
        add_weighted<1>(&sums, ring + p.first * p.row_bytes, p.row_bytes, weights, before);
        add_weighted<1>(&sums, ring, p.row_bytes, weights + before, p.count - before);
        V::store_sums<kSampleWeightBits>(static_cast<uint8_t *>(operands[2]) + at, sums);
    }
}

constexpr Kernel weigh_rows_kernel = {"weigh_rows", weigh_rows_tasks, weigh_rows_run};

// Weighted sums of samples against plain loops, for every instruction set.
// SPDX-License-Identifier: MIT
#include "kernels/weigh_samples.h"

#include "kernel_testing.h"

namespace linnet_test {
namespace {

using linnet::Isa;
using linnet::KernelId;
using linnet::kSampleLanes;
using linnet::SampleRange;
using linnet::WeighColumnsParams;
using linnet::WeighRowsParams;
using Bytes = std::vector<uint8_t>;

Bytes random_bytes(Random &random, int64_t count) {
    Bytes bytes(static_cast<size_t>(count));
    for (uint8_t &byte : bytes)
        byte = static_cast<uint8_t>(random.chance(0.2) ? 255 : random.whole(0, 255));
    return bytes;
}

// Weights that sum to one, or to a little more.
std::vector<int32_t> random_weights(Random &random, int32_t count) {
    std::vector<int32_t> weights(static_cast<size_t>(count));
    int32_t left = (1 << linnet::kSampleWeightBits) + random.whole(0, 9);
    for (size_t i = 0; i + 1 < weights.size(); ++i) {
        weights[i] = random.whole(0, std::min(left, 2 * left / int32_t(weights.size() - i)));
        left -= weights[i];
    }
    weights.back() = left;
    return weights;
}

int round_up(int n) { return (n + kSampleLanes - 1) / kSampleLanes * kSampleLanes; }

uint8_t sample_of(int64_t sum) {
    return static_cast<uint8_t>(
        std::min<int64_t>((sum + linnet::kHalfSample) >> linnet::kSampleWeightBits, 255));
}

int gray_or_sample(const WeighColumnsParams &p, const uint8_t *pixel, int channel) {
    if (p.red < 0) return pixel[channel];
    return (19595 * pixel[p.red] + 38470 * pixel[1] + 7471 * pixel[2 - p.red] + 32768) >> 16;
}

WeighColumnsParams random_columns(Random &random) {
    WeighColumnsParams p;
    p.rows = random.whole(1, 40);
    p.columns = random.chance(0.2) ? random.whole(500, 1800) : random.whole(1, 60);
    p.width = random.whole(1, 40);
    p.pixel_bytes = random.chance(0.3) ? 1 : random.whole(3, 4);
    p.channels = p.pixel_bytes == 1 ? 1 : 3;
    if (p.pixel_bytes > 1 && random.chance(0.3)) {
        p.channels = 1;
        p.red = random.chance(0.5) ? 0 : 2;
    }
    p.source_stride = p.columns * p.pixel_bytes + random.whole(0, 9);
    p.target_stride = round_up(p.width) * p.channels + random.whole(0, 9);
    return p;
}

void check_columns(Random &random, Isa isa) {
    WeighColumnsParams p = random_columns(random);
    Bytes source = random_bytes(random, (p.rows - 1) * p.source_stride +
                                            p.columns * p.pixel_bytes);
    std::vector<SampleRange> ranges(static_cast<size_t>(p.width));
    p.weights_stride = p.columns;
    std::vector<int32_t> weights(ranges.size() * static_cast<size_t>(p.weights_stride));
    for (size_t i = 0; i < ranges.size(); ++i) {
        ranges[i].begin = random.whole(0, p.columns - 1);
        ranges[i].count = random.whole(1, p.columns - ranges[i].begin);
        std::vector<int32_t> own = random_weights(random, ranges[i].count);
        std::copy(own.begin(), own.end(), weights.begin() + int64_t(i) * p.weights_stride);
    }
    Bytes target(static_cast<size_t>(round_up(p.rows) * p.target_stride), 7);
    run_both_ways(KernelId::weigh_columns, isa, &p,
                  {source.data(), ranges.data(), weights.data(), target.data()},
                  weigh_columns_scratch_bytes(p), target);
    for (int y = 0; y < p.rows; ++y)
        for (int x = 0; x < p.width; ++x)
            for (int c = 0; c < p.channels; ++c) {
                SampleRange range = ranges[static_cast<size_t>(x)];
                int64_t sum = 0;
                for (int tap = 0; tap < range.count; ++tap)
                    sum += weights[size_t(x * p.weights_stride + tap)] *
                           gray_or_sample(p, &source[size_t(y * p.source_stride +
                                                            (range.begin + tap) * p.pixel_bytes)],
                                          c);
                ASSERT_EQ(target[size_t(y * p.target_stride + x * p.channels + c)], sample_of(sum))
                    << linnet::name_of(isa) << " row " << y << " column " << x;
            }
}

void check_rows(Random &random, Isa isa) {
    WeighRowsParams p;
    p.ring_rows = random.whole(1, 40);
    p.first = random.whole(0, p.ring_rows - 1);
    p.count = random.whole(1, p.ring_rows);
    p.row_bytes = random.whole(1, 5) * kSampleLanes;
    Bytes ring = random_bytes(random, p.ring_rows * p.row_bytes);
    std::vector<int32_t> weights = random_weights(random, p.count);
    Bytes target(static_cast<size_t>(p.row_bytes));
    run_both_ways(KernelId::weigh_rows, isa, &p, {ring.data(), weights.data(), target.data()}, 0,
                  target);
    for (int64_t i = 0; i < p.row_bytes; ++i) {
        int64_t sum = 0;
        for (int tap = 0; tap < p.count; ++tap)
            sum += int64_t{weights[size_t(tap)]} *
                   ring[size_t((p.first + tap) % p.ring_rows * p.row_bytes + i)];
        ASSERT_EQ(target[size_t(i)], sample_of(sum)) << linnet::name_of(isa);
    }
}

TEST(KernelWeighColumns, RandomShapes) {
    for (Isa isa : available_isas()) {
        Random random(1);
        for (int i = 0; i < 200 && !testing::Test::HasFatalFailure(); ++i)
            check_columns(random, isa);
    }
}

TEST(KernelWeighRows, RandomShapes) {
    for (Isa isa : available_isas()) {
        Random random(2);
        for (int i = 0; i < 200 && !testing::Test::HasFatalFailure(); ++i) check_rows(random, isa);
    }
}

} // namespace
} // namespace linnet_test

// The arithmetic of the resize. tests/parity/test_resize.py compares it with Pillow itself; the
// expected samples here were taken from Pillow 11.3.
// SPDX-License-Identifier: MIT
#include "image/resample.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace linnet {
namespace {

using Samples = std::vector<int>;

constexpr PixelFilter kAllFilters[] = {PixelFilter::kBilinear, PixelFilter::kPlain,
                                       PixelFilter::kNearest};

Samples resampled(const std::vector<uint8_t> &pixels, int32_t width, ResampleAxis columns,
                  ResampleAxis rows, PixelFilter filter) {
    PixelRows source;
    source.pixels = pixels.data();
    source.stride = width;
    source.pixel_bytes = 1;
    Resampler resampler;
    EXPECT_TRUE(resampler.prepare(source, columns, rows, filter).ok());
    Samples result;
    for (int32_t y = 0; y < rows.count; ++y) {
        const uint8_t *row = resampler.row(y);
        result.insert(result.end(), row, row + columns.count);
    }
    return result;
}

// One row to one row.
Samples resampled_line(const std::vector<uint8_t> &pixels, int32_t to, PixelFilter filter) {
    int32_t from = static_cast<int32_t>(pixels.size());
    return resampled(pixels, from, {from, to, 0, to}, {1, 1, 0, 1}, filter);
}

TEST(TriangleTaps, SumToOneWithinRounding) {
    for (int32_t from : {1, 2, 7, 100, 1023, 5000})
        for (int64_t to : {1, 3, 7, 224, 1000}) {
            for (bool widen : {false, true}) {
                TriangleTaps filter(from, to, widen);
                std::vector<int32_t> weights(static_cast<size_t>(filter.max_taps()), 0);
                for (int64_t at = 0; at < to; ++at) {
                    SampleRange range = filter.taps(at, weights.data());
                    ASSERT_GE(range.begin, 0);
                    ASSERT_GT(range.count, 0);
                    ASSERT_LE(range.begin + range.count, from);
                    ASSERT_LE(range.count, filter.max_taps());
                    int64_t sum = 0;
                    for (int32_t tap = 0; tap < range.count; ++tap) {
                        ASSERT_GE(weights[static_cast<size_t>(tap)], 0);
                        sum += weights[static_cast<size_t>(tap)];
                    }
                    ASSERT_NEAR(static_cast<double>(sum), 1 << 22, range.count * 0.5 + 1);
                }
            }
        }
}

TEST(TriangleTaps, StaysWithinItsLimitsAtTheLargestFactor) {
    TriangleTaps filter(kMaxPictureSide, 1, true);
    std::vector<int32_t> weights(static_cast<size_t>(filter.max_taps()), -1);
    SampleRange range = filter.taps(0, weights.data());
    EXPECT_EQ(range.begin, 0);
    EXPECT_EQ(range.count, kMaxPictureSide);
    int64_t sum = 0;
    for (int32_t i = 0; i < range.count; ++i) sum += weights[static_cast<size_t>(i)];
    EXPECT_LT(255 * sum + (1 << 21), INT32_MAX);
    TriangleTaps enlarging(1, kMaxResizedSide, true);
    EXPECT_EQ(enlarging.taps(kMaxResizedSide - 1, weights.data()).count, 1);
    EXPECT_EQ(weights[0], 1 << 22);
}

TEST(NearestSamples, TakeThePixelThatHoldsTheCentre) {
    auto samples = [](ResampleAxis axis) {
        std::vector<int32_t> result(static_cast<size_t>(axis.count));
        nearest_samples(axis, result.data());
        return result;
    };
    EXPECT_EQ(samples({4, 2, 0, 2}), (std::vector<int32_t>{1, 3}));
    EXPECT_EQ(samples({2, 5, 0, 5}), (std::vector<int32_t>{0, 0, 1, 1, 1}));
    EXPECT_EQ(samples({3, 3, 1, 2}), (std::vector<int32_t>{1, 2}));
    EXPECT_EQ(samples({1, kMaxResizedSide, kMaxResizedSide - 1, 1}), std::vector<int32_t>{0});
    EXPECT_EQ(samples({kMaxPictureSide, kMaxResizedSide, kMaxResizedSide - 1, 1}),
              std::vector<int32_t>{kMaxPictureSide - 1});
}

TEST(Resampler, EqualsPillowOnALine) {
    std::vector<uint8_t> line = {0, 10, 20, 200, 255, 7, 90};
    EXPECT_EQ(resampled_line(line, 3, PixelFilter::kBilinear), (Samples{9, 148, 90}));
    EXPECT_EQ(resampled_line(line, 10, PixelFilter::kBilinear),
              (Samples{0, 5, 13, 20, 137, 219, 243, 69, 44, 90}));
    EXPECT_EQ(resampled_line(line, 3, PixelFilter::kNearest), (Samples{10, 200, 7}));
    EXPECT_EQ(resampled_line(line, 10, PixelFilter::kNearest),
              (Samples{0, 10, 10, 20, 200, 200, 255, 7, 7, 90}));
}

TEST(Resampler, PlainTakesTwoSamplesHoweverMuchItShrinks) {
    EXPECT_EQ(resampled_line({0, 0, 100, 200, 0, 0}, 1, PixelFilter::kPlain), Samples{150});
    EXPECT_EQ(resampled_line({9, 0, 100, 50, 7}, 1, PixelFilter::kPlain), Samples{100});
    std::vector<uint8_t> line = {0, 10, 20, 200, 255, 7, 90};
    EXPECT_EQ(resampled_line(line, 10, PixelFilter::kPlain),
              resampled_line(line, 10, PixelFilter::kBilinear));
}

TEST(Resampler, KeepsTheSameSizeExactly) {
    std::vector<uint8_t> pixels(256);
    for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i);
    Samples expected(pixels.begin(), pixels.end());
    for (PixelFilter filter : kAllFilters)
        EXPECT_EQ(resampled(pixels, 16, {16, 16, 0, 16}, {16, 16, 0, 16}, filter), expected);
}

TEST(Resampler, WindowEqualsTheSameWindowOfTheWhole) {
    std::vector<uint8_t> pixels(37 * 23);
    for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i * i * 7 + i / 5);
    for (PixelFilter filter : kAllFilters)
        for (int32_t to : {5, 23, 60}) {
            Samples whole = resampled(pixels, 37, {37, to, 0, to}, {23, to, 0, to}, filter);
            Samples window = resampled(pixels, 37, {37, to, 2, 3}, {23, to, 1, 4}, filter);
            for (int y = 0; y < 4; ++y)
                for (int x = 0; x < 3; ++x)
                    EXPECT_EQ(window[size_t(y * 3 + x)], whole[size_t((y + 1) * to + x + 2)]);
        }
}

// The whole picture, in rows without gaps.
std::vector<uint8_t> all_rows(const PixelRows &source, ResampleAxis columns, ResampleAxis rows,
                              PixelFilter filter, Isa isa) {
    Resampler resampler;
    EXPECT_TRUE(resampler.prepare(source, columns, rows, filter, isa).ok());
    std::vector<uint8_t> result;
    for (int32_t y = 0; y < rows.count; ++y) {
        const uint8_t *row = resampler.row(y);
        result.insert(result.end(), row, row + columns.count * resampler.channels());
    }
    return result;
}

// The bytes end with the picture, so that a checker finds reads beyond it.
TEST(Resampler, SamplesAreTheSameFromEveryInstructionSet) {
    std::mt19937 random(3);
    auto whole = [&](int low, int high) {
        return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
    };
    for (int i = 0; i < 300; ++i) {
        bool large = i % 20 == 0;
        ResampleAxis columns{whole(1, large ? 2000 : 90), whole(1, 90), 0, 1};
        ResampleAxis rows{whole(1, large ? 300 : 90), whole(1, 90), 0, 1};
        for (ResampleAxis *axis : {&columns, &rows}) {
            axis->first = whole(0, static_cast<int>(axis->to) - 1);
            axis->count = whole(1, static_cast<int>(axis->to - axis->first));
        }
        PixelRows source;
        source.pixel_bytes = i % 3 == 0 ? 1 : i % 3 + 2;
        source.to_gray = source.pixel_bytes > 1 && whole(0, 2) == 0;
        source.red = whole(0, 1) * 2;
        source.stride = columns.from * source.pixel_bytes + whole(0, 5);
        std::vector<uint8_t> pixels(static_cast<size_t>((rows.from - 1) * source.stride +
                                                        columns.from * source.pixel_bytes));
        for (uint8_t &sample : pixels) sample = static_cast<uint8_t>(random());
        source.pixels = pixels.data();
        for (PixelFilter filter : kAllFilters) {
            std::vector<uint8_t> plain = all_rows(source, columns, rows, filter, Isa::kPlain);
            for (Isa isa : {Isa::kAuto, Isa::kAvx2, Isa::kAvx512, Isa::kNeon, Isa::kWasm}) {
                if (!is_available(isa)) continue;
                EXPECT_EQ(all_rows(source, columns, rows, filter, isa), plain)
                    << name_of(isa) << " " << i;
            }
        }
    }
}

TEST(Resampler, KeepsConstantPicturesConstant) {
    for (int value : {0, 1, 128, 254, 255})
        for (int32_t from : {1, 3, 100, 4097}) {
            std::vector<uint8_t> line(static_cast<size_t>(from), static_cast<uint8_t>(value));
            for (int sample : resampled_line(line, 7, PixelFilter::kBilinear))
                EXPECT_EQ(sample, value);
        }
}

} // namespace
} // namespace linnet

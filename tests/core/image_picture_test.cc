// Pictures become tensors: formats, strides, crops, layouts, wrong arguments, failing allocations.
// SPDX-License-Identifier: MIT
#include "image/picture.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "image/resample.h"

namespace linnet {
namespace {

using Keys = std::vector<std::pair<const char *, const char *>>;
using Floats = std::vector<float>;

Preprocessing stated(const Keys &keys) {
    Preprocessing values;
    for (auto &[key, value] : keys) {
        Status status = values.set(std::string("linnet.") + key, value);
        EXPECT_TRUE(status.ok()) << status.message();
    }
    return values;
}

Preprocessing as_it_is(const char *color) {
    return stated({{"color", color}, {"resize", "none"}, {"scale", "1"}});
}

Picture picture_of(const std::vector<uint8_t> &pixels, PixelFormat format, int32_t width,
                   int32_t height) {
    return {pixels.data(), pixels.size(), format, width, height, width * pixel_bytes(format)};
}

// The tensor as [height, width, channels].
Floats written(const Preprocessing &values, const Picture &picture, PictureExtent extent) {
    Floats tensor(size_t(extent.height) * size_t(extent.width) * size_t(values.channels()), -1);
    Status status = write_picture(
        values, picture, PictureTarget::nhwc(tensor.data(), extent, values.channels()));
    EXPECT_TRUE(status.ok()) << status.message();
    return tensor;
}

// The error; also checks that nothing was written.
Status refused(const Preprocessing &values, const Picture &picture, PictureExtent extent) {
    Floats tensor(size_t(extent.height) * size_t(extent.width) * 3, -1);
    Status status =
        write_picture(values, picture, PictureTarget::nhwc(tensor.data(), extent, 3));
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(tensor, Floats(tensor.size(), -1));
    return status;
}

void expect_message(const Status &status, const std::vector<const char *> &parts) {
    EXPECT_EQ(status.code(), Code::kInvalidArgument);
    for (const char *part : parts)
        EXPECT_NE(std::string(status.message()).find(part), std::string::npos)
            << part << " in: " << status.message();
}

TEST(Picture, BringsEveryFormatIntoEveryOrder) {
    struct Case {
        PixelFormat format;
        std::vector<uint8_t> pixels;
    };
    // Red 10, green 20, blue 30; then red 1, green 2, blue 3.
    const Case cases[] = {{PixelFormat::kRgb, {10, 20, 30, 1, 2, 3}},
                          {PixelFormat::kBgr, {30, 20, 10, 3, 2, 1}},
                          {PixelFormat::kRgba, {10, 20, 30, 99, 1, 2, 3, 0}},
                          {PixelFormat::kBgra, {30, 20, 10, 99, 3, 2, 1, 0}}};
    for (const Case &one : cases) {
        Picture picture = picture_of(one.pixels, one.format, 2, 1);
        EXPECT_EQ(written(as_it_is("RGB"), picture, {1, 2}), (Floats{10, 20, 30, 1, 2, 3}));
        EXPECT_EQ(written(as_it_is("BGR"), picture, {1, 2}), (Floats{30, 20, 10, 3, 2, 1}));
        // (19595 * 10 + 38470 * 20 + 7471 * 30 + 32768) >> 16, as Pillow's convert("L")
        EXPECT_EQ(written(as_it_is("GRAY"), picture, {1, 2}), (Floats{18, 2}));
    }
    std::vector<uint8_t> gray = {7, 200};
    Picture picture = picture_of(gray, PixelFormat::kGray, 2, 1);
    EXPECT_EQ(written(as_it_is("RGB"), picture, {1, 2}), (Floats{7, 7, 7, 200, 200, 200}));
    EXPECT_EQ(written(as_it_is("BGR"), picture, {1, 2}), (Floats{7, 7, 7, 200, 200, 200}));
    EXPECT_EQ(written(as_it_is("GRAY"), picture, {1, 2}), (Floats{7, 200}));
}

TEST(Picture, GrayWeighsAsPillow) {
    std::vector<uint8_t> pixels = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255};
    EXPECT_EQ(written(as_it_is("GRAY"), picture_of(pixels, PixelFormat::kRgb, 4, 1), {1, 4}),
              (Floats{76, 150, 29, 255}));
}

TEST(Picture, NormalisesEachChannelOfTheNetwork) {
    Preprocessing values = stated({{"color", "BGR"},
                                   {"resize", "none"},
                                   {"scale", "0.5"},
                                   {"mean", "104,117,123"},
                                   {"std", "1,2,4"}});
    std::vector<uint8_t> rgb = {10, 20, 30};
    EXPECT_EQ(written(values, picture_of(rgb, PixelFormat::kRgb, 1, 1), {1, 1}),
              (Floats{15 - 104, (10 - 117) / 2.f, (5 - 123) / 4.f}));
}

TEST(Picture, RoundsToFloatOnce) {
    Preprocessing values = stated({{"color", "GRAY"},
                                   {"resize", "none"},
                                   {"scale", "0.00392156862745098"},
                                   {"mean", "0.1307"},
                                   {"std", "0.3081"}});
    std::vector<uint8_t> pixels(256);
    for (size_t i = 0; i < 256; ++i) pixels[i] = static_cast<uint8_t>(i);
    Floats found = written(values, picture_of(pixels, PixelFormat::kGray, 256, 1), {1, 256});
    for (size_t i = 0; i < 256; ++i) {
        volatile double product = double(i) * 0.00392156862745098;
        EXPECT_EQ(found[i], static_cast<float>((product - 0.1307) / 0.3081));
    }
}

TEST(Picture, WritesWithTheStridesOfTheTarget) {
    std::vector<uint8_t> pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Picture picture = picture_of(pixels, PixelFormat::kRgb, 2, 2);
    Floats planes(12, -1), wide(3 * 10, -1);
    ASSERT_TRUE(write_picture(as_it_is("RGB"), picture,
                              PictureTarget::nchw(planes.data(), {2, 2}))
                    .ok());
    EXPECT_EQ(planes, (Floats{1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12}));
    PictureTarget target{wide.data(), {2, 2}, 1, 15, 5}; // pixels of 5 floats, rows of 15
    ASSERT_TRUE(write_picture(as_it_is("RGB"), picture, target).ok());
    for (size_t i = 0; i < wide.size(); ++i) {
        size_t y = i / 15, x = i % 15 / 5, c = i % 5;
        EXPECT_EQ(wide[i], x < 2 && c < 3 ? float(1 + y * 6 + x * 3 + c) : -1) << i;
    }
}

TEST(Picture, ReadsRowsByTheirStrideAndNothingBehindTheLastPixel) {
    for (const char *filter : {"bilinear", "plain", "nearest"})
        for (const char *color : {"RGB", "GRAY"})
            for (int format = 0; format < 5; ++format) {
                int32_t bytes = pixel_bytes(static_cast<PixelFormat>(format));
                int32_t stride = 5 * bytes + 7;
                size_t size = size_t(2 * stride + 5 * bytes);
                auto memory = std::make_unique<uint8_t[]>(size); // watched by AddressSanitizer
                std::vector<uint8_t> dense;
                for (int y = 0; y < 3; ++y)
                    for (int x = 0; x < 5 * bytes; ++x) {
                        memory[size_t(y * stride + x)] = uint8_t(37 * y + 11 * x);
                        dense.push_back(uint8_t(37 * y + 11 * x));
                    }
                Preprocessing values = stated({{"color", color},
                                               {"resize", "exact"},
                                               {"scale", "1"},
                                               {"interpolation", filter}});
                PixelFormat pixel_format = static_cast<PixelFormat>(format);
                Picture spaced{memory.get(), size, pixel_format, 5, 3, stride};
                for (int32_t side : {1, 2, 9})
                    EXPECT_EQ(written(values, spaced, {side, side}),
                              written(values, picture_of(dense, pixel_format, 5, 3),
                                      {side, side}));
            }
}

TEST(Picture, CropsAtTheCentreAsTorchvision) {
    // The shorter side stays 1, so that the crop is one of the picture's own columns.
    std::vector<uint8_t> line = {10, 20, 30, 40, 50, 60, 70};
    Preprocessing values = stated(
        {{"color", "GRAY"}, {"resize", "shorter"}, {"resize_to", "1"}, {"scale", "1"}});
    auto crop = [&](int32_t from, int32_t width) {
        return written(values, picture_of(line, PixelFormat::kGray, from, 1), {1, width});
    };
    EXPECT_EQ(crop(7, 7), (Floats{10, 20, 30, 40, 50, 60, 70}));
    EXPECT_EQ(crop(7, 3), (Floats{30, 40, 50}));
    EXPECT_EQ(crop(7, 6), (Floats{10, 20, 30, 40, 50, 60})); // 0.5 goes to 0
    EXPECT_EQ(crop(7, 4), (Floats{30, 40, 50, 60}));         // 1.5 goes to 2
    EXPECT_EQ(crop(7, 2), (Floats{30, 40}));                 // 2.5 goes to 2
    EXPECT_EQ(crop(6, 3), (Floats{30, 40, 50}));             // 1.5 goes to 2
}

TEST(Picture, ShorterSideRule) {
    // 3 x 2 to shorter side 5: int(5 * 3 / 2) = 7 wide; the crop is the whole of it.
    std::vector<uint8_t> pixels = {0, 50, 100, 150, 200, 250};
    Preprocessing shorter = stated(
        {{"color", "GRAY"}, {"resize", "shorter"}, {"resize_to", "5"}, {"scale", "1"}});
    Preprocessing exact = stated({{"color", "GRAY"}, {"resize", "exact"}, {"scale", "1"}});
    Picture wide = picture_of(pixels, PixelFormat::kGray, 3, 2);
    Picture high = picture_of(pixels, PixelFormat::kGray, 2, 3);
    EXPECT_EQ(written(shorter, wide, {5, 7}), written(exact, wide, {5, 7}));
    EXPECT_EQ(written(shorter, high, {7, 5}), written(exact, high, {7, 5}));
    expect_message(refused(shorter, wide, {5, 8}), {"7 wide and 5 high", "8 wide", "resize_to"});
    expect_message(refused(shorter, high, {7, 6}), {"5 wide and 7 high", "6 wide"});
}

TEST(Picture, OnePixelBecomesAnySize) {
    std::vector<uint8_t> pixel = {1, 2, 3};
    for (const char *filter : {"bilinear", "plain", "nearest"}) {
        Preprocessing values = stated({{"color", "RGB"},
                                       {"resize", "exact"},
                                       {"scale", "1"},
                                       {"interpolation", filter}});
        Picture picture = picture_of(pixel, PixelFormat::kRgb, 1, 1);
        EXPECT_EQ(written(values, picture, {1, 1}), (Floats{1, 2, 3}));
        Floats large = written(values, picture, {3, 50});
        for (size_t i = 0; i < large.size(); ++i) EXPECT_EQ(large[i], float(1 + i % 3));
    }
}

TEST(Picture, LongAndNarrowPictures) {
    std::vector<uint8_t> line(10000, 77);
    Preprocessing exact = stated({{"color", "RGB"}, {"resize", "exact"}, {"scale", "1"}});
    Preprocessing shorter = stated(
        {{"color", "RGB"}, {"resize", "shorter"}, {"resize_to", "224"}, {"scale", "1"}});
    for (auto &[width, height] : {std::pair{10000, 1}, std::pair{1, 10000}}) {
        Picture picture = picture_of(line, PixelFormat::kGray, width, height);
        EXPECT_EQ(written(exact, picture, {224, 224}), Floats(224 * 224 * 3, 77));
        EXPECT_EQ(written(shorter, picture, {224, 224}), Floats(224 * 224 * 3, 77));
    }
    std::vector<uint8_t> longest(size_t{kMaxPictureSide});
    Picture picture = picture_of(longest, PixelFormat::kGray, kMaxPictureSide, 1);
    EXPECT_EQ(written(exact, picture, {1, 1}), (Floats{0, 0, 0}));
    expect_message(refused(shorter, picture, {224, 224}), {"too long and narrow", "234881024"});
}

TEST(Picture, RefusesWrongArguments) {
    std::vector<uint8_t> pixels(100 * 100 * 3);
    Preprocessing values = stated({{"color", "RGB"}, {"resize", "exact"}, {"scale", "1"}});
    auto changed = [&](auto change) {
        Picture picture = picture_of(pixels, PixelFormat::kRgb, 100, 100);
        change(&picture);
        return refused(values, picture, {2, 2});
    };
    expect_message(changed([](Picture *p) { p->pixels = nullptr; }), {"NULL"});
    expect_message(changed([](Picture *p) { p->format = PixelFormat(5); }), {"format 5", "GRAY"});
    expect_message(changed([](Picture *p) { p->format = PixelFormat(-1); }), {"format -1"});
    expect_message(changed([](Picture *p) { p->format = PixelFormat(256); }), {"format 256"});
    for (int32_t side : {0, -1, INT32_MIN, INT32_MAX, kMaxPictureSide + 1}) {
        expect_message(changed([&](Picture *p) { p->width = side; }),
                       {std::to_string(side).c_str(), "expected 1 to 1048576"});
        expect_message(changed([&](Picture *p) { p->height = side; }),
                       {std::to_string(side).c_str(), "expected 1 to 1048576"});
    }
    for (int32_t stride : {299, 0, -300, INT32_MIN})
        expect_message(changed([&](Picture *p) { p->stride = stride; }),
                       {std::to_string(stride).c_str(), "at least 300", "100 pixels of RGB"});
    expect_message(changed([](Picture *p) { p->size = 29999; }), {"29999", "at least 30000"});
    expect_message(changed([](Picture *p) { p->size = 0; }), {"at least 30000"});
    expect_message(changed([](Picture *p) { p->stride = INT32_MAX; }), {"212600881353"});
    expect_message(changed([](Picture *p) {
                       p->height = kMaxPictureSide;
                       p->stride = INT32_MAX;
                   }),
                   {"at least 2251797665153325"});
}

TEST(Picture, RefusesAnotherSizeWhereNothingIsResized) {
    std::vector<uint8_t> pixels(12);
    Picture picture = picture_of(pixels, PixelFormat::kRgb, 2, 2);
    expect_message(refused(as_it_is("RGB"), picture, {2, 3}), {"2 wide and 2 high", "3 wide"});
    expect_message(refused(as_it_is("RGB"), picture, {1, 1}), {"1 wide and 1 high", "none"});
}

TEST(Picture, RefusesIncompletePreprocessing) {
    std::vector<uint8_t> pixels(3);
    Preprocessing values = stated({{"color", "RGB"}});
    Status status = refused(values, picture_of(pixels, PixelFormat::kRgb, 1, 1), {1, 1});
    EXPECT_EQ(status.code(), Code::kNotFound);
}

// Fails the allocation number `left`, counted from 0, and all later ones.
struct Countdown {
    int left = 0;
    int64_t largest_sum = 0, sum = 0;
    static void *allocate(void *user, size_t bytes, size_t alignment) {
        Countdown *self = static_cast<Countdown *>(user);
        if (self->left-- <= 0) return nullptr;
        self->sum += static_cast<int64_t>(bytes);
        if (self->sum > self->largest_sum) self->largest_sum = self->sum;
        return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    }
    static void release(void *user, void *memory, size_t bytes) {
        static_cast<Countdown *>(user)->sum -= static_cast<int64_t>(bytes);
        std::free(memory);
    }
};

TEST(Picture, SurvivesEveryFailingAllocation) {
    std::vector<uint8_t> pixels(50 * 40 * 3, 9);
    Picture picture = picture_of(pixels, PixelFormat::kRgb, 50, 40);
    for (const char *filter : {"bilinear", "nearest"})
        for (const char *color : {"RGB", "GRAY"}) {
            Preprocessing values = stated({{"color", color},
                                           {"resize", "exact"},
                                           {"scale", "1"},
                                           {"interpolation", filter}});
            bool done = false;
            int failures = 0;
            for (int allowed = 0; !done; ++allowed) {
                Countdown countdown;
                countdown.left = allowed;
                Floats tensor(8 * 8 * 3, -1);
                ASSERT_TRUE(set_allocator(Countdown::allocate, Countdown::release,
                                          &countdown));
                {
                    Status status = write_picture(values, picture,
                                                  PictureTarget::nchw(tensor.data(), {8, 8}));
                    done = status.ok();
                    if (!done) {
                        EXPECT_EQ(status.code(), Code::kOutOfMemory);
                        EXPECT_EQ(tensor, Floats(tensor.size(), -1));
                        ++failures;
                    }
                }
                EXPECT_EQ(countdown.sum, 0);
                ASSERT_TRUE(set_allocator(nullptr, nullptr, nullptr));
            }
            EXPECT_GE(failures, 3);
        }
}

TEST(Picture, NeedsLittleMemory) {
    std::vector<uint8_t> pixels(size_t(6000) * 6000 * 3);
    Preprocessing values = stated({{"color", "RGB"}, {"resize", "exact"}, {"scale", "1"}});
    Floats tensor(224 * 224 * 3);
    Countdown countdown;
    countdown.left = 1000;
    ASSERT_TRUE(set_allocator(Countdown::allocate, Countdown::release, &countdown));
    EXPECT_TRUE(write_picture(values, picture_of(pixels, PixelFormat::kRgb, 6000, 6000),
                              PictureTarget::nchw(tensor.data(), {224, 224}))
                    .ok());
    ASSERT_TRUE(set_allocator(nullptr, nullptr, nullptr));
    EXPECT_LT(countdown.largest_sum, 200000); // the picture has 108,000,000
}

} // namespace
} // namespace linnet

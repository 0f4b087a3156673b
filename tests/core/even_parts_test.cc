// How work is cut into tasks.
// SPDX-License-Identifier: MIT
#include "kernels/even_parts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "kernels/conv2d.h"
#include "kernels/kernel.h"

namespace {

TEST(EvenParts, CoverTheLengthAndDifferByOneUnit) {
    for (int64_t length = 0; length <= 60; ++length) {
        for (int64_t unit : {1, 2, 14, 16}) {
            for (int64_t parts = 1; parts <= 9; ++parts) {
                int64_t at = linnet::part_begin(length, unit, parts, 0), least = length, most = 0;
                EXPECT_EQ(at, 0);
                for (int64_t part = 0; part < parts; ++part) {
                    int64_t end = linnet::part_begin(length, unit, parts, part + 1);
                    ASSERT_LE(at, end);
                    least = std::min(least, end - at);
                    most = std::max(most, end - at);
                    at = end;
                }
                EXPECT_EQ(at, length);
                EXPECT_LE(most, linnet::largest_part(length, unit, parts));
                // The last unit may be a part of one.
                EXPECT_LE(most - least, unit == 1 ? 1 : 2 * unit - 1);
            }
        }
    }
}

TEST(EvenParts, AreEvenInNumber) {
    for (int64_t parts = 0; parts < 40; ++parts) {
        int64_t even = linnet::even_parts(parts, 33);
        if (parts <= 1) EXPECT_EQ(even, parts);
        else EXPECT_EQ(even % 2, 0);
        EXPECT_LE(std::abs(even - parts), 1);
        if (parts <= 33) EXPECT_LE(even, 33);
    }
}

TEST(EvenParts, OfPanelsMeetInTheMiddle) {
    for (int64_t halves = 1; halves <= 40; ++halves) {
        for (int64_t steps = 1; steps <= halves; ++steps) {
            EXPECT_EQ(linnet::half_panel_begin(halves, steps, 0), 0);
            EXPECT_EQ(linnet::half_panel_begin(halves, steps, steps), halves);
            if (steps % 2 == 0) EXPECT_EQ(linnet::half_panel_begin(halves, steps, steps / 2), halves / 2);
            for (int64_t step = 0; step < steps; ++step) {
                int64_t begin = linnet::half_panel_begin(halves, steps, step);
                EXPECT_LE(begin, linnet::half_panel_begin(halves, steps, step + 1));
                if (2 * step != steps) EXPECT_EQ(begin % 2 == 0 || begin == halves, true);
            }
        }
    }
}

// What two threads of the layers of MobileNets and ResNets get.
TEST(EvenParts, GiveTwoThreadsTheSameNumberOfTasks) {
    for (auto [channels, size, kernel] : {std::array<int32_t, 3>{512, 14, 1}, {160, 7, 1},
                                          {96, 28, 3}, {32, 112, 1}, {256, 14, 3}, {960, 7, 1}}) {
        linnet::Conv2dParams conv;
        conv.batch = 1;
        conv.in_c = conv.out_c = channels;
        conv.in_h = conv.in_w = conv.out_h = conv.out_w = size;
        conv.kernel_h = conv.kernel_w = kernel;
        conv.pad_top = conv.pad_left = kernel / 2;
        conv.in = conv.out = {size * size * channels, size * channels, channels};
        const linnet::Kernel &conv2d = linnet::kernel(linnet::KernelId::conv2d, linnet::Isa::kPlain);
        EXPECT_EQ(conv2d.tasks(&conv) % 2, 0) << channels << " " << size;
    }
}

} // namespace

// Which taps of a kernel lie inside the picture, and for how many positions they stay the same.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "kernels/conv2d_plan.h"

namespace {

TEST(Taps, AreThoseInsideAndStayTheSameUpToTheEnd) {
    for (int in : {1, 2, 7, 20}) {
        for (int kernel : {1, 2, 3, 5, 9}) {
            for (int dilation : {1, 2, 7}) {
                for (int stride : {1, 2, 5}) {
                    for (int pad : {0, 1, 3, 30}) {
                        auto taps_of = [&](int out) {
                            return linnet::taps_inside(out, stride, dilation, pad, kernel, in);
                        };
                        constexpr int kLength = 40;
                        for (int out = 0; out < kLength; ++out) {
                            linnet::TapRange taps = taps_of(out);
                            for (int tap = 0; tap < kernel; ++tap) {
                                int at = out * stride - pad + tap * dilation;
                                EXPECT_EQ(at >= 0 && at < in, tap >= taps.begin && tap < taps.end);
                            }
                            int end = out + 1;
                            while (end < kLength) {
                                linnet::TapRange next = taps_of(end);
                                bool none = taps.begin == taps.end && next.begin == next.end;
                                if (!none && (next.begin != taps.begin || next.end != taps.end))
                                    break;
                                ++end;
                            }
                            int found = linnet::taps_end(taps, out, kLength, stride, dilation, pad,
                                                         in);
                            if (taps.begin < taps.end)
                                EXPECT_EQ(found, end);
                            else // Where there are none, the range that names them may change.
                                EXPECT_TRUE(found > out && found <= end);
                        }
                    }
                }
            }
        }
    }
}

} // namespace

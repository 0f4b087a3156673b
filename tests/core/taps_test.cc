// Which taps of a kernel lie inside the picture, and for how many positions they stay the same.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "kernels/conv2d_plan.h"

namespace {

using linnet::TapRange;
using linnet::WindowAxis;

bool same_taps(TapRange a, TapRange b) {
    bool none = a.begin == a.end && b.begin == b.end;
    return none || (a.begin == b.begin && a.end == b.end);
}

void expect_taps_at(const WindowAxis &axis, int out, int length) {
    TapRange taps = axis.taps_inside(out);
    for (int tap = 0; tap < axis.kernel; ++tap) {
        int at = out * axis.stride - axis.pad + tap * axis.dilation;
        EXPECT_EQ(axis.input(out, tap), at);
        EXPECT_EQ(at >= 0 && at < axis.in, tap >= taps.begin && tap < taps.end);
    }
    int end = out + 1;
    while (end < length && same_taps(taps, axis.taps_inside(end))) ++end;
    int found = axis.taps_end(taps, out, length);
    if (taps.begin < taps.end)
        EXPECT_EQ(found, end);
    else // Where there are none, the range that names them may change.
        EXPECT_TRUE(found > out && found <= end);
}

TEST(Taps, AreThoseInsideAndStayTheSameUpToTheEnd) {
    constexpr int kLength = 40;
    for (int in : {1, 2, 7, 20})
        for (int kernel : {1, 2, 3, 5, 9})
            for (int dilation : {1, 2, 7})
                for (int stride : {1, 2, 5})
                    for (int pad : {0, 1, 3, 30})
                        for (int out = 0; out < kLength; ++out)
                            expect_taps_at({in, kernel, stride, dilation, pad}, out, kLength);
}

} // namespace

// Runs interleaved one by one, against the formula.
// SPDX-License-Identifier: MIT
#include "kernels/interleave.h"

#include "kernel_testing.h"

namespace linnet_test {
namespace {

using linnet::InterleaveParams;
using linnet::Isa;
using linnet::kMostInterleaved;

constexpr float kUntouched = -7;

TEST(KernelInterleave, RandomRunsAndGaps) {
    Random random(1);
    for (int round = 0; round < 300; ++round) {
        InterleaveParams p;
        p.parts = static_cast<int32_t>(random.whole(2, kMostInterleaved));
        p.rows = random.whole(1, 40);
        p.length = round % 10 ? random.whole(1, 70) : random.whole(1, 20000 / p.rows);
        int64_t of_row = p.length * p.parts;
        p.y_row = of_row + random.whole(0, 5);
        std::vector<std::vector<float>> x(static_cast<size_t>(p.parts));
        for (size_t part = 0; part < x.size(); ++part) {
            p.x_row[part] = p.length + random.whole(0, 5);
            int64_t floats = (p.rows - 1) * p.x_row[part] + p.length;
            x[part] = random.reals(static_cast<size_t>(floats), -1, 1);
        }
        for (Isa isa : available_isas()) {
            SCOPED_TRACE(linnet::name_of(isa));
            std::vector<float> y(static_cast<size_t>((p.rows - 1) * p.y_row + of_row), kUntouched);
            std::vector<void *> operands(1 + kMostInterleaved);
            operands[0] = y.data();
            for (size_t part = 0; part < x.size(); ++part) operands[1 + part] = x[part].data();
            run_both_ways(linnet::KernelId::interleave, isa, &p, operands, 0, y);
            for (int64_t at = 0; at < static_cast<int64_t>(y.size()); ++at) {
                int64_t row = at / p.y_row, i = at % p.y_row;
                size_t part = static_cast<size_t>(i % p.parts);
                float expected = i >= of_row ? kUntouched
                                             : x[part][row * p.x_row[part] + i / p.parts];
                ASSERT_EQ(y[static_cast<size_t>(at)], expected) << "element " << at;
            }
        }
    }
}

TEST(KernelInterleave, PlanesThatBecomePixels) {
    linnet::CopyParams copy; // channels last from channels first
    set_axes(&copy.loop, {2, 3, 5, 7}, {{105, 1, 21, 3}, {105, 35, 7, 1}});
    linnet::coalesce(&copy.loop, 2);
    InterleaveParams p;
    int64_t distance = 0;
    ASSERT_TRUE(linnet::is_interleave(copy, &p, &distance));
    EXPECT_EQ(p.parts, 3);
    EXPECT_EQ(p.rows, 2);
    EXPECT_EQ(p.length, 35);
    EXPECT_EQ(p.y_row, 105);
    EXPECT_EQ(p.x_row[2], 105);
    EXPECT_EQ(distance, 35);
}

TEST(KernelInterleave, OtherCopiesAreNone) {
    linnet::CopyParams copy; // pixels that become planes
    set_axes(&copy.loop, {3, 35}, {{35, 1}, {1, 3}});
    linnet::coalesce(&copy.loop, 2);
    InterleaveParams p;
    int64_t distance = 0;
    EXPECT_FALSE(linnet::is_interleave(copy, &p, &distance));
}

} // namespace
} // namespace linnet_test

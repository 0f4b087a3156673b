// Pooling against loops in double.
// SPDX-License-Identifier: MIT
#include "kernels/pool2d.h"

#include "kernel_testing.h"

namespace linnet_test {
namespace {

using linnet::Isa;
using linnet::Pool2dParams;

double reference_pool(const Pool2dParams &p, Picture &x, int n, int oh, int ow, int c) {
    double sum = 0, greatest = -std::numeric_limits<double>::infinity();
    int inside = 0, padded = 0;
    for (int kh = 0; kh < p.kernel_h; ++kh) {
        for (int kw = 0; kw < p.kernel_w; ++kw) {
            int ih = oh * p.stride_h + kh * p.dilation_h - p.pad_top;
            int iw = ow * p.stride_w + kw * p.dilation_w - p.pad_left;
            padded += ih < p.in_h + p.pad_bottom && iw < p.in_w + p.pad_right;
            if (ih < 0 || ih >= p.in_h || iw < 0 || iw >= p.in_w) continue;
            ++inside;
            sum += x.at(n, ih, iw, c);
            greatest = std::max(greatest, double(x.at(n, ih, iw, c)));
        }
    }
    int divisor = p.count_pads ? padded : inside;
    return p.average ? (divisor ? sum / divisor : 0) : greatest;
}

TEST(KernelPool2d, RandomShapes) {
    Random random(1);
    for (int i = 0; i < 400; ++i) {
        Pool2dParams p;
        p.batch = random.chance(0.1) ? 0 : random.chance(0.3) ? 3 : 1;
        p.in_h = random.whole(1, 20);
        p.in_w = random.whole(1, 20);
        p.channels = random.whole(1, 150);
        p.average = random.chance(0.5);
        p.count_pads = random.chance(0.5);
        if (random.chance(0.3)) { // global
            p.kernel_h = p.in_h;
            p.kernel_w = p.in_w;
        } else {
            p.kernel_h = random.whole(1, 4), p.kernel_w = random.whole(1, 4);
            p.stride_h = random.whole(1, 3), p.stride_w = random.whole(1, 5);
            p.dilation_h = random.whole(1, 2), p.dilation_w = random.whole(1, 2);
            p.pad_top = random.whole(0, 3), p.pad_left = random.whole(0, 3);
            p.pad_bottom = random.whole(0, 3), p.pad_right = random.whole(0, 3);
            int reach_h = (p.kernel_h - 1) * p.dilation_h;
            int reach_w = (p.kernel_w - 1) * p.dilation_w;
            int span_h = p.in_h + p.pad_top + p.pad_bottom - 1 - reach_h;
            int span_w = p.in_w + p.pad_left + p.pad_right - 1 - reach_w;
            int up = random.whole(0, 1); // as with ceil_mode
            p.out_h = span_h < 0 ? 1 : (span_h + up * (p.stride_h - 1)) / p.stride_h + 1;
            p.out_w = span_w < 0 ? 1 : (span_w + up * (p.stride_w - 1)) / p.stride_w + 1;
        }
        bool dense = random.chance(0.4);
        Picture x = random_picture(random, p.batch, p.in_h, p.in_w, p.channels, dense);
        Picture start = random_picture(random, p.batch, p.out_h, p.out_w, p.channels, dense);
        p.in = x.strides;
        p.out = start.strides;
        for (Isa isa : available_isas()) {
            SCOPED_TRACE(linnet::name_of(isa));
            Picture y = start;
            run_both_ways(linnet::KernelId::pool2d, isa, &p, {x.data(), y.data()}, 1, y.memory);
            expect_untouched_around(y, start.memory);
            for (int n = 0; n < p.batch; ++n)
                for (int h = 0; h < p.out_h; ++h)
                    for (int w = 0; w < p.out_w; ++w)
                        for (int c = 0; c < p.channels; ++c) {
                            double expected = reference_pool(p, x, n, h, w, c);
                            if (std::isinf(expected))
                                ASSERT_EQ(y.at(n, h, w, c), expected);
                            else
                                ASSERT_NEAR(y.at(n, h, w, c), expected, 1e-5);
                        }
        }
    }
}

// A global pool of a large picture, cut by channels.
TEST(KernelPool2d, GlobalOfManyChannels) {
    Random random(2);
    Pool2dParams p;
    p.in_h = p.kernel_h = 14, p.in_w = p.kernel_w = 15, p.channels = 1100, p.average = true;
    Picture x = random_picture(random, 1, 14, 15, 1100, true);
    Picture start = random_picture(random, 1, 1, 1, 1100, true);
    p.in = x.strides;
    p.out = start.strides;
    for (Isa isa : available_isas()) {
        EXPECT_GT(linnet::kernel(linnet::KernelId::pool2d, isa).tasks(&p), 1);
        Picture y = start;
        run_both_ways(linnet::KernelId::pool2d, isa, &p, {x.data(), y.data()}, 1, y.memory);
        for (int c = 0; c < p.channels; ++c)
            ASSERT_NEAR(y.at(0, 0, 0, c), reference_pool(p, x, 0, 0, 0, c), 1e-5);
    }
}

} // namespace
} // namespace linnet_test

// Convolution against loops in double, for random shapes and all instruction sets.
// SPDX-License-Identifier: MIT
#include "kernels/conv2d.h"

#include "kernel_testing.h"
#include "kernels/conv_method.h"
#include "kernels/pack2d.h"
#include "kernels/pool2d.h"
#include "kernels/winograd2d.h"

namespace linnet_test {
namespace {

using linnet::Conv2dParams;
using linnet::ConvMethod;
using linnet::Function;
using linnet::Isa;
using linnet::KernelId;

struct ConvCase {
    Conv2dParams params;
    Picture x, y, residual;
    std::vector<float> weights, bias;
    bool with_residual = false;
    linnet::WeightStrides strides;

    double product_sum(int64_t n, int oh, int ow, int oc, double *magnitude) {
        const Conv2dParams &p = params;
        int in_group = p.in_c / p.groups, out_group = p.out_c / p.groups, g = oc / out_group;
        double sum = bias.empty() ? 0 : bias[oc];
        *magnitude = std::fabs(sum);
        for (int kh = 0; kh < p.kernel_h; ++kh) {
            for (int kw = 0; kw < p.kernel_w; ++kw) {
                int ih = oh * p.stride_h + kh * p.dilation_h - p.pad_top;
                int iw = ow * p.stride_w + kw * p.dilation_w - p.pad_left;
                if (ih < 0 || ih >= p.in_h || iw < 0 || iw >= p.in_w) continue;
                for (int c = 0; c < in_group; ++c) {
                    double product = double(x.at(n, ih, iw, g * in_group + c)) *
                                     weights[static_cast<size_t>(
                                         oc * strides.out + c * strides.in + kh * strides.h +
                                         kw * strides.w)];
                    sum += product;
                    *magnitude += std::fabs(product);
                }
            }
        }
        return sum;
    }
};

// Output length that has no more than `beyond` of the kernel outside on the far side.
int output_length(int in, int kernel, int stride, int dilation, int pad, int beyond) {
    int reach = (kernel - 1) * dilation + 1;
    int span = in + pad + beyond - reach;
    return span < 0 ? 1 : span / stride + 1;
}

ConvCase random_case(Random &random, ConvMethod method) {
    bool depthwise = method == ConvMethod::kDepthwise;
    bool winograd = is_winograd(method);
    ConvCase test;
    Conv2dParams &p = test.params;
    int kind = random.whole(0, 9);
    p.batch = random.chance(0.1) ? 0 : random.chance(0.3) ? 3 : 1;
    p.in_h = random.whole(1, 17);
    p.in_w = random.whole(1, 19);
    if (kind <= 2) { // pointwise
        p.in_c = random.whole(1, 70);
        p.out_c = random.whole(1, 140);
        if (random.chance(0.3)) p.stride_h = p.stride_w = 2;
    } else {
        p.kernel_h = random.whole(1, 5);
        p.kernel_w = random.chance(0.5) ? p.kernel_h : random.whole(1, 5);
        p.stride_h = random.whole(1, 3);
        p.stride_w = random.chance(0.7) ? p.stride_h : random.whole(1, 7);
        p.dilation_h = random.chance(0.7) ? 1 : random.whole(1, 4);
        p.dilation_w = random.chance(0.7) ? p.dilation_h : random.whole(1, 3);
        bool huge = random.chance(0.1);
        p.pad_top = huge ? random.whole(0, 30) : random.whole(0, 3);
        p.pad_left = huge ? random.whole(0, 30) : random.whole(0, 3);
        p.in_c = random.whole(1, 40);
        p.out_c = random.whole(1, 70);
        if (kind == 3) p.in_c = 3;
        if (kind == 4) p.out_c = random.whole(96, 200); // gathered
        if (kind == 5) {
            p.groups = random.whole(1, 5);
            p.in_c = p.groups * random.whole(1, 9);
            p.out_c = p.groups * random.whole(1, 40);
        }
        if (kind == 6) {
            p.groups = 2;
            p.in_c = 2 * random.whole(1, 9);
            p.out_c = 2 * random.whole(96, 120);
        }
    }
    if (depthwise) {
        p.in_c = p.out_c = p.groups = random.whole(1, 70);
        if (random.chance(0.6)) {
            p.kernel_h = p.kernel_w = random.chance(0.5) ? 3 : random.chance(0.5) ? 5 : 7;
            p.in_w = random.whole(1, 40);
        }
    }
    if (winograd) {
        p.kernel_h = p.kernel_w = 3;
        p.stride_h = p.stride_w = p.dilation_h = p.dilation_w = p.groups = 1;
    }
    p.out_h = output_length(p.in_h, p.kernel_h, p.stride_h, p.dilation_h, p.pad_top,
                            random.chance(0.5) ? p.pad_top : random.whole(0, 3));
    p.out_w = output_length(p.in_w, p.kernel_w, p.stride_w, p.dilation_w, p.pad_left,
                            random.chance(0.5) ? p.pad_left : random.whole(0, 3));
    if (p.kernel_h == 1 && p.pad_top == 0 && p.stride_h == 1) p.out_h = p.in_h;
    if (p.kernel_w == 1 && p.pad_left == 0 && p.stride_w == 1) p.out_w = p.in_w;

    bool dense = random.chance(0.4);
    test.x = random_picture(random, p.batch, p.in_h, p.in_w, p.in_c, dense);
    test.y = random_picture(random, p.batch, p.out_h, p.out_w, p.out_c, dense);
    p.in = test.x.strides;
    p.out = test.y.strides;
    test.with_residual = random.chance(0.4);
    if (test.with_residual) {
        test.residual = random_picture(random, p.batch, p.out_h, p.out_w, p.out_c, dense);
        p.residual = test.residual.strides;
    }
    int64_t depth = p.in_c / p.groups, taps = p.kernel_h * p.kernel_w;
    test.weights = random.reals(static_cast<size_t>(p.out_c * depth * taps));
    test.strides = {depth * taps, taps, p.kernel_w, 1};
    if (random.chance(0.3)) test.strides = {1, p.out_c * taps, p.out_c * p.kernel_w, p.out_c};
    if (random.chance(0.8)) test.bias = random.reals(static_cast<size_t>(p.out_c));
    if (random.chance(0.5)) {
        p.activation.function = Function(random.whole(0, int(Function::kMish)));
        p.activation.a = random.real(0.1f, 0.9f);
        p.activation.b = p.activation.a + 0.5f;
    } else if (random.chance(0.7)) {
        p.activation.function = Function::kRelu;
    }
    return test;
}

std::string words(const Conv2dParams &p) {
    return "batch " + std::to_string(p.batch) + " in " + std::to_string(p.in_h) + "x" +
           std::to_string(p.in_w) + "x" + std::to_string(p.in_c) + " out " +
           std::to_string(p.out_h) + "x" + std::to_string(p.out_w) + "x" +
           std::to_string(p.out_c) + " kernel " + std::to_string(p.kernel_h) + "x" +
           std::to_string(p.kernel_w) + " stride " + std::to_string(p.stride_h) + "," +
           std::to_string(p.stride_w) + " dilation " + std::to_string(p.dilation_h) + "," +
           std::to_string(p.dilation_w) + " pad " + std::to_string(p.pad_top) + "," +
           std::to_string(p.pad_left) + " groups " + std::to_string(p.groups) + " function " +
           std::to_string(int(p.activation.function));
}

std::vector<float> packed_weights(const ConvCase &test, ConvMethod method) {
    linnet::Pack2dParams pack;
    pack.conv = test.params;
    pack.strides = test.strides;
    pack.group_stride = test.strides.out * (test.params.out_c / test.params.groups);
    pack.method = method;
    std::vector<float> packed(static_cast<size_t>(pack2d_floats(pack)));
    pack2d(pack, test.weights.data(), packed.data());
    return packed;
}

// Runs the method's kernel on the operands; the last one is y, with memory `output`.
void run_method(ConvCase &test, ConvMethod method, Isa isa, float *residual, float *y,
                std::vector<float> &output) {
    std::vector<float> packed = packed_weights(test, method);
    std::vector<void *> operands = {test.x.data(), packed.data(),
                                    test.bias.empty() ? nullptr : test.bias.data(), residual, y};
    switch (method) {
    case ConvMethod::kPanels:
        return run_both_ways(KernelId::conv2d, isa, &test.params, operands,
                             linnet::conv2d_scratch_bytes(test.params), output);
    case ConvMethod::kDepthwise:
        return run_both_ways(KernelId::depthwise2d, isa, &test.params, operands, 1, output);
    case ConvMethod::kWinograd2:
    case ConvMethod::kWinograd4:
    case ConvMethod::kWinograd6: {
        linnet::Winograd2dParams winograd = {test.params, linnet::winograd_tile_of(method)};
        return run_both_ways(KernelId::winograd2d, isa, &winograd, operands,
                             linnet::winograd2d_scratch_bytes(winograd), output);
    }
    }
}

void check(ConvCase &test, ConvMethod method, Isa isa) {
    const Conv2dParams &p = test.params;
    SCOPED_TRACE(words(p) + " method " + std::to_string(int(method)) + " " + linnet::name_of(isa));
    bool winograd = is_winograd(method);
    Picture y = test.y;
    std::vector<float> before = y.memory;
    run_method(test, method, isa, test.with_residual ? test.residual.data() : nullptr, y.data(),
               y.memory);
    if (testing::Test::HasFatalFailure()) return;
    expect_untouched_around(y, before);
    if (testing::Test::HasFatalFailure()) return;
    for (int n = 0; n < p.batch; ++n)
        for (int h = 0; h < p.out_h; ++h)
            for (int w = 0; w < p.out_w; ++w)
                for (int c = 0; c < p.out_c; ++c) {
                    double magnitude;
                    double sum = test.product_sum(n, h, w, c, &magnitude);
                    if (test.with_residual) sum += test.residual.at(n, h, w, c);
                    double expected = reference_activation(p.activation, sum);
                    // An error of Winograd's spreads over its tile: there the magnitude of a whole
                    // sum counts, also at the border.
                    if (winograd) magnitude = std::max(magnitude, 9 * 0.25 * p.in_c);
                    double error = method == ConvMethod::kWinograd6 ? 16e-6 : 4e-6;
                    ASSERT_NEAR(y.at(n, h, w, c), expected, error * (magnitude + 1))
                        << n << " " << h << " " << w << " " << c;
                }
}

void check_random_shapes(ConvMethod method, int cases, uint32_t seed) {
    Random random(seed);
    for (int i = 0; i < cases; ++i) {
        ConvCase test = random_case(random, method);
        for (Isa isa : available_isas()) check(test, method, isa);
        if (testing::Test::HasFatalFailure()) return;
    }
}

TEST(KernelConv2d, RandomShapes) { check_random_shapes(ConvMethod::kPanels, 700, 1); }
TEST(KernelConv2d, Depthwise) { check_random_shapes(ConvMethod::kDepthwise, 700, 2); }
TEST(KernelConv2d, Winograd2) { check_random_shapes(ConvMethod::kWinograd2, 120, 5); }
TEST(KernelConv2d, Winograd4) { check_random_shapes(ConvMethod::kWinograd4, 160, 6); }
TEST(KernelConv2d, Winograd6) { check_random_shapes(ConvMethod::kWinograd6, 160, 7); }

// A pooled convolution has the bits of a convolution and a pool.
TEST(KernelConv2d, WinogradPooled) {
    Random random(8);
    for (int i = 0; i < 100; ++i) {
        ConvMethod method = i % 2 ? ConvMethod::kWinograd4 : ConvMethod::kWinograd6;
        ConvCase test = random_case(random, method);
        const Conv2dParams &p = test.params;
        Function function = p.activation.function;
        if (function != Function::kIdentity && function != Function::kRelu) continue;
        test.with_residual = false;
        linnet::Pool2dParams pool;
        pool.batch = p.batch, pool.channels = p.out_c;
        pool.in_h = p.out_h, pool.in_w = p.out_w, pool.in = p.out;
        pool.out_h = p.out_h / 2, pool.out_w = p.out_w / 2;
        pool.kernel_h = pool.kernel_w = pool.stride_h = pool.stride_w = 2;
        Picture expected = random_picture(random, p.batch, pool.out_h, pool.out_w, p.out_c, false);
        pool.out = expected.strides;
        linnet::Winograd2dParams pooled = {p, linnet::winograd_tile_of(method), true};
        pooled.conv.out = expected.strides;
        std::vector<float> packed = packed_weights(test, method);
        for (Isa isa : available_isas()) {
            SCOPED_TRACE(words(p) + " method " + std::to_string(int(method)) + " " +
                         linnet::name_of(isa));
            Picture y = test.y, found = expected;
            run_method(test, method, isa, nullptr, y.data(), y.memory);
            std::vector<void *> pool_operands = {y.data(), expected.data()};
            run_both_ways(KernelId::pool2d, isa, &pool, pool_operands, 1, expected.memory);
            std::vector<void *> operands = {test.x.data(), packed.data(),
                                            test.bias.empty() ? nullptr : test.bias.data(),
                                            nullptr, found.data()};
            run_both_ways(KernelId::winograd2d, isa, &pooled, operands,
                          linnet::winograd2d_scratch_bytes(pooled), found.memory);
            if (HasFatalFailure()) return;
            ASSERT_EQ(0, std::memcmp(found.memory.data(), expected.memory.data(),
                                     found.memory.size() * sizeof(float)));
        }
    }
}

// Large enough for many tasks, for each way of walking.
TEST(KernelConv2d, ManyTasks) {
    Random random(3);
    struct Shape {
        int h, w, in, out, kernel, stride, pad, groups;
    } shapes[] = {{30, 31, 67, 130, 1, 1, 0, 1}, {33, 30, 33, 70, 3, 1, 1, 1},
                  {7, 7, 96, 200, 3, 1, 1, 1},   {21, 20, 164, 256, 1, 2, 0, 1},
                  {40, 41, 3, 40, 7, 2, 3, 1},   {10, 10, 64, 256, 3, 1, 1, 2},
                  {1, 1, 700, 1000, 1, 1, 0, 1}, {20, 20, 64, 64, 5, 1, 2, 4}};
    for (const Shape &s : shapes) {
        ConvCase test;
        Conv2dParams &p = test.params;
        p.in_h = s.h, p.in_w = s.w, p.in_c = s.in, p.out_c = s.out, p.groups = s.groups;
        p.kernel_h = p.kernel_w = s.kernel, p.stride_h = p.stride_w = s.stride;
        p.pad_top = p.pad_left = s.pad;
        p.out_h = output_length(s.h, s.kernel, s.stride, 1, s.pad, s.pad);
        p.out_w = output_length(s.w, s.kernel, s.stride, 1, s.pad, s.pad);
        test.x = random_picture(random, 1, p.in_h, p.in_w, p.in_c, true);
        test.y = random_picture(random, 1, p.out_h, p.out_w, p.out_c, true);
        p.in = test.x.strides, p.out = test.y.strides;
        int64_t depth = p.in_c / p.groups, taps = s.kernel * s.kernel;
        test.weights = random.reals(static_cast<size_t>(p.out_c * depth * taps));
        test.strides = {depth * taps, taps, s.kernel, 1};
        EXPECT_GT(linnet::kernel(KernelId::conv2d, Isa::kPlain).tasks(&p), 1) << words(p);
        for (Isa isa : available_isas()) {
            check(test, ConvMethod::kPanels, isa);
            if (!takes_winograd2d(p)) continue;
            check(test, ConvMethod::kWinograd2, isa);
            check(test, ConvMethod::kWinograd4, isa);
            check(test, ConvMethod::kWinograd6, isa);
        }
        if (HasFatalFailure()) return;
    }
}

// A picture has the same bits alone and in a batch, by every method; and the method is the same.
TEST(KernelConv2d, SameBitsInABatch) {
    Random random(8);
    for (int i = 0; i < 60; ++i) {
        ConvMethod method = ConvMethod(random.whole(0, 3));
        ConvCase test = random_case(random, method);
        test.params.batch = 3;
        const Conv2dParams p = test.params;
        test.x = random_picture(random, 3, p.in_h, p.in_w, p.in_c, false);
        test.y = random_picture(random, 3, p.out_h, p.out_w, p.out_c, false);
        test.params.in = test.x.strides, test.params.out = test.y.strides;
        Isa isa = linnet::best_isa();
        Picture batch = test.y, singles = test.y;
        run_method(test, method, isa, nullptr, batch.data(), batch.memory);
        linnet::ConvMethod chosen = choose_conv_method(test.params, true, {});
        test.params.batch = 1;
        EXPECT_EQ(choose_conv_method(test.params, true, {}), chosen) << words(p);
        Picture all = test.x;
        for (int64_t n = 0; n < 3; ++n) {
            test.x = all;
            test.x.first += n * all.strides.image;
            run_method(test, method, isa, nullptr, singles.data() + n * singles.strides.image,
                       singles.memory);
        }
        ASSERT_EQ(0, std::memcmp(batch.memory.data(), singles.memory.data(),
                                 batch.memory.size() * sizeof(float)))
            << words(p) << " method " << int(method);
    }
}

// The residual may be the output itself.
TEST(KernelConv2d, ResidualInPlace) {
    Random random(4);
    for (ConvMethod method : {ConvMethod::kPanels, ConvMethod::kDepthwise, ConvMethod::kWinograd2,
                              ConvMethod::kWinograd4, ConvMethod::kWinograd6}) {
        bool depthwise = method == ConvMethod::kDepthwise;
        ConvCase test;
        Conv2dParams &p = test.params;
        p.in_h = p.out_h = 9, p.in_w = p.out_w = 11, p.in_c = 20, p.out_c = depthwise ? 20 : 45;
        p.kernel_h = p.kernel_w = 3, p.pad_top = p.pad_left = 1;
        p.groups = depthwise ? 20 : 1;
        test.x = random_picture(random, 1, 9, 11, p.in_c, true);
        test.y = random_picture(random, 1, 9, 11, p.out_c, true);
        p.in = test.x.strides, p.out = p.residual = test.y.strides;
        test.weights = random.reals(static_cast<size_t>(p.out_c * p.in_c / p.groups * 9));
        test.strides = {p.in_c / p.groups * 9, 9, 3, 1};
        for (Isa isa : available_isas()) {
            Picture y = test.y;
            run_method(test, method, isa, y.data(), y.data(), y.memory);
            double magnitude;
            for (int h = 0; h < 9; ++h)
                for (int w = 0; w < 11; ++w)
                    for (int c = 0; c < p.out_c; ++c)
                        ASSERT_NEAR(y.at(0, h, w, c),
                                    test.product_sum(0, h, w, c, &magnitude) +
                                        test.y.at(0, h, w, c),
                                    1e-4);
        }
    }
}

// The error of sums of 2304 products, relative to the sums, for pictures after a Relu: for
// Winograd's as winograd2d.h says.
TEST(KernelConv2d, WinogradIsAccurate) {
    Random random(7);
    ConvCase test;
    Conv2dParams &p = test.params;
    p.in_h = p.out_h = p.in_w = p.out_w = 12, p.in_c = 256, p.out_c = 32;
    p.kernel_h = p.kernel_w = 3, p.pad_top = p.pad_left = 1;
    test.x = random_picture(random, 1, 12, 12, p.in_c, true);
    for (float &value : test.x.memory) value = std::max(0.0f, value);
    test.y = random_picture(random, 1, 12, 12, p.out_c, true);
    p.in = test.x.strides, p.out = test.y.strides;
    test.weights = random.reals(static_cast<size_t>(p.out_c * p.in_c * 9));
    test.strides = {p.in_c * 9, 9, 3, 1};
    auto error = [&](ConvMethod method, Isa isa) {
        Picture y = test.y;
        run_method(test, method, isa, nullptr, y.data(), y.memory);
        double squares = 0, all = 0, magnitude;
        for (int h = 0; h < p.out_h; ++h)
            for (int w = 0; w < p.out_w; ++w)
                for (int c = 0; c < p.out_c; ++c) {
                    double sum = test.product_sum(0, h, w, c, &magnitude);
                    squares += (y.at(0, h, w, c) - sum) * (y.at(0, h, w, c) - sum);
                    all += sum * sum;
                }
        return std::sqrt(squares / all);
    };
    for (Isa isa : available_isas()) {
        SCOPED_TRACE(linnet::name_of(isa));
        EXPECT_LT(error(ConvMethod::kPanels, isa), 8e-7);
        EXPECT_LT(error(ConvMethod::kWinograd2, isa), 8e-7);
        EXPECT_LT(error(ConvMethod::kWinograd4, isa), 2e-6);
        EXPECT_LT(error(ConvMethod::kWinograd6, isa), 8e-6);
    }
}

} // namespace
} // namespace linnet_test

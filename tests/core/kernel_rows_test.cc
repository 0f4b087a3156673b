// Softmax, normalisation and reduction against loops in double.
// SPDX-License-Identifier: MIT
#include "kernels/rows.h"

#include "kernel_testing.h"

namespace linnet_test {
namespace {

using linnet::DType;
using linnet::Isa;
using linnet::KernelId;
using linnet::Reduction;

TEST(KernelSoftmax, AlongAnyAxis) {
    Random random(1);
    for (int i = 0; i < 200; ++i) {
        int64_t before = random.whole(1, 5), length = random.whole(1, i % 10 ? 60 : 3000),
                after = random.chance(0.5) ? 1 : random.whole(1, 40);
        int64_t total = before * length * after;
        float range = random.chance(0.3) ? 300.0f : 5.0f;
        std::vector<float> x = random.reals(static_cast<size_t>(total), -range, range);
        linnet::SoftmaxParams p;
        std::vector<int64_t> strides = {length * after, 1};
        set_axes(&p.outer, {before, after}, {strides, strides});
        if (random.chance(0.5)) linnet::coalesce(&p.outer, 2);
        p.length = length;
        p.x_stride = p.y_stride = after;
        p.logarithm = random.chance(0.4);
        for (Isa isa : available_isas()) {
            SCOPED_TRACE(linnet::name_of(isa));
            std::vector<float> y(x.size());
            run_both_ways(KernelId::softmax, isa, &p, {y.data(), x.data()}, 1, y);
            for (int64_t row = 0; row < before * after; ++row) {
                int64_t first = row / after * length * after + row % after;
                double greatest = x[first], sum = 0;
                for (int64_t j = 0; j < length; ++j)
                    greatest = std::max(greatest, double(x[first + j * after]));
                for (int64_t j = 0; j < length; ++j)
                    sum += std::exp(x[first + j * after] - greatest);
                for (int64_t j = 0; j < length; ++j) {
                    double e = x[first + j * after] - greatest;
                    double expected = p.logarithm ? e - std::log(sum) : std::exp(e) / sum;
                    ASSERT_NEAR(y[first + j * after], expected, 1e-6 * (1 + std::fabs(expected)) *
                                                                    (p.logarithm ? 3 : 1));
                }
            }
        }
    }
}

TEST(KernelNormalize, LayersAndGroups) {
    Random random(2);
    for (int i = 0; i < 200; ++i) {
        linnet::NormalizeParams p;
        int64_t parts = random.whole(1, 40), rows = random.whole(1, 30);
        p.repeat = random.chance(0.5) ? 1 : random.whole(1, 50);
        p.groups = random.chance(0.5) ? 1 : random.whole(1, 6);
        p.length = parts * p.repeat;
        int64_t x_row = p.length + random.whole(0, 3), y_row = p.length + random.whole(0, 3);
        set_axes(&p.outer, {rows}, {{y_row}, {x_row}});
        std::vector<float> x = random.reals(static_cast<size_t>(rows * x_row), 2, 5);
        std::vector<float> scale = random.reals(static_cast<size_t>(parts * p.groups));
        std::vector<float> bias = random.reals(static_cast<size_t>(parts * p.groups));
        bool with_scale = random.chance(0.7), with_bias = random.chance(0.7);
        for (Isa isa : available_isas()) {
            std::vector<float> y(static_cast<size_t>(rows * y_row), 99);
            run_both_ways(KernelId::normalize, isa, &p,
                          {y.data(), x.data(), with_scale ? scale.data() : nullptr,
                           with_bias ? bias.data() : nullptr},
                          1, y);
            for (int64_t row = 0; row < rows; ++row) {
                double mean = 0, variance = 0;
                for (int64_t j = 0; j < p.length; ++j)
                    mean += x[row * x_row + j] / double(p.length);
                for (int64_t j = 0; j < p.length; ++j)
                    variance += std::pow(x[row * x_row + j] - mean, 2) / double(p.length);
                for (int64_t j = 0; j < y_row; ++j) {
                    if (j >= p.length) {
                        ASSERT_EQ(y[row * y_row + j], 99);
                        continue;
                    }
                    int64_t at = row % p.groups * parts + j / p.repeat;
                    double expected =
                        (x[row * x_row + j] - mean) / std::sqrt(variance + p.epsilon);
                    expected = expected * (with_scale ? scale[at] : 1) + (with_bias ? bias[at] : 0);
                    ASSERT_NEAR(y[row * y_row + j], expected, 2e-5 * (1 + std::fabs(expected)));
                }
            }
        }
    }
}

double reference_step(Reduction reduction, double sum, double x) {
    switch (reduction) {
    case Reduction::kMax: return std::max(sum, x);
    case Reduction::kMin: return std::min(sum, x);
    case Reduction::kProd: return sum * x;
    case Reduction::kL1: return sum + std::fabs(x);
    case Reduction::kL2:
    case Reduction::kSumSquare: return sum + x * x;
    default: return sum + x;
    }
}

// Reduces some axes of a dense tensor of four axes.
TEST(KernelReduce, AnyAxes) {
    Random random(3);
    for (int i = 0; i < 600; ++i) {
        int64_t extent[4], stride[4], size = 1;
        for (int k = 4; k-- > 0;) {
            extent[k] = random.whole(1, random.chance(0.2) ? 90 : 6);
            stride[k] = size;
            size *= extent[k];
        }
        linnet::ReduceParams p;
        p.reduction = Reduction(random.whole(0, 7));
        int reduced = random.whole(0, 15);
        int64_t count = 1, outputs = 1;
        for (int k = 4; k-- > 0;) (reduced >> k & 1 ? count : outputs) *= extent[k];
        int64_t y_stride = outputs;
        for (int k = 0; k < 4; ++k) {
            linnet::StridedLoop &loop = reduced >> k & 1 ? p.inner : p.outer;
            loop.extent[loop.rank] = extent[k];
            if (reduced >> k & 1) {
                loop.stride[0][loop.rank++] = stride[k];
            } else {
                y_stride /= extent[k];
                loop.stride[0][loop.rank] = y_stride;
                loop.stride[1][loop.rank++] = stride[k];
            }
        }
        if (random.chance(0.5)) {
            linnet::coalesce(&p.inner, 1);
            linnet::coalesce(&p.outer, 2);
        }
        std::vector<float> x = random.reals(static_cast<size_t>(size), 0.5f, 1.3f);
        for (float &value : x)
            if (random.chance(0.3)) value = -value;
        std::vector<int64_t> whole(x.size());
        for (size_t j = 0; j < x.size(); ++j) whole[j] = random.whole(-5, 5);
        std::vector<double> expected(static_cast<size_t>(outputs)), integers(expected.size());
        for (int64_t o = 0; o < outputs; ++o) {
            double inf = std::numeric_limits<double>::infinity();
            double first = p.reduction == Reduction::kMax   ? -inf
                           : p.reduction == Reduction::kMin ? inf
                           : p.reduction == Reduction::kProd ? 1
                                                             : 0;
            double sum = first, integer = first;
            for (int64_t at = 0; at < size; ++at) {
                int64_t output = 0;
                for (int k = 0; k < 4; ++k)
                    if (!(reduced >> k & 1))
                        output = output * extent[k] + at / stride[k] % extent[k];
                if (output != o) continue;
                sum = reference_step(p.reduction, sum, x[at]);
                integer = reference_step(p.reduction, integer, double(whole[at]));
            }
            expected[o] = p.reduction == Reduction::kMean ? sum / double(count)
                          : p.reduction == Reduction::kL2 ? std::sqrt(sum)
                                                          : sum;
            integers[o] = p.reduction == Reduction::kMean ? std::trunc(integer / double(count))
                                                          : integer;
            if (size > 3000 && o > 4) break; // enough
        }
        size_t checked = size > 3000 ? std::min<size_t>(expected.size(), 5) : expected.size();
        for (Isa isa : available_isas()) {
            SCOPED_TRACE(linnet::name_of(isa));
            std::vector<float> y(expected.size());
            p.dtype = DType::kFloat32;
            run_both_ways(KernelId::reduce, isa, &p, {y.data(), x.data()}, 1, y);
            for (size_t o = 0; o < checked; ++o)
                ASSERT_NEAR(y[o], expected[o],
                            2e-6 * double(count + 4) * (1 + std::fabs(expected[o])));
            bool for_integers = p.reduction < Reduction::kL2 || p.reduction == Reduction::kProd;
            if (!for_integers || (p.reduction == Reduction::kProd && count > 20)) continue;
            std::vector<int64_t> z(expected.size());
            p.dtype = DType::kInt64;
            run_both_ways(KernelId::reduce, isa, &p, {z.data(), whole.data()}, 1, z);
            for (size_t o = 0; o < checked; ++o) ASSERT_EQ(double(z[o]), integers[o]);
        }
    }
}

} // namespace
} // namespace linnet_test

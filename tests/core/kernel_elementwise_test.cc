// Elementwise kernels, and the loops that they walk.
// SPDX-License-Identifier: MIT
#include "kernel_testing.h"
#include "kernels/strided.h"

namespace linnet_test {
namespace {

using linnet::BinaryFunction;
using linnet::BinaryParams;
using linnet::DType;
using linnet::Function;
using linnet::Isa;
using linnet::KernelId;
using linnet::StridedLoop;
using linnet::UnaryParams;

// Units in the last place of a float between a result and what it should be.
double ulps(float result, double expected) {
    if (double(result) == expected) return 0;
    int exponent;
    std::frexp(float(expected), &exponent);
    double ulp = std::ldexp(1.0, std::max(exponent - 24, -149));
    return std::fabs(result - expected) / ulp;
}

TEST(KernelUnary, Functions) {
    Random random(1);
    // The error allowed: so many ulps, or this much.
    struct Bound {
        double ulp, absolute;
    };
    Bound bounds[kFunctions] = {};
    for (Bound &bound : bounds) bound = {4, 1e-6};
    bounds[int(Function::kExp)] = {2, 0};
    bounds[int(Function::kRelu)] = bounds[int(Function::kAbs)] = bounds[int(Function::kNeg)] = {};
    bounds[int(Function::kSqrt)] = bounds[int(Function::kReciprocal)] = {0.5, 0};
    bounds[int(Function::kFloor)] = bounds[int(Function::kCeil)] = {};
    for (int f = 0; f < kFunctions; ++f) {
        for (float range : {1.0f, 10.0f, 80.0f}) {
            int64_t count = 20011;
            std::vector<float> x = random.reals(static_cast<size_t>(count), -range, range);
            if (f == int(Function::kLog) || f == int(Function::kSqrt))
                for (float &value : x) value = std::fabs(value);
            UnaryParams p;
            p.loop.rank = 1;
            p.loop.extent[0] = count;
            p.loop.stride[0][0] = p.loop.stride[1][0] = 1;
            p.activation = {Function(f), 0.4f, 0.7f};
            for (Isa isa : available_isas()) {
                SCOPED_TRACE(std::string(linnet::name_of(isa)) + " function " + std::to_string(f));
                std::vector<float> y(x.size());
                run_both_ways(KernelId::unary, isa, &p, {y.data(), x.data()}, 1, y);
                for (int64_t i = 0; i < count; ++i) {
                    double expected = reference_activation(p.activation, x[i]);
                    double error = std::fabs(y[i] - expected);
                    ASSERT_TRUE(error <= bounds[f].absolute ||
                                ulps(y[i], expected) <= bounds[f].ulp)
                        << x[i] << " gives " << y[i] << ", not " << expected;
                }
                // The same bits at another place.
                std::vector<float> moved(x.begin() + 3, x.begin() + 3 + 29), z(29);
                UnaryParams few = p;
                few.loop.extent[0] = 29;
                void *operands[] = {z.data(), moved.data()};
                linnet::kernel(KernelId::unary, isa).run(&few, operands, nullptr, 0, 1);
                ASSERT_EQ(0, std::memcmp(z.data(), y.data() + 3, sizeof(float) * 29));
            }
        }
    }
}

TEST(KernelUnary, SpecialNumbers) {
    float inf = std::numeric_limits<float>::infinity(), nan = std::nanf("");
    struct Expectation {
        Function function;
        float x, y;
    } expectations[] = {
        {Function::kExp, inf, inf},       {Function::kExp, -inf, 0},
        {Function::kExp, nan, nan},       {Function::kExp, 89, inf},
        {Function::kExp, 0, 1},           {Function::kTanh, inf, 1},
        {Function::kTanh, -inf, -1},      {Function::kTanh, nan, nan},
        {Function::kSigmoid, inf, 1},     {Function::kSigmoid, -inf, 0},
        {Function::kSigmoid, nan, nan},   {Function::kErf, inf, 1},
        {Function::kErf, -inf, -1},       {Function::kErf, nan, nan},
        {Function::kRelu, nan, nan},      {Function::kRelu, -inf, 0},
        {Function::kClip, nan, nan},      {Function::kSoftplus, inf, inf},
        {Function::kSoftplus, -inf, 0},   {Function::kSoftplus, nan, nan},
        {Function::kLog, 0, -inf},        {Function::kSqrt, inf, inf},
        {Function::kReciprocal, 0, inf},  {Function::kFloor, 3e9f, 3e9f},
        {Function::kFloor, -2.5f, -3},    {Function::kCeil, -2.5f, -2},
        {Function::kMish, 100, 100},      {Function::kGelu, 100, 100},
        {Function::kHardSwish, -50, 0},   {Function::kAbs, -inf, inf}};
    for (const Expectation &e : expectations) {
        UnaryParams p;
        p.loop.rank = 1, p.loop.extent[0] = 1;
        p.activation = {e.function, 0, 1};
        for (Isa isa : available_isas()) {
            float y = 7;
            void *operands[] = {&y, const_cast<float *>(&e.x)};
            linnet::kernel(KernelId::unary, isa).run(&p, operands, nullptr, 0, 1);
            EXPECT_TRUE(std::isnan(e.y) ? std::isnan(y) : y == e.y)
                << linnet::name_of(isa) << " " << int(e.function) << "(" << e.x << ") gave " << y;
        }
    }
}

// A random loop: axes in any order in memory, some broadcast in the operands after the first.
struct Walk {
    StridedLoop loop;
    int64_t size[3]; // elements of each operand's memory
};
Walk random_walk(Random &random, int operands) {
    Walk walk;
    walk.loop.rank = random.whole(0, 5);
    for (int i = 0; i < walk.loop.rank; ++i) walk.loop.extent[i] = random.whole(1, 7);
    if (walk.loop.rank && random.chance(0.3)) walk.loop.extent[walk.loop.rank - 1] = 900;
    if (walk.loop.rank && random.chance(0.05)) walk.loop.extent[0] = 0;
    for (int k = 0; k < operands; ++k) {
        std::vector<int> order(static_cast<size_t>(walk.loop.rank));
        for (int i = 0; i < walk.loop.rank; ++i) order[i] = i;
        if (random.chance(0.4))
            for (int i = walk.loop.rank; i-- > 1;) std::swap(order[i], order[random.whole(0, i)]);
        int64_t size = random.chance(0.7) ? 1 : 2;
        for (int i = walk.loop.rank; i-- > 0;) {
            int axis = order[i];
            bool broadcast = k > 0 && random.chance(0.25);
            walk.loop.stride[k][axis] = broadcast ? 0 : size;
            if (!broadcast) size *= std::max<int64_t>(walk.loop.extent[axis], 1);
        }
        walk.size[k] = size;
    }
    return walk;
}

// Calls visit(offsets) for every element.
template <class Visit> void each_element(const StridedLoop &loop, int operands, Visit visit) {
    for (int64_t i = 0; i < loop.elements(); ++i) {
        int64_t offsets[4] = {}, rest = i;
        for (int axis = loop.rank; axis-- > 0; rest /= loop.extent[axis])
            for (int k = 0; k < operands; ++k)
                offsets[k] += rest % loop.extent[axis] * loop.stride[k][axis];
        visit(offsets);
    }
}

TEST(KernelStrided, CoalesceKeepsTheElements) {
    Random random(5);
    for (int i = 0; i < 500; ++i) {
        Walk walk = random_walk(random, 3);
        StridedLoop merged = walk.loop;
        linnet::coalesce(&merged, 3);
        ASSERT_GE(merged.rank, 1);
        ASSERT_LE(merged.rank, std::max(walk.loop.rank, 1));
        std::vector<std::vector<int64_t>> before, after;
        each_element(walk.loop, 3, [&](int64_t *o) { before.push_back({o[0], o[1], o[2]}); });
        each_element(merged, 3, [&](int64_t *o) { after.push_back({o[0], o[1], o[2]}); });
        std::sort(before.begin(), before.end());
        std::sort(after.begin(), after.end());
        ASSERT_EQ(before, after);
    }
    StridedLoop dense;
    dense.rank = 3;
    int64_t extents[] = {4, 5, 6}, strides[] = {30, 6, 1};
    for (int i = 0; i < 3; ++i)
        dense.extent[i] = extents[i], dense.stride[0][i] = dense.stride[1][i] = strides[i];
    linnet::coalesce(&dense, 2);
    EXPECT_EQ(dense.rank, 1);
    EXPECT_EQ(dense.extent[0], 120);
}

TEST(KernelUnary, RandomLoops) {
    Random random(2);
    for (int i = 0; i < 300; ++i) {
        Walk walk = random_walk(random, 2);
        UnaryParams p;
        p.loop = walk.loop;
        if (random.chance(0.5)) linnet::coalesce(&p.loop, 2);
        p.activation.function = Function::kSwish, p.activation.a = 1;
        std::vector<float> x = random.reals(static_cast<size_t>(walk.size[1]));
        for (Isa isa : available_isas()) {
            std::vector<float> y(static_cast<size_t>(walk.size[0]), 99), expected = y;
            each_element(walk.loop, 2, [&](int64_t *o) {
                expected[o[0]] = float(reference_activation(p.activation, x[o[1]]));
            });
            run_both_ways(KernelId::unary, isa, &p, {y.data(), x.data()}, 1, y);
            for (size_t at = 0; at < y.size(); ++at) ASSERT_NEAR(y[at], expected[at], 1e-6);
        }
    }
}

double reference_binary(BinaryFunction function, double a, double b) {
    switch (function) {
    case BinaryFunction::kAdd: return a + b;
    case BinaryFunction::kSub: return a - b;
    case BinaryFunction::kMul: return a * b;
    case BinaryFunction::kDiv: return a / b;
    case BinaryFunction::kMin: return std::min(a, b);
    case BinaryFunction::kMax: return std::max(a, b);
    case BinaryFunction::kPow: return std::pow(a, b);
    case BinaryFunction::kModFloor: return a - b * std::floor(a / b);
    case BinaryFunction::kModTrunc: return std::fmod(a, b);
    case BinaryFunction::kPRelu: return a < 0 ? a * b : a;
    case BinaryFunction::kEqual: return a == b;
    case BinaryFunction::kLess: return a < b;
    case BinaryFunction::kLessOrEqual: return a <= b;
    case BinaryFunction::kGreater: return a > b;
    case BinaryFunction::kGreaterOrEqual: return a >= b;
    case BinaryFunction::kAnd: return a != 0 && b != 0;
    case BinaryFunction::kOr: return a != 0 || b != 0;
    case BinaryFunction::kXor: return (a != 0) != (b != 0);
    }
    return 0;
}

TEST(KernelBinary, RandomLoops) {
    Random random(3);
    for (int i = 0; i < 600; ++i) {
        Walk walk = random_walk(random, 3);
        BinaryParams p;
        p.loop = walk.loop;
        if (random.chance(0.5)) linnet::coalesce(&p.loop, 3);
        p.function = BinaryFunction(i % 18);
        bool to_bool = p.function >= BinaryFunction::kEqual;
        if (!to_bool && random.chance(0.3)) p.activation = {Function::kTanh, 0, 0};
        std::vector<float> a(static_cast<size_t>(walk.size[1]));
        std::vector<float> b(static_cast<size_t>(walk.size[2]));
        // Quarters, so that equal ones occur and remainders are exact.
        for (float &value : a) value = float(random.whole(-8, 8)) * 0.25f;
        for (float &value : b) value = float(random.whole(1, 8)) * 0.25f;
        if (p.function == BinaryFunction::kPow)
            for (float &value : a) value = std::fabs(value);
        for (Isa isa : available_isas()) {
            SCOPED_TRACE(std::string(linnet::name_of(isa)) + " " + std::to_string(i % 18));
            std::vector<float> y(static_cast<size_t>(walk.size[0]), 99);
            std::vector<uint8_t> flags(static_cast<size_t>(walk.size[0]), 99);
            if (to_bool)
                run_both_ways(KernelId::binary, isa, &p, {flags.data(), a.data(), b.data()}, 1,
                              flags);
            else
                run_both_ways(KernelId::binary, isa, &p, {y.data(), a.data(), b.data()}, 1, y);
            std::vector<char> written(y.size(), 0);
            each_element(walk.loop, 3, [&](int64_t *o) {
                double expected = reference_activation(
                    p.activation, reference_binary(p.function, a[o[1]], b[o[2]]));
                EXPECT_NEAR(to_bool ? flags[o[0]] : y[o[0]], expected,
                            2e-6 * (1 + std::fabs(expected)));
                written[o[0]] = 1;
            });
            for (size_t at = 0; at < y.size(); ++at)
                ASSERT_TRUE(written[at] || (y[at] == 99 && flags[at] == 99));
        }
        if (HasFailure()) return;
    }
}

template <class T> void check_integers(DType dtype) {
    struct Row {
        BinaryFunction function;
        int64_t a, b, y;
    } rows[] = {
        {BinaryFunction::kAdd, 100, 27, 127},     {BinaryFunction::kSub, 100, 27, 73},
        {BinaryFunction::kMul, 100, 3, T(300)},   {BinaryFunction::kDiv, 7, 2, 3},
        {BinaryFunction::kDiv, 7, 0, 0},          {BinaryFunction::kModFloor, 7, 0, 0},
        {BinaryFunction::kMin, 3, 5, 3},          {BinaryFunction::kMax, 3, 5, 5},
        {BinaryFunction::kPow, 2, 5, 32},         {BinaryFunction::kModTrunc, 7, 4, 3},
        {BinaryFunction::kEqual, 7, 7, 1},        {BinaryFunction::kLess, 7, 7, 0},
        {BinaryFunction::kGreaterOrEqual, 7, 7, 1}, {BinaryFunction::kAnd, 1, 0, 0},
        {BinaryFunction::kXor, 1, 0, 1},
        {BinaryFunction::kAdd, std::numeric_limits<T>::max(), 1, std::numeric_limits<T>::min()}};
    for (const Row &row : rows) {
        BinaryParams p;
        p.loop.rank = 1, p.loop.extent[0] = 1;
        p.function = row.function, p.dtype = dtype;
        T a = T(row.a), b = T(row.b), y = 55;
        uint8_t flag = 55;
        bool to_bool = row.function >= BinaryFunction::kEqual;
        void *operands[] = {to_bool ? static_cast<void *>(&flag) : &y, &a, &b};
        linnet::kernel(KernelId::binary, Isa::kAuto).run(&p, operands, nullptr, 0, 1);
        EXPECT_EQ(to_bool ? int64_t(flag) : int64_t(y), row.y) << int(row.function);
    }
}

TEST(KernelBinary, Integers) {
    check_integers<int64_t>(DType::kInt64);
    check_integers<int32_t>(DType::kInt32);
    check_integers<int8_t>(DType::kInt8);
    check_integers<uint8_t>(DType::kUint8);
    int64_t a[] = {-7, INT64_MIN, -7, -7}, b[] = {2, -1, 4, 4}, y;
    BinaryFunction functions[] = {BinaryFunction::kDiv, BinaryFunction::kDiv,
                                  BinaryFunction::kModFloor, BinaryFunction::kModTrunc};
    int64_t expected[] = {-3, INT64_MIN, 1, -3};
    for (int i = 0; i < 4; ++i) {
        BinaryParams p;
        p.loop.rank = 1, p.loop.extent[0] = 1;
        p.function = functions[i], p.dtype = DType::kInt64;
        void *operands[] = {&y, &a[i], &b[i]};
        linnet::kernel(KernelId::binary, Isa::kAuto).run(&p, operands, nullptr, 0, 1);
        EXPECT_EQ(y, expected[i]);
    }
}

} // namespace
} // namespace linnet_test

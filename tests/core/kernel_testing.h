// What the tests of kernels share: random numbers, the instruction sets of this machine, and a
// call that runs a kernel twice, whole and task by task, and expects the same bits.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "kernels/activation.h"
#include "kernels/conv2d.h"
#include "kernels/kernel.h"
#include "kernels/strided.h"

namespace linnet_test {

inline std::vector<linnet::Isa> available_isas() {
    std::vector<linnet::Isa> isas;
    for (linnet::Isa isa : {linnet::Isa::kPlain, linnet::Isa::kAvx2, linnet::Isa::kAvx512,
                            linnet::Isa::kNeon, linnet::Isa::kWasm})
        if (linnet::is_available(isa)) isas.push_back(isa);
    return isas;
}

class Random {
public:
    explicit Random(uint32_t seed) : engine_(seed) {}
    int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }
    float real(float low = -1, float high = 1) {
        return std::uniform_real_distribution<float>(low, high)(engine_);
    }
    bool chance(double p) { return std::bernoulli_distribution(p)(engine_); }
    std::vector<float> reals(size_t count, float low = -1, float high = 1) {
        std::vector<float> values(count);
        for (float &value : values) value = real(low, high);
        return values;
    }

private:
    std::mt19937 engine_;
};

// Scratch of a thread: aligned, full of numbers that no kernel may rely on, and not a byte longer.
class Scratch {
public:
    explicit Scratch(int64_t bytes)
        : memory_(static_cast<unsigned char *>(
              ::operator new(static_cast<size_t>(bytes), std::align_val_t(64)))) {
        std::memset(memory_, 0xFF, static_cast<size_t>(bytes));
    }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch() { ::operator delete(memory_, std::align_val_t(64)); }
    void *get() { return memory_; }

private:
    unsigned char *memory_;
};

// Runs the kernel on `output` (one of the operands, of T) in one call; then again from the same
// start task by task, backwards, each with a fresh scratch. Both must write the same bits.
template <class T>
void run_both_ways(linnet::KernelId id, linnet::Isa isa, const void *params,
                   std::vector<void *> operands, int64_t scratch_bytes, std::vector<T> &output) {
    const linnet::Kernel &kernel = linnet::kernel(id, isa);
    std::vector<T> start = output;
    int64_t tasks = kernel.tasks(params);
    ASSERT_GE(tasks, 0);
    {
        Scratch scratch(scratch_bytes);
        kernel.run(params, operands.data(), scratch.get(), 0, tasks);
    }
    std::vector<T> whole = output;
    std::copy(start.begin(), start.end(), output.begin());
    for (int64_t task = tasks; task-- > 0;) {
        Scratch scratch(scratch_bytes);
        kernel.run(params, operands.data(), scratch.get(), task, task + 1);
    }
    ASSERT_EQ(0, output.empty() ? 0
                                : std::memcmp(whole.data(), output.data(),
                                              output.size() * sizeof(T)))
        << kernel.name << " depends on how its tasks are run";
}


// Axes with these lengths, the last one fastest, and their strides for each operand.
inline void set_axes(linnet::StridedLoop *loop, std::vector<int64_t> extents,
                     std::vector<std::vector<int64_t>> strides) {
    loop->rank = static_cast<int32_t>(extents.size());
    for (size_t i = 0; i < extents.size(); ++i) {
        loop->extent[i] = extents[i];
        for (size_t k = 0; k < strides.size(); ++k) loop->stride[k][i] = strides[k][i];
    }
}

// In double.
inline double reference_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

inline double reference_activation(const linnet::Activation &activation, double x) {
    using linnet::Function;
    double a = activation.a, b = activation.b, pi = 3.14159265358979323846;
    switch (activation.function) {
    case Function::kIdentity: return x;
    case Function::kRelu: return std::max(0.0, x);
    case Function::kClip: return std::min(b, std::max(a, x));
    case Function::kLeakyRelu: return x < 0 ? a * x : x;
    case Function::kElu: return x < 0 ? a * std::expm1(x) : x;
    case Function::kSelu: return b * (x < 0 ? a * std::expm1(x) : x);
    case Function::kSigmoid: return reference_sigmoid(x);
    case Function::kHardSigmoid: return std::min(1.0, std::max(0.0, a * x + b));
    case Function::kHardSwish: return x * std::min(1.0, std::max(0.0, x / 6 + 0.5));
    case Function::kSwish: return x * reference_sigmoid(a * x);
    case Function::kTanh: return std::tanh(x);
    case Function::kGelu: return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case Function::kGeluTanh:
        return 0.5 * x * (1 + std::tanh(std::sqrt(2 / pi) * (x + 0.044715 * x * x * x)));
    case Function::kErf: return std::erf(x);
    case Function::kSoftplus: return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
    case Function::kMish:
        return x * std::tanh(std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))));
    case Function::kExp: return std::exp(x);
    case Function::kLog: return std::log(x);
    case Function::kSqrt: return std::sqrt(x);
    case Function::kAbs: return std::fabs(x);
    case Function::kNeg: return -x;
    case Function::kReciprocal: return 1 / x;
    case Function::kFloor: return std::floor(x);
    case Function::kCeil: return std::ceil(x);
    case Function::kSin: return std::sin(x);
    case Function::kCos: return std::cos(x);
    }
    return 0;
}

constexpr int kFunctions = static_cast<int>(linnet::Function::kCos) + 1;

// A picture tensor in memory of its own, with free strides and numbers around it that nobody may
// touch. The last element is the last of the memory, so that a checker finds reads beyond it.
struct Picture {
    int64_t batch, height, width, channels;
    linnet::PictureStrides strides;
    int64_t first; // channel offset in the pixel
    std::vector<float> memory;

    float *data() { return memory.data() + first; }
    int64_t offset(int64_t n, int64_t h, int64_t w) const {
        return n * strides.image + h * strides.row + w * strides.pixel;
    }
    float &at(int64_t n, int64_t h, int64_t w, int64_t c) {
        return memory[static_cast<size_t>(first + offset(n, h, w) + c)];
    }
};

inline Picture random_picture(Random &random, int64_t batch, int64_t height, int64_t width,
                              int64_t channels, bool dense) {
    Picture p{batch, height, width, channels, {}, 0, {}};
    p.first = dense ? 0 : random.whole(0, 5);
    p.strides.pixel = channels + (dense ? 0 : p.first + random.whole(0, 9));
    int64_t gap = dense || random.chance(0.5) ? 0 : random.whole(0, 9);
    p.strides.row = width * p.strides.pixel + gap;
    p.strides.image = height * p.strides.row + (dense || random.chance(0.5) ? 0 : 7);
    int64_t last = p.first;
    if (batch > 0 && height > 0 && width > 0)
        last += p.offset(batch - 1, height - 1, width - 1) + channels;
    p.memory = random.reals(static_cast<size_t>(last > 0 ? last : 1)); // an address in any case
    return p;
}

// Expects everything in memory that is no element to be as in `before`.
inline void expect_untouched_around(Picture &y, const std::vector<float> &before) {
    std::vector<char> inside(y.memory.size(), 0);
    for (int64_t n = 0; n < y.batch; ++n)
        for (int64_t h = 0; h < y.height; ++h)
            for (int64_t w = 0; w < y.width; ++w)
                for (int64_t c = 0; c < y.channels; ++c)
                    inside[static_cast<size_t>(y.first + y.offset(n, h, w) + c)] = 1;
    for (size_t i = 0; i < inside.size(); ++i)
        ASSERT_TRUE(inside[i] || y.memory[i] == before[i]) << "written beside the output at " << i;
}

} // namespace linnet_test

// What the benchmarks of kernels share: memory, and the best time of many runs.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace linnet_bench {

inline double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Memory as the runner gives it: aligned, full of small numbers.
class Block {
public:
    explicit Block(int64_t floats) {
        size_t bytes = static_cast<size_t>(floats + 64) * sizeof(float);
        data_ = static_cast<float *>(::operator new(bytes, std::align_val_t(64)));
        for (int64_t i = 0; i < floats; ++i) data_[i] = float(std::rand() % 1024) / 1024 - 0.5f;
    }
    Block(Block &&other) : data_(other.data_) { other.data_ = nullptr; }
    ~Block() { ::operator delete(data_, std::align_val_t(64)); }
    float *get() { return data_; }

private:
    float *data_;
};

template <class Run> double best_time(Run run) {
    double best = 1e9, start = seconds();
    for (int i = 0; i < 400 && (i < 5 || seconds() - start < 0.25); ++i) {
        double from = seconds();
        run();
        double time = seconds() - from;
        if (time < best) best = time;
    }
    return best;
}

} // namespace linnet_bench

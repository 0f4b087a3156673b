// What this machine can do at most: multiply-adds of float32 in registers, reading memory, and the
// clock meanwhile. The commands that compare times build and run it by themselves.
//
// Usage: machine_peak [isa] [threads]. One line of JSON; isa is plain, avx2, avx512 or neon, the
// best that there is if none is named. Best of many short measurements: another program that is
// busy meanwhile shortens none of them.
// Build: c++ -O2 -std=c++17 -pthread machine_peak.cc -o machine_peak
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "bench.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace {

using linnet_bench::seconds;

constexpr int kChains = 12; // independent sums: more than latency times width of any machine
constexpr int kRepetitions = 40;
volatile float g_sink;

// One function per instruction set: `turns` times kChains multiply-adds of LANES numbers.
#define FMA_LOOP(NAME, TARGET, VECTOR, LANES, SET, FMA)                                           \
    TARGET void NAME(int turns) {                                                                 \
        VECTOR sum[kChains], factor = SET(0.999f), term = SET(0.001f);                            \
        _Pragma("GCC unroll 16") for (int i = 0; i < kChains; ++i) sum[i] = SET(float(i));        \
        for (int turn = 0; turn < turns; ++turn)                                                  \
            _Pragma("GCC unroll 16") for (int i = 0; i < kChains; ++i)                            \
                sum[i] = FMA(sum[i], factor, term);                                               \
        float all[LANES];                                                                         \
        for (int i = 1; i < kChains; ++i) sum[0] = FMA(sum[i], factor, sum[0]);                   \
        std::memcpy(all, &sum[0], sizeof all);                                                    \
        g_sink = all[0];                                                                          \
    }

typedef float Four __attribute__((vector_size(16))); // what every x86-64 and AArch64 has
inline Four set_four(float x) { return Four{x, x, x, x}; }
inline Four multiply_add(Four x, Four factor, Four term) { return x * factor + term; }
FMA_LOOP(fma_plain, , Four, 4, set_four, multiply_add)

#if defined(__x86_64__)
FMA_LOOP(fma_avx2, __attribute__((target("avx2,fma"))), __m256, 8, _mm256_set1_ps,
         _mm256_fmadd_ps)
FMA_LOOP(fma_avx512, __attribute__((target("avx512f"))), __m512, 16, _mm512_set1_ps,
         _mm512_fmadd_ps)
#elif defined(__aarch64__)
inline float32x4_t neon_fma(float32x4_t x, float32x4_t factor, float32x4_t term) {
    return vfmaq_f32(term, x, factor);
}
FMA_LOOP(fma_neon, , float32x4_t, 4, vdupq_n_f32, neon_fma)
#endif

struct Body {
    const char *isa;
    void (*run)(int turns);
    int lanes;
};

// The bodies that this machine runs, the best one last.
std::vector<Body> bodies() {
    std::vector<Body> all = {{"plain", fma_plain, 4}};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        all.push_back({"avx2", fma_avx2, 8});
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw"))
        all.push_back({"avx512", fma_avx512, 16});
#elif defined(__aarch64__)
    all.push_back({"neon", fma_neon, 4});
#endif
    return all;
}

// The best time of several threads that do the same at once: that of the slowest, by its own clock,
// so that a thread which had to wait for a busy core before it began does not count as slow.
template <class Work> double best_together(int threads, Work work) {
    double best = 1e9;
    for (int repetition = 0; repetition < kRepetitions; ++repetition) {
        std::atomic<int> waiting{threads};
        std::vector<double> times(threads);
        auto one = [&](int i) {
            for (--waiting; waiting > 0;) std::this_thread::yield();
            double from = seconds();
            work(i);
            times[i] = seconds() - from;
        };
        std::vector<std::thread> others;
        for (int i = 1; i < threads; ++i) others.emplace_back(one, i);
        one(0);
        for (std::thread &other : others) other.join();
        best = std::min(best, *std::max_element(times.begin(), times.end()));
    }
    return best;
}

double gflops(const Body &body, int threads) {
    constexpr int kTurns = 200000;
    double time = best_together(threads, [&](int) { body.run(kTurns); });
    return 2e-9 * threads * kTurns * kChains * body.lanes / time;
}

// Of a chain of instructions that wait for each other and take a known number of cycles.
double clock_ghz() {
    constexpr int kTurns = 100000, kChain = 10;
#if defined(__x86_64__)
    constexpr int kCycles = 3; // of imul, on all processors since 2006
#define CHAIN_LINK "imul %0, %0\n\t"
#elif defined(__aarch64__)
    constexpr int kCycles = 1;
#define CHAIN_LINK "add %0, %0, %0\n\t"
#endif
#ifdef CHAIN_LINK
    double time = best_together(1, [&](int) {
        uint64_t x = 3;
        for (int turn = 0; turn < kTurns; ++turn)
            __asm__ volatile(CHAIN_LINK CHAIN_LINK CHAIN_LINK CHAIN_LINK CHAIN_LINK
                             CHAIN_LINK CHAIN_LINK CHAIN_LINK CHAIN_LINK CHAIN_LINK
                             : "+r"(x));
        g_sink = float(x);
    });
    return 1e-9 * kTurns * kChain * kCycles / time;
#else
    return 0;
#endif
}

// Reading memory that no cache of a core holds; each thread has its own.
double read_gbs(int threads) {
    constexpr int64_t kFloats = 16 << 20;
    std::vector<linnet_bench::Block> blocks;
    for (int i = 0; i < threads; ++i) blocks.emplace_back(kFloats);
    double time = best_together(threads, [&](int i) {
        const float *data = blocks[i].get();
        Four sum[8] = {};
        for (int64_t at = 0; at < kFloats; at += 32)
            _Pragma("GCC unroll 8") for (int j = 0; j < 8; ++j)
                sum[j] += *reinterpret_cast<const Four *>(data + at + 4 * j);
        for (int j = 1; j < 8; ++j) sum[0] += sum[j];
        g_sink = sum[0][0];
    });
    return 1e-9 * threads * kFloats * sizeof(float) / time;
}

} // namespace

int main(int count, char **arguments) {
    std::vector<Body> all = bodies();
    Body body = all.back();
    if (count > 1 && std::strcmp(arguments[1], "auto")) {
        body.run = nullptr;
        for (const Body &one : all)
            if (!std::strcmp(arguments[1], one.isa)) body = one;
    }
    int threads = count > 2 ? std::atoi(arguments[2]) : 1;
    if (!body.run || threads < 1 || threads > 64) {
        std::fprintf(stderr, "usage: machine_peak [auto|plain|avx2|avx512|neon] [threads]\n"
                             "This machine has no other instruction set than:");
        for (const Body &one : all) std::fprintf(stderr, " %s", one.isa);
        std::fprintf(stderr, "\n");
        return 2;
    }
    double before = clock_ghz(), flops = gflops(body, threads), read = read_gbs(threads);
    std::printf("{\"isa\": \"%s\", \"threads\": %d, \"gflops\": %.1f, \"read_gbs\": %.1f, "
                "\"clock_ghz\": [%.3f, %.3f]}\n",
                body.isa, threads, flops, read, before, clock_ghz());
}

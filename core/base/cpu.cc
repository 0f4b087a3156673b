// SPDX-License-Identifier: MIT
#include "base/cpu.h"

#include <atomic>
#include <cstdint>

#if defined(__GNUC__) && defined(__x86_64__)
#include <cpuid.h>
#endif

namespace linnet {

#if defined(__GNUC__) && defined(__x86_64__)

static bool cpu_bit(unsigned word, int bit) { return (word >> bit & 1u) != 0; }

// XCR0: the registers that the operating system saves (Intel SDM volume 1, 13.3).
static uint64_t cpu_saved_state() {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return static_cast<uint64_t>(high) << 32 | low;
}

static CpuFeatures detect_cpu() {
    CpuFeatures features;
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return features;
    bool fma = cpu_bit(c, 12), osxsave = cpu_bit(c, 27);
    if (!fma || !osxsave || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
    uint64_t saved = cpu_saved_state();
    bool ymm = (saved & 0x06) == 0x06, zmm = (saved & 0xE6) == 0xE6;
    features.avx2 = ymm && cpu_bit(b, 5);
    features.avx512 = features.avx2 && zmm && cpu_bit(b, 16) && cpu_bit(b, 17) &&
                      cpu_bit(b, 30) && cpu_bit(b, 31);
    return features;
}

#else

static CpuFeatures detect_cpu() {
    CpuFeatures features;
#if defined(__aarch64__)
    features.neon = true; // part of the architecture
#endif
    return features;
}

#endif

CpuFeatures cpu_features() {
    static std::atomic<uint32_t> cached{0}; // one bit per feature, and one for "asked"
    uint32_t bits = cached.load(std::memory_order_relaxed);
    if (bits == 0) {
        CpuFeatures found = detect_cpu();
        bits = 1u | (found.avx2 ? 2u : 0u) | (found.avx512 ? 4u : 0u) | (found.neon ? 8u : 0u);
        cached.store(bits, std::memory_order_relaxed);
    }
    CpuFeatures features;
    features.avx2 = (bits & 2u) != 0;
    features.avx512 = (bits & 4u) != 0;
    features.neon = (bits & 8u) != 0;
    return features;
}

} // namespace linnet

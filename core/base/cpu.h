// What this processor can do, as far as kernels ask.
// SPDX-License-Identifier: MIT
#pragma once

namespace linnet {

// A set counts only if the processor has it and the operating system saves its registers.
struct CpuFeatures {
    bool avx2 = false;   // with FMA
    bool avx512 = false; // F, BW, DQ and VL, with AVX2 and FMA
    bool neon = false;   // of AArch64
};

// Asks once; safe between threads.
CpuFeatures cpu_features();

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/kernel.h"

#include "base/cpu.h"
#include "base/cut.h"
#include "kernels/blas.h"
#include "kernels/isa_tables.h"

namespace linnet {

static const Kernel *const *kernels_of(Isa isa) {
    switch (isa) {
    case Isa::kAuto:
    case Isa::kPlain: break;
    case Isa::kAvx2: return avx2_kernels();
    case Isa::kAvx512: return avx512_kernels();
    case Isa::kNeon: return neon_kernels();
    case Isa::kWasm: return wasm_kernels();
    }
    return plain_kernels();
}

const Kernel &kernel(KernelId id, Isa isa) {
    if (isa == Isa::kAuto) isa = best_isa();
    const Kernel *const *table = kernels_of(isa);
    if (!table) table = plain_kernels();
    if constexpr (kHasBlas) {
        if (table == plain_kernels()) prepare_blas();
    }
    return *table[static_cast<int>(id)];
}

bool has_kernel(KernelId id) {
    const Kernel *const *table = kernels_of(best_isa());
    return table[static_cast<int>(id)] != nullptr;
}

bool has_plain_kernel(KernelId id) { return plain_kernels()[static_cast<int>(id)] != nullptr; }

bool is_available(Isa isa) {
    switch (isa) {
    case Isa::kAuto: return kPlainRunsModels || best_isa() != Isa::kPlain;
    case Isa::kPlain: return kPlainRunsModels;
    case Isa::kAvx2: return avx2_kernels() && cpu_features().avx2;
    case Isa::kAvx512: return avx512_kernels() && cpu_features().avx512;
    case Isa::kNeon: return neon_kernels() && cpu_features().neon;
    case Isa::kWasm: return wasm_kernels() != nullptr;
    }
    return false;
}

Isa best_isa() {
    const Isa best_first[] = {Isa::kAvx512, Isa::kAvx2, Isa::kNeon, Isa::kWasm};
    for (Isa isa : best_first)
        if (is_available(isa)) return isa;
    return Isa::kPlain;
}

const char *name_of(Isa isa) {
    switch (isa) {
    case Isa::kAuto: return "auto";
    case Isa::kPlain: return "plain";
    case Isa::kAvx2: return "avx2";
    case Isa::kAvx512: return "avx512";
    case Isa::kNeon: return "neon";
    case Isa::kWasm: return "wasm";
    }
    return "no instruction set";
}

} // namespace linnet

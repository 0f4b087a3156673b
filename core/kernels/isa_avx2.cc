// The kernel bodies for x86-64 with AVX2 and FMA.
// SPDX-License-Identifier: MIT
#include "kernels/isa_headers.h"

#if defined(__GNUC__) && defined(__x86_64__)

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,prfchw"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,prfchw")
#pragma GCC optimize("fp-contract=off")
#endif

namespace linnet {
namespace isa_avx2 {
namespace {

#include "kernels/vector_avx2.inl"
#include "kernels/bodies.inl"

} // namespace
} // namespace isa_avx2
} // namespace linnet

#if defined(__clang__)
#pragma clang attribute pop
#pragma STDC FP_CONTRACT DEFAULT
#else
#pragma GCC pop_options
#endif

namespace linnet {
const Kernel *const *avx2_kernels() { return isa_avx2::table; }
}

#else

namespace linnet {
const Kernel *const *avx2_kernels() { return nullptr; }
}

#endif

// The kernel bodies for x86-64 with AVX-512 (F, BW, DQ, VL).
// SPDX-License-Identifier: MIT
#include "kernels/isa_headers.h"

#if defined(__GNUC__) && defined(__x86_64__)

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,prfchw"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,prfchw")
#pragma GCC optimize("fp-contract=off")
#endif

namespace linnet {
namespace isa_avx512 {
namespace {

#include "kernels/vector_avx512.inl"
#include "kernels/bodies.inl"

} // namespace
} // namespace isa_avx512
} // namespace linnet

#if defined(__clang__)
#pragma clang attribute pop
#pragma STDC FP_CONTRACT DEFAULT
#else
#pragma GCC pop_options
#endif

namespace linnet {
const Kernel *const *avx512_kernels() { return isa_avx512::table; }
}

#else

namespace linnet {
const Kernel *const *avx512_kernels() { return nullptr; }
}

#endif

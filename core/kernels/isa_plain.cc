// The kernel bodies for any processor.
// SPDX-License-Identifier: MIT
#include "kernels/isa_headers.h"

#if defined(__wasm_simd128__)

// A module with vectors runs nowhere without them, and its own body has the same bits.
namespace linnet {
const Kernel *const *plain_kernels() { return wasm_kernels(); }
}

#else

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off")
#endif

namespace linnet {
namespace isa_plain {
namespace {

#if defined(__OPTIMIZE_SIZE__)
#define LINNET_SMALL // small loops and tiles instead of fast ones, with the same bits
#endif
#include "kernels/vector_plain.inl"
#include "kernels/bodies.inl"
#undef LINNET_SMALL

} // namespace
} // namespace isa_plain

const Kernel *const *plain_kernels() { return isa_plain::table; }

} // namespace linnet

#if defined(__clang__)
#pragma STDC FP_CONTRACT DEFAULT
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif

#endif

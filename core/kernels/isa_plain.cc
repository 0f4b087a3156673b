// The kernel bodies for any processor; and for WebAssembly with vectors, whose own body has the same
// bits. One paste for both: that is a tenth of the single file's text.
// SPDX-License-Identifier: MIT
#include "kernels/isa_headers.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off")
#endif

namespace linnet {
namespace isa_plain {
namespace {

#if defined(__OPTIMIZE_SIZE__) && !defined(__wasm_simd128__)
#define LINNET_SMALL // small loops and tiles instead of fast ones, with the same bits
#endif
#if defined(__wasm_simd128__)
#include "kernels/vector_wasm.inl"
#else
#include "kernels/vector_plain.inl"
#endif
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

// The kernel bodies for AArch64, whose baseline has NEON.
// SPDX-License-Identifier: MIT
#include "kernels/isa_headers.h"

#if defined(__GNUC__) && defined(__aarch64__)

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off")
#endif

namespace linnet {
namespace isa_neon {
namespace {

#include "kernels/vector_neon.inl"
#include "kernels/bodies.inl"

} // namespace
} // namespace isa_neon
} // namespace linnet

#if defined(__clang__)
#pragma STDC FP_CONTRACT DEFAULT
#else
#pragma GCC pop_options
#endif

namespace linnet {
const Kernel *const *neon_kernels() { return isa_neon::table; }
}

#else

namespace linnet {
const Kernel *const *neon_kernels() { return nullptr; }
}

#endif

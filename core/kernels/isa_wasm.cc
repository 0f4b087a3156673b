// The kernel bodies for WebAssembly with its 128-bit vectors, which a module has or has not: nothing
// is chosen when it runs.
// SPDX-License-Identifier: MIT
#include "kernels/isa_headers.h"

#if defined(__wasm_simd128__)

#pragma STDC FP_CONTRACT OFF

namespace linnet {
namespace isa_wasm {
namespace {

#include "kernels/vector_wasm.inl"
#include "kernels/bodies.inl"

} // namespace
} // namespace isa_wasm
} // namespace linnet

#pragma STDC FP_CONTRACT DEFAULT

namespace linnet {
const Kernel *const *wasm_kernels() { return isa_wasm::table; }
}

#else

namespace linnet {
const Kernel *const *wasm_kernels() { return nullptr; }
}

#endif

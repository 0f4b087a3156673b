// WebAssembly with its 128-bit vectors, which a module has or has not: nothing is chosen when it
// runs, and nothing runs it that lacks them. Its body takes the plain one's place, in isa_plain.cc.
// SPDX-License-Identifier: MIT
#include "kernels/isa_headers.h"

#if defined(__wasm_simd128__)

namespace linnet {
const Kernel *const *wasm_kernels() { return plain_kernels(); }
}

#else

namespace linnet {
const Kernel *const *wasm_kernels() { return nullptr; }
}

#endif

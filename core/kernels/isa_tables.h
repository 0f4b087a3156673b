// The tables of kernels, one per instruction set; nullptr where the build lacks the body.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernel.h"

namespace linnet {

const Kernel *const *plain_kernels();
const Kernel *const *avx2_kernels();
const Kernel *const *avx512_kernels();
const Kernel *const *neon_kernels();
const Kernel *const *wasm_kernels();

// The kernels with one body for all instruction sets.
#define LINNET_KERNEL(name)
#define LINNET_KERNEL_ONCE(name) extern const Kernel name##_kernel;
#include "kernels/kernel_list.inl"
#undef LINNET_KERNEL_ONCE
#undef LINNET_KERNEL

} // namespace linnet

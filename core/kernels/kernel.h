// What a kernel is: numbers only. Pointers, sizes, strides and packed weights in, numbers out.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace linnet {

// The bodies in which the hot kernels exist. The numbers are those of linnet_isa in the C
// interface.
enum class Isa : uint8_t { kAuto = 0, kPlain = 1, kAvx2 = 2, kAvx512 = 3, kNeon = 4, kWasm = 5 };

// One kernel in one body. `params` is the kernel's own parameter struct, plain data without
// pointers; `operands` are base addresses, in the order that the struct's header states.
//
// The work is divided into tasks that can run in any order and on any thread: the numbers that a
// task writes do not depend on which other tasks run with it in one call. That is why the bits are
// the same for every number of threads.
struct Kernel {
    const char *name;
    int64_t (*tasks)(const void *params);
    // Runs the tasks [begin, end). `scratch` is the calling thread's own, 64-byte aligned, as large
    // as the kernel's header says. Never fails, never allocates.
    void (*run)(const void *params, void *const *operands, void *scratch, int64_t begin,
                int64_t end);
};

// The numbers of all kernels, in the order of kernel_list.inl.
enum class KernelId : uint16_t {
#define LINNET_KERNEL(name) name,
#define LINNET_KERNEL_ONCE(name) name,
#include "kernels/kernel_list.inl"
#undef LINNET_KERNEL_ONCE
#undef LINNET_KERNEL
    count_
};

// The kernel in the body for this instruction set: its own, or else the plain one.
const Kernel &kernel(KernelId id, Isa isa);

// Whether this build can run the kernel on this machine: a whole one can. In a file that is cut to
// models, a statement behind `if (has_kernel(KernelId::x))` goes where the kernel x goes.
bool has_kernel(KernelId id);
// The same of the plain body, which folds constants.
bool has_plain_kernel(KernelId id);

// Whether this build and this machine have the body. kAuto and kPlain: always.
bool is_available(Isa isa);

// The best body that this machine has.
Isa best_isa();

const char *name_of(Isa isa);

// The library to which the plain body hands products of matrices, with its version and the
// processor that it takes this one for; "none" in a build without. One word.
const char *blas_name();

} // namespace linnet

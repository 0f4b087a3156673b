// What the kernel bodies need. Everything that is not pasted per instruction set comes in here,
// before any target region begins: a header inside a region would leave functions in the program
// that need the region's instructions.
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#elif defined(__GNUC__) && defined(__aarch64__)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#include "kernels/bands2d.h"
#include "kernels/bands2d_plan.h"
#include "kernels/blas.h"
#include "kernels/conv2d.h"
#include "kernels/conv2d_plan.h"
#include "kernels/even_parts.h"
#include "kernels/interleave.h"
#include "kernels/interleave_plan.h"
#include "kernels/isa_tables.h"
#include "kernels/kernel.h"
#include "kernels/matmul.h"
#include "kernels/matmul_plan.h"
#include "kernels/pool2d.h"
#include "kernels/pool2d_plan.h"
#include "kernels/rows.h"
#include "kernels/strided.h"
#include "kernels/strided_plan.h"
#include "kernels/weigh_samples.h"
#include "kernels/weigh_samples_plan.h"
#include "kernels/winograd2d.h"
#include "kernels/winograd2d_plan.h"

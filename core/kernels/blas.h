// Products of matrices by OpenBLAS: in builds with LINNET_WITH_BLAS, for the plain bodies only.
//
// tests/bench/blas_bench.cc compares, on one thread of an AVX-512 Xeon, with OpenBLAS 0.3.21:
//  - AVX-512 against its SkylakeX kernels: ours is 1.05 to 1.5 times as fast for large products and
//    1.3 to 3 times for few rows; no shape was clearly slower.
//  - AVX2 against its Haswell kernels: ours is as fast or up to 1.9 times as fast, likewise.
//  - The plain body against its Sandybridge kernels, which have AVX: theirs is twice as fast from
//    some ten rows on, and 1.6 times with what handing over costs here.
// So OpenBLAS gets the products for which there is no body of our own, from some rows on; which,
// says RowsByBlas in rows_body.inl.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace linnet {

#ifdef LINNET_WITH_BLAS
constexpr bool kHasBlas = true;
#else
constexpr bool kHasBlas = false;
#endif

// One product of matrices whose rows are dense, with the floats between neighbouring rows.
struct BlasProduct {
    int64_t rows, lanes, length;
    const float *a; // [rows, length]
    int64_t a_row;  // >= length
    const float *b; // [length, lanes]
    int64_t b_row;  // >= lanes
    float *y;       // [rows, lanes]
    int64_t y_row;  // >= lanes
};

// y = factor * a b + old * y; old = 0 reads no y. All sizes fit an int32_t. In the thread that
// calls, and nothing else: the bits do not depend on threads. OpenBLAS keeps memory of its own,
// which it takes when it is first needed, and ends the process where there is none.
void blas_multiply(const BlasProduct &product, float factor, float old);

// Has OpenBLAS use no threads of its own, in the whole process; to be called before blas_multiply.
// A program that sets them afterwards gives the bits away.
void prepare_blas();

} // namespace linnet

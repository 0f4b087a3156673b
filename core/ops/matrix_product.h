// Products of matrices: what Gemm and MatMul have in common.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/activations.h"

namespace linnet {

// A MatMul of two computed matrices carries the scalar that it is multiplied with in this attribute.
constexpr const char *kMatMulFactor = "linnet_factor";

// y = activation(factor * a b + bias + residual), where a is [m, k], b an input of the node with
// the shape [k, n] or, transposed, [n, k], and y [m, n] with its rows contiguous.
struct RowProduct {
    View a, y;
    size_t b = 1;
    bool b_transposed = false;
    float factor = 1;
    View bias;     // [n] without gaps, or none
    View residual; // [m, n] with contiguous rows, or none
    Activation activation;
};

// By the kernel of convolutions, which wants its weights packed: for a constant b. A matrix a whose
// rows are not contiguous is copied.
Status emit_row_product(Lowering &lowering, const RowProduct &product);

// y = factor * a b for computed matrices: a [..., m, k], b [..., k, n], y [..., m, n], with batch
// axes that are broadcast to y's. Matrices of which neither side is contiguous are copied.
Status emit_matrix_product(Lowering &lowering, const View &a, const View &b, const View &y,
                           float factor);

} // namespace linnet

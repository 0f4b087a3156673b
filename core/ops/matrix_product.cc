// SPDX-License-Identifier: MIT
#include "ops/matrix_product.h"

#include "kernels/matmul.h"
#include "ops/convolution.h"

namespace linnet {

// The step between neighbours along an axis, where it does not matter for length 1.
static int64_t step_of(const View &view, int axis, int64_t otherwise) {
    return view.shape[axis] == 1 ? otherwise : view.stride[axis];
}

static Status check_product_sizes(const Lowering &lowering, int64_t m, int64_t k, int64_t n) {
    if (m <= INT32_MAX && k <= INT32_MAX && n <= INT32_MAX) return Status();
    return lowering.unsupported("its matrices [%lld, %lld] and [%lld, %lld] are too large",
                                static_cast<long long>(m), static_cast<long long>(k),
                                static_cast<long long>(k), static_cast<long long>(n));
}

Status emit_row_product(Lowering &lowering, const RowProduct &product) {
    int64_t m = product.a.shape[0], k = product.a.shape[1], n = product.y.shape[1];
    LINNET_TRY(check_product_sizes(lowering, m, k, n));
    ConvolutionViews views = {product.a, product.bias, product.residual, product.y};
    if (step_of(views.x, 1, 1) != 1) {
        LINNET_ASSIGN(views.x, lowering.arranged(views.x, Order::kDense));
    }
    Pack2dParams packing;
    Conv2dParams &conv = packing.conv;
    conv.in_w = conv.out_w = static_cast<int32_t>(m);
    conv.in_c = static_cast<int32_t>(k);
    conv.out_c = static_cast<int32_t>(n);
    conv.in.pixel = step_of(views.x, 0, k);
    conv.out.pixel = step_of(views.y, 0, n);
    if (product.residual.space != Space::kNone)
        conv.residual.pixel = product.residual.shape[0] == 1 ? 0 : product.residual.stride[0];
    conv.activation = product.activation;
    packing.strides.out = product.b_transposed ? k : 1;
    packing.strides.in = product.b_transposed ? 1 : n;
    packing.factor = product.factor;
    return emit_convolution(lowering, packing, product.b, views);
}

// The matrix with one side contiguous.
static Result<View> with_a_contiguous_side(Lowering &lowering, const View &view) {
    int rank = view.shape.rank();
    if (step_of(view, rank - 1, 1) == 1 || step_of(view, rank - 2, 1) == 1) return view;
    return lowering.arranged(view, Order::kDense);
}

// Strides of a matrix such that at least one of them is 1.
static void set_matrix_strides(const View &view, int64_t *rows, int64_t *columns) {
    int rank = view.shape.rank();
    *columns = step_of(view, rank - 1, 1);
    *rows = step_of(view, rank - 2, *columns == 1 ? view.shape[rank - 1] : 1);
}

static void set_batch_strides(const View &view, const Shape &shape, int64_t *strides) {
    View wide = broadcast_view(view, shape);
    for (int axis = 0; axis + 2 < shape.rank(); ++axis) strides[axis] = wide.stride[axis];
}

// The shape of the batch axes of y with the matrices of a view.
static Shape batch_of(const View &y, const View &matrices) {
    Shape shape = y.shape;
    int rank = shape.rank(), own = matrices.shape.rank();
    shape[rank - 2] = matrices.shape[own - 2];
    shape[rank - 1] = matrices.shape[own - 1];
    return shape;
}

Status emit_matrix_product(Lowering &lowering, const View &a, const View &b, const View &y,
                           float factor) {
    LINNET_ASSIGN(View left, with_a_contiguous_side(lowering, a));
    LINNET_ASSIGN(View right, with_a_contiguous_side(lowering, b));
    int rank = y.shape.rank();
    MatmulParams params;
    params.m = y.shape[rank - 2];
    params.n = y.shape[rank - 1];
    params.k = left.shape[left.shape.rank() - 1];
    params.alpha = factor;
    set_matrix_strides(left, &params.a_m, &params.a_k);
    set_matrix_strides(right, &params.b_k, &params.b_n);
    params.y_m = step_of(y, rank - 2, params.n);
    params.batch_rank = rank - 2;
    for (int axis = 0; axis < rank - 2; ++axis) {
        params.batch[axis] = y.shape[axis];
        params.y_batch[axis] = y.stride[axis];
    }
    set_batch_strides(left, batch_of(y, left), params.a_batch);
    set_batch_strides(right, batch_of(y, right), params.b_batch);
    return lowering.emit(KernelId::matmul, params, {left, right, y}, matmul_scratch_bytes(params));
}

} // namespace linnet

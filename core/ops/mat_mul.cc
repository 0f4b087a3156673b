// SPDX-License-Identifier: MIT
#include "ops/matrix_product.h"
#include "ops/single_steps.h"

namespace linnet {

// As a matrix: a vector is one row on the left and one column on the right.
static Shape matrix_shape(const Shape &shape, bool left) {
    if (!shape.has_rank() || shape.rank() != 1) return shape;
    return left ? Shape{1, shape[0]} : Shape{shape[0], 1};
}

// The shape of the product, with the axes that vectors do not have.
static Result<Shape> product_shape(const Inference &inference, const Shape &a, const Shape &b) {
    int64_t k = a[a.rank() - 1], also_k = b[b.rank() - 2];
    if (k >= 0 && also_k >= 0 && k != also_k)
        return inference.fail("its inputs %s and %s do not go together",
                              ShapeText(inference.shape(0)).c_str(),
                              ShapeText(inference.shape(1)).c_str());
    Shape batch_a = a, batch_b = b;
    batch_a.remove(a.rank() - 1);
    batch_a.remove(a.rank() - 2);
    batch_b.remove(b.rank() - 1);
    batch_b.remove(b.rank() - 2);
    LINNET_ASSIGN(Shape y, inference.broadcast(batch_a, batch_b));
    y.append(a[a.rank() - 2]);
    y.append(b[b.rank() - 1]);
    return y;
}

// Inputs: a, b, and two of Linnet's own, which are added before the activation: a tensor that is
// broadcast to the result's shape, and, where b is a constant matrix, one of that very shape.
static Status infer_mat_mul(Inference &inference) {
    for (size_t i = 0; i < inference.input_count(); ++i)
        if (inference.has_input(i)) LINNET_TRY(inference.require_dtype(i, {DType::kFloat32}));
    const Shape &from_a = inference.shape(0), &from_b = inference.shape(1);
    for (size_t i = 0; i < 2; ++i)
        if (inference.shape(i).has_rank() && inference.shape(i).rank() == 0)
            return inference.fail("its input %d is a scalar; rank 1 or more is expected",
                                  static_cast<int>(i));
    if (!from_a.has_rank() || !from_b.has_rank()) {
        inference.set_output(0, DType::kFloat32, Shape::unknown());
        return Status();
    }
    LINNET_ASSIGN(Shape y, product_shape(inference, matrix_shape(from_a, true),
                                         matrix_shape(from_b, false)));
    if (from_b.rank() == 1) y.remove(y.rank() - 1);
    if (from_a.rank() == 1) y.remove(y.rank() - (from_b.rank() == 1 ? 1 : 2));
    inference.set_output(0, DType::kFloat32, y);
    return Status();
}

// How the factors and the product lie as matrices, and the product as the node has it.
struct MatMulViews {
    View a, b, y, bias, residual, result;
};

static Result<MatMulViews> mat_mul_views(Lowering &lowering) {
    MatMulViews views;
    LINNET_ASSIGN(views.a, lowering.input(0));
    LINNET_ASSIGN(views.b, lowering.input(1));
    if (lowering.has_input(2)) {
        LINNET_ASSIGN(views.bias, lowering.input(2));
    }
    if (lowering.has_input(3)) {
        LINNET_ASSIGN(views.residual, lowering.dense_input(3));
    }
    // Not over the input itself (x + x w): its rows are read again after the first is written.
    bool over_residual = lowering.has_input(3) && !shares_block(views.residual, views.a);
    LINNET_ASSIGN(views.result, over_residual ? lowering.output_like(0, views.residual)
                                              : lowering.output(0, Order::kDense));
    views.y = views.result;
    bool row = views.a.shape.rank() == 1, column = views.b.shape.rank() == 1;
    int rank = views.y.shape.rank();
    if (row) {
        views.a = insert_axis(views.a, 0);
        views.y = insert_axis(views.y, column ? rank : rank - 1);
    }
    if (column) {
        views.b = insert_axis(views.b, 1);
        views.y = insert_axis(views.y, views.y.shape.rank());
    }
    return views;
}

// Whether all matrices of the batch are multiplied with the same constant one.
static bool has_constant_factor(const Lowering &lowering) {
    const Shape &b = lowering.input_shape(1);
    int rank = b.rank();
    return lowering.constant(1) && (rank < 3 || b.elements(0, rank - 2) == 1);
}

// All leading axes as one; a copy where they do not lie so.
static Result<View> as_rows(Lowering &lowering, const View &view) {
    int rank = view.shape.rank();
    Shape shape = {view.shape.elements(0, rank - 1), view.shape[rank - 1]};
    View rows;
    if (reshape_view(view, shape, &rows)) return rows;
    LINNET_ASSIGN(View dense, lowering.arranged(view, Order::kDense));
    reshape_view(dense, shape, &rows);
    return rows;
}

// A bias that is the same for every row goes into the product; others are added after it.
static bool is_row_bias(const View &bias, int64_t n) {
    int rank = bias.shape.rank();
    return rank > 0 && bias.shape[rank - 1] == n && bias.shape.elements() == n &&
           (n == 1 || bias.stride[rank - 1] == 1);
}

static Status add_after(Lowering &lowering, const View &y, const View &bias) {
    Activation activation = fused_activation(lowering.node());
    if (bias.space == Space::kNone) return emit_unary_step(lowering, y, y, activation);
    return emit_binary_step(lowering, y, y, bias, BinaryFunction::kAdd, activation);
}

// The product in rows; where the output cannot be seen as rows, computed beside it and copied.
static Status lower_row_product(Lowering &lowering, const MatMulViews &views) {
    RowProduct product;
    int rank = views.y.shape.rank();
    Shape shape = {views.y.shape.elements(0, rank - 1), views.y.shape[rank - 1]};
    LINNET_ASSIGN(product.a, as_rows(lowering, views.a));
    if (lowering.has_input(3)) reshape_view(views.residual, shape, &product.residual);
    bool in_place = reshape_view(views.y, shape, &product.y);
    if (!in_place) {
        LINNET_ASSIGN(product.y, lowering.temporary(DType::kFloat32, shape, Order::kDense));
    }
    bool has_bias = views.bias.space != Space::kNone;
    bool simple = !has_bias || is_row_bias(views.bias, shape[1]);
    if (simple) {
        product.bias = views.bias;
        product.activation = fused_activation(lowering.node());
    }
    LINNET_TRY(emit_row_product(lowering, product));
    if (!in_place) {
        View whole;
        reshape_view(product.y, views.y.shape, &whole);
        LINNET_TRY(lowering.emit_copy(whole, views.y));
    }
    return simple ? Status() : add_after(lowering, views.result, views.bias);
}

static Status lower_mat_mul(Lowering &lowering) {
    LINNET_ASSIGN(MatMulViews views, mat_mul_views(lowering));
    if (has_constant_factor(lowering)) return lower_row_product(lowering, views);
    float factor = lowering.node().get_float(kMatMulFactor, 1);
    LINNET_TRY(emit_matrix_product(lowering, views.a, views.b, views.y, factor));
    return add_after(lowering, views.result, views.bias);
}

static int64_t mat_mul_macs(const Graph &graph, const Node &node) {
    const Shape &a = graph.value(node.inputs[0]).shape;
    return graph.value(node.outputs[0]).shape.elements() * a[a.rank() - 1];
}

static const AttributeRule kMatMulAttributes[] = {{kMatMulFactor, Attribute::Kind::kFloat},
                                                  LINNET_FUSED_RULES};
extern const Operator mat_mul_operator;
const Operator mat_mul_operator = {"MatMul",      2,     4, 1, 1, kMatMulAttributes, false,
                                   infer_mat_mul, lower_mat_mul, mat_mul_macs};

} // namespace linnet

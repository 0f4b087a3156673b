// SPDX-License-Identifier: MIT
#include <cstring>

#include "ops/matrix_product.h"
#include "ops/single_steps.h"

namespace linnet {

static bool gemm_transposes(const Node &node, size_t input) {
    return node.get_int(input == 0 ? "transA" : "transB", 0) != 0;
}

static Shape gemm_matrix(const Node &node, const Shape &shape, size_t input) {
    if (!shape.has_rank()) return Shape::of_rank(2);
    return gemm_transposes(node, input) ? Shape{shape[1], shape[0]} : shape;
}

static Status check_gemm_addend(Inference &inference, const Shape &y) {
    const Shape &c = inference.shape(2);
    Shape whole;
    if (!c.is_known() || !y.is_known()) return Status();
    if (broadcast_shapes(c, y, &whole) && whole == y) return Status();
    return inference.fail("its input C has the shape %s, which cannot be broadcast to %s",
                          ShapeText(c).c_str(), ShapeText(y).c_str());
}

static Status infer_gemm(Inference &inference) {
    for (size_t i = 0; i < inference.input_count(); ++i)
        if (inference.has_input(i))
            LINNET_TRY(inference.require_dtype(i, {DType::kFloat32}));
    for (size_t i = 0; i < 2; ++i)
        if (inference.shape(i).has_rank() && inference.shape(i).rank() != 2)
            return inference.fail("its input %s has the shape %s, expected rank 2",
                                  i == 0 ? "A" : "B", ShapeText(inference.shape(i)).c_str());
    Shape a = gemm_matrix(inference.node(), inference.shape(0), 0);
    Shape b = gemm_matrix(inference.node(), inference.shape(1), 1);
    if (a[1] >= 0 && b[0] >= 0 && a[1] != b[0])
        return inference.fail("its matrices %s and %s (after transposing) do not go together",
                              ShapeText(a).c_str(), ShapeText(b).c_str());
    Shape y = {a[0], b[1]};
    if (inference.has_input(2)) LINNET_TRY(check_gemm_addend(inference, y));
    inference.set_output(0, DType::kFloat32, y);
    return Status();
}

struct GemmAddend {
    int64_t count, step;
    float beta;
};

static Status pack_gemm_addend(const void *context, const Tensor &source, float *packed) {
    const GemmAddend &addend = *static_cast<const GemmAddend *>(context);
    LINNET_ASSIGN(Ref<Tensor> present, Tensor::present(&source));
    const float *c = present->floats().data();
    for (int64_t i = 0; i < addend.count; ++i) packed[i] = addend.beta * c[i * addend.step];
    return Status();
}

// beta * C of a constant C that is the same for every row, as one row.
static Result<View> constant_gemm_bias(Lowering &lowering, const Tensor *c, float beta, int64_t n) {
    GemmAddend addend = {n, c->elements() == 1 ? 0 : 1, beta};
    uint32_t bits;
    std::memcpy(&bits, &beta, sizeof bits);
    const int64_t key[] = {n, bits};
    return lowering.packed_weights(c, key, n, pack_gemm_addend, &addend);
}

// beta * C, computed where beta is not 1.
static Result<View> scaled_gemm_addend(Lowering &lowering, float beta) {
    LINNET_ASSIGN(View c, lowering.input(2));
    if (beta == 1) return c;
    LINNET_ASSIGN(View factor, scalar_weights(lowering, beta));
    LINNET_ASSIGN(View scaled, lowering.temporary(DType::kFloat32, c.shape, Order::kDense));
    LINNET_TRY(emit_binary_step(lowering, scaled, c, factor, BinaryFunction::kMul));
    return scaled;
}

// What is left to be added to a product: in its own step (bias, residual) or in one after it.
struct GemmSum {
    View bias, residual, after;
};

static Result<GemmSum> gemm_sum(Lowering &lowering, const Shape &y) {
    GemmSum sum;
    float beta = lowering.node().get_float("beta", 1);
    if (!lowering.has_input(2) || beta == 0) return sum;
    const Tensor *constant = lowering.constant(2);
    const Shape &shape = lowering.input_shape(2);
    int64_t elements = shape.elements();
    bool one_row = elements == 1 || (elements == y[1] && shape[shape.rank() - 1] == y[1]);
    if (constant && one_row) {
        LINNET_ASSIGN(sum.bias, constant_gemm_bias(lowering, constant, beta, y[1]));
        return sum;
    }
    LINNET_ASSIGN(View c, scaled_gemm_addend(lowering, beta));
    View wide = broadcast_view(c, y);
    bool contiguous = y[1] == 1 || wide.stride[1] == 1;
    (contiguous ? sum.residual : sum.after) = wide;
    return sum;
}

static Status lower_constant_gemm(Lowering &lowering, const View &a, const View &y,
                                  const GemmSum &sum) {
    RowProduct product;
    product.a = a;
    product.y = y;
    product.b_transposed = gemm_transposes(lowering.node(), 1);
    product.factor = lowering.node().get_float("alpha", 1);
    product.bias = sum.bias;
    product.residual = sum.residual;
    bool more = sum.after.space != Space::kNone;
    Activation activation = fused_activation(lowering.node());
    if (!more) product.activation = activation;
    LINNET_TRY(emit_row_product(lowering, product));
    if (!more) return Status();
    return emit_binary_step(lowering, y, y, sum.after, BinaryFunction::kAdd, activation);
}

static Status lower_computed_gemm(Lowering &lowering, const View &a, const View &y,
                                  const GemmSum &sum) {
    LINNET_ASSIGN(View b, lowering.input(1));
    const int64_t swapped[] = {1, 0};
    if (gemm_transposes(lowering.node(), 1)) b = transpose_view(b, swapped);
    LINNET_TRY(emit_matrix_product(lowering, a, b, y, lowering.node().get_float("alpha", 1)));
    Activation activation = fused_activation(lowering.node());
    for (const View &addend : {sum.bias, sum.residual, sum.after})
        if (addend.space != Space::kNone)
            return emit_binary_step(lowering, y, y, addend, BinaryFunction::kAdd, activation);
    return emit_unary_step(lowering, y, y, activation);
}

static Status lower_gemm(Lowering &lowering) {
    LINNET_ASSIGN(View a, lowering.input(0));
    const int64_t swapped[] = {1, 0};
    if (gemm_transposes(lowering.node(), 0)) a = transpose_view(a, swapped);
    LINNET_ASSIGN(GemmSum sum, gemm_sum(lowering, lowering.output_shape(0)));
    LINNET_ASSIGN(View y, lowering.output(0, Order::kDense));
    if (lowering.constant(1)) return lower_constant_gemm(lowering, a, y, sum);
    return lower_computed_gemm(lowering, a, y, sum);
}

static int64_t gemm_macs(const Graph &graph, const Node &node) {
    const Shape &a = graph.value(node.inputs[0]).shape;
    return graph.value(node.outputs[0]).shape.elements() * a[gemm_transposes(node, 0) ? 0 : 1];
}

static const AttributeRule kGemmAttributes[] = {{"alpha", Attribute::Kind::kFloat},
                                                {"beta", Attribute::Kind::kFloat},
                                                {"transA", Attribute::Kind::kInt},
                                                {"transB", Attribute::Kind::kInt},
                                                LINNET_FUSED_RULES};
extern const Operator gemm_operator;
const Operator gemm_operator = {"Gemm", 2,          3,          1,        1, kGemmAttributes,
                                false,  infer_gemm, lower_gemm, gemm_macs};

} // namespace linnet

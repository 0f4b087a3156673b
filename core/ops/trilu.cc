// SPDX-License-Identifier: MIT
#include "ops/single_steps.h"
#include "ops/activations.h"

namespace linnet {

static Status infer_trilu(Inference &inference) {
    const Shape &x = inference.shape(0);
    if (x.has_rank() && x.rank() < 2)
        return inference.fail("its input %s has less than 2 axes", ShapeText(x).c_str());
    if (inference.constant(1) && inference.constant(1)->elements() != 1)
        return inference.fail("its input k has the shape %s; a scalar is expected",
                              ShapeText(inference.constant(1)->shape()).c_str());
    return infer_unary(inference);
}

// Which elements of a matrix stay: those on and above diagonal k, or on and below it.
static Result<View> triangle(Lowering &lowering, int64_t rows, int64_t columns) {
    bool upper = lowering.node().get_int("upper", 1) != 0;
    int64_t k = lowering.constant(1) ? lowering.constant(1)->integer(0) : 0;
    k = k < -rows ? -rows : k > columns ? columns : k;
    LINNET_ASSIGN(Ref<Tensor> mask, Tensor::create(DType::kBool, {rows, columns}));
    Span<uint8_t> keeps = mask->writable<uint8_t>();
    for (int64_t i = 0, at = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j, ++at)
            keeps[static_cast<size_t>(at)] = upper ? j - i >= k : j - i <= k;
    return lowering.weights(std::move(mask));
}

// A choice between the input and zero, by a mask that is a constant of the program.
static Status lower_trilu(Lowering &lowering) {
    if (lowering.has_input(1) && !lowering.constant(1))
        return lowering.unsupported("its input k is not constant");
    LINNET_ASSIGN(View x, lowering.input(0));
    int rank = x.shape.rank();
    LINNET_ASSIGN(View mask, triangle(lowering, x.shape[rank - 2], x.shape[rank - 1]));
    LINNET_ASSIGN(Ref<Tensor> contents, Tensor::create(x.dtype, {}));
    LINNET_ASSIGN(View zero, lowering.weights(std::move(contents)));
    LINNET_ASSIGN(View y, lowering.output_like(0, x));
    return emit_select_step(lowering, y, mask, x, zero);
}

static const AttributeRule kTriluAttributes[] = {{"upper", Attribute::Kind::kInt}};
extern const Operator trilu_operator;
const Operator trilu_operator = {
    "Trilu", 1, 2, 1, 1, kTriluAttributes, false, infer_trilu, lower_trilu};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"
#include "ops/conversion.h"

namespace linnet {

static bool is_number(DType dtype) { return dtype != DType::kBool; }

// The result has the type of the base; the exponent's may be another one.
static Status infer_pow(Inference &inference) {
    if (!is_number(inference.dtype(0)) || !is_number(inference.dtype(1)))
        return inference.fail("its inputs have the types %s and %s; numbers are expected",
                              name_of(inference.dtype(0)), name_of(inference.dtype(1)));
    LINNET_ASSIGN(Shape shape, inference.broadcast(inference.shape(0), inference.shape(1)));
    inference.set_output(0, inference.dtype(0), shape);
    return Status();
}

// x * x is what most powers in models are.
static bool is_square(const Lowering &lowering) {
    const Tensor *exponent = lowering.constant(1);
    if (!exponent || exponent->elements() != 1) return false;
    if (lowering.output_shape(0) != lowering.input_shape(0)) return false;
    if (exponent->dtype() == DType::kFloat32) return exponent->floats()[0] == 2.0f;
    return exponent->integer(0) == 2;
}

// Mixed types meet in the base's type, but an integer's fractional power is taken of floats.
static Status lower_pow(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    if (is_square(lowering)) return lower_binary_of(lowering, x, x, BinaryFunction::kMul);
    LINNET_ASSIGN(View exponent, lowering.input(1));
    if (x.dtype == exponent.dtype)
        return lower_binary_of(lowering, x, exponent, BinaryFunction::kPow);
    if (x.dtype == DType::kFloat32 || exponent.dtype != DType::kFloat32) {
        LINNET_ASSIGN(exponent, converted(lowering, exponent, x.dtype));
        return lower_binary_of(lowering, x, exponent, BinaryFunction::kPow);
    }
    return lowering.unsupported("its base has type %s and its exponent float32",
                                name_of(x.dtype));
}

extern const Operator pow_operator;
const Operator pow_operator = {"Pow", 2, 2, 1, 1, {}, false, infer_pow, lower_pow};

} // namespace linnet

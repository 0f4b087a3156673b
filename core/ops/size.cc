// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

static Status infer_size(Inference &inference) {
    inference.set_output(0, DType::kInt64, Shape());
    return Status();
}

// The number of elements is a constant of the program.
static Status lower_size(Lowering &lowering) {
    int64_t elements = lowering.input_shape(0).elements();
    if (elements < 0) return lowering.unsupported("the shape of its input is not known");
    LINNET_ASSIGN(Ref<Tensor> contents, Tensor::of_int64({}, Span<const int64_t>(&elements, 1)));
    LINNET_ASSIGN(View view, lowering.weights(std::move(contents)));
    return lowering.alias(0, view);
}

extern const Operator size_operator;
const Operator size_operator = {"Size", 1, 1, 1, 1, {}, false, infer_size, lower_size};

} // namespace linnet

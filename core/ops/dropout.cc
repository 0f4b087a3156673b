// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

// Inference only: training_mode must be absent or false.
static Status infer_dropout(Inference &inference) {
    const Tensor *training = inference.constant(2);
    bool off = training && training->elements() == 1 && training->integer(0) == 0;
    if (inference.has_input(2) && !off)
        return inference.unsupported("its training_mode is not constantly false");
    inference.set_output(0, inference.dtype(0), inference.shape(0));
    inference.set_output(1, DType::kBool, inference.shape(0));
    return Status();
}

// The mask keeps everything.
static Status lower_dropout(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_TRY(lowering.alias(0, x));
    if (!lowering.has_output(1)) return Status();
    LINNET_ASSIGN(Ref<Tensor> one, Tensor::create(DType::kBool, {}));
    one->writable<uint8_t>()[0] = 1;
    LINNET_ASSIGN(View mask, lowering.weights(std::move(one)));
    return lowering.alias(1, broadcast_view(mask, x.shape));
}

static const AttributeRule kDropoutAttributes[] = {{"seed", Attribute::Kind::kInt}};
extern const Operator dropout_operator;
const Operator dropout_operator = {
    "Dropout", 1, 3, 1, 2, kDropoutAttributes, false, infer_dropout, lower_dropout};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/reshaping.h"

namespace linnet {

// One number everywhere: the attribute's, by default the float 0.
static Status infer_constant_of_shape(Inference &inference) {
    const Attribute *value = inference.node().find("value");
    if (value && (!value->tensor || value->tensor->elements() != 1))
        return inference.fail("its attribute 'value' does not hold one number");
    DType dtype = value ? value->tensor->dtype() : DType::kFloat32;
    Shape to = shape_of_length(inference.shape(0));
    if (inference.constant(0) && !shape_of_integers(*inference.constant(0), &to))
        return inference.fail("its input is no shape: at most %d lengths, none of them negative, "
                              "are expected", kMaxRank);
    inference.set_output(0, dtype, to);
    return Status();
}

static Status lower_constant_of_shape(Lowering &lowering) {
    const Attribute *value = lowering.node().find("value");
    Ref<Tensor> contents;
    if (value) {
        contents = value->tensor;
    } else {
        LINNET_ASSIGN(contents, Tensor::create(DType::kFloat32, {}));
    }
    LINNET_ASSIGN(View one, lowering.weights(std::move(contents)));
    reshape_view(one, Shape(), &one);
    return lowering.alias(0, broadcast_view(one, lowering.output_shape(0)));
}

static const AttributeRule kConstantOfShapeAttributes[] = {{"value", Attribute::Kind::kTensor}};
extern const Operator constant_of_shape_operator;
const Operator constant_of_shape_operator = {
    "ConstantOfShape", 1, 1, 1, 1, kConstantOfShapeAttributes, false, infer_constant_of_shape,
    lower_constant_of_shape};

} // namespace linnet

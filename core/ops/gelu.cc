// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static bool gelu_activation(const Graph &, const Node &node, Activation *activation) {
    bool tanh = node.get_text("approximate", "none") == "tanh";
    *activation = {tanh ? Function::kGeluTanh : Function::kGelu, 0, 0};
    return true;
}

static Status infer_gelu(Inference &inference) {
    string_view approximate = inference.node().get_text("approximate", "none");
    if (approximate != "none" && approximate != "tanh")
        return inference.fail("its attribute 'approximate' is neither 'none' nor 'tanh'");
    return infer_unary(inference);
}

static const AttributeRule kGeluAttributes[] = {{"approximate", Attribute::Kind::kText}};
extern const Operator gelu_operator;
const Operator gelu_operator = {
    "Gelu", 1, 1, 1, 1, kGeluAttributes, false, infer_gelu, lower_unary, nullptr, gelu_activation};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/conversion.h"

namespace linnet {

static DType cast_target(const Node &node) {
    int64_t to = node.get_int("to", 0);
    return to > 0 && to < 256 ? static_cast<DType>(to) : DType::kNone;
}

// The dtypes of ONNX that are not here (strings, 16-bit integers ...) have no size.
static Status infer_cast(Inference &inference) {
    DType to = cast_target(inference.node());
    if (size_of(to) == 0)
        return inference.unsupported(
            "its attribute 'to' is ONNX's type number %lld; floating types, int64, int32, int8, "
            "uint8 and bool are supported",
            static_cast<long long>(inference.node().get_int("to", 0)));
    inference.set_output(0, graph_dtype(to), inference.shape(0));
    return Status();
}

static Status lower_cast(Lowering &lowering) {
    return lower_conversion(lowering, cast_target(lowering.node()));
}

// saturate is about 8-bit floats, which are not supported.
static const AttributeRule kCastAttributes[] = {{"to", Attribute::Kind::kInt, true},
                                                {"saturate", Attribute::Kind::kInt}};
extern const Operator cast_operator;
const Operator cast_operator = {"Cast", 1, 1, 1, 1, kCastAttributes, false, infer_cast, lower_cast};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/conversion.h"

namespace linnet {

// Only the type of input 1 counts. All floating types are float32 in a graph.
static Status infer_cast_like(Inference &inference) {
    inference.set_output(0, inference.dtype(1), inference.shape(0));
    return Status();
}

static Status lower_cast_like(Lowering &lowering) {
    return lower_conversion(lowering, DType::kNone);
}

static const AttributeRule kCastLikeAttributes[] = {{"saturate", Attribute::Kind::kInt}};
extern const Operator cast_like_operator;
const Operator cast_like_operator = {
    "CastLike", 2, 2, 1, 1, kCastLikeAttributes, false, infer_cast_like, lower_cast_like};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status infer_not(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kBool}));
    return infer_unary(inference);
}

static Status lower_not(Lowering &lowering) { return lower_map(lowering, MapFunction::kNot); }

extern const Operator not_operator;
const Operator not_operator = {"Not", 1, 1, 1, 1, {}, false, infer_not, lower_not};

} // namespace linnet

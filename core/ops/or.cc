// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_or(Lowering &lowering) { return lower_binary(lowering, BinaryFunction::kOr); }

extern const Operator or_operator;
const Operator or_operator = {"Or", 2, 2, 1, 1, {}, false, infer_logic, lower_or};

} // namespace linnet

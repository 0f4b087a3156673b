// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_and(Lowering &lowering) { return lower_binary(lowering, BinaryFunction::kAnd); }

extern const Operator and_operator;
const Operator and_operator = {"And", 2, 2, 1, 1, {}, false, infer_logic, lower_and};

} // namespace linnet

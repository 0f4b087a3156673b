// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_xor(Lowering &lowering) { return lower_binary(lowering, BinaryFunction::kXor); }

extern const Operator xor_operator;
const Operator xor_operator = {"Xor", 2, 2, 1, 1, {}, false, infer_logic, lower_xor};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_mul(Lowering &lowering) { return lower_binary(lowering, BinaryFunction::kMul); }

static const AttributeRule kMulAttributes[] = {LINNET_FUSED_RULES};
extern const Operator mul_operator;
const Operator mul_operator = {"Mul", 2, 2, 1, 1, kMulAttributes, false, infer_binary, lower_mul};

} // namespace linnet

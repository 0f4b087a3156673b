// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_sub(Lowering &lowering) { return lower_binary(lowering, BinaryFunction::kSub); }

static const AttributeRule kSubAttributes[] = {LINNET_FUSED_RULES};
extern const Operator sub_operator;
const Operator sub_operator = {"Sub", 2, 2, 1, 1, kSubAttributes, false, infer_binary, lower_sub};

} // namespace linnet

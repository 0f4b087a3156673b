// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_div(Lowering &lowering) { return lower_binary(lowering, BinaryFunction::kDiv); }

static const AttributeRule kDivAttributes[] = {LINNET_FUSED_RULES};
extern const Operator div_operator;
const Operator div_operator = {"Div", 2, 2, 1, 1, kDivAttributes, false, infer_binary, lower_div};

} // namespace linnet

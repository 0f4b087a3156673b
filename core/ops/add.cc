// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_add(Lowering &lowering) { return lower_binary(lowering, BinaryFunction::kAdd); }

static const AttributeRule kAddAttributes[] = {LINNET_FUSED_RULES};
extern const Operator add_operator;
const Operator add_operator = {"Add", 2,       2,           1,        1, kAddAttributes,
                               false, infer_binary, lower_add, nullptr};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/arg_family.h"

namespace linnet {

static Status lower_arg_max(Lowering &lowering) { return lower_arg(lowering, false); }

static const AttributeRule kArgMaxAttributes[] = {LINNET_ARG_RULES};
extern const Operator arg_max_operator;
const Operator arg_max_operator = {"ArgMax", 1,         1,             1, 1, kArgMaxAttributes,
                                   false,    infer_arg, lower_arg_max};

} // namespace linnet

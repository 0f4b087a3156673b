// SPDX-License-Identifier: MIT
#include "ops/arg_family.h"

namespace linnet {

static Status lower_arg_min(Lowering &lowering) { return lower_arg(lowering, true); }

static const AttributeRule kArgMinAttributes[] = {LINNET_ARG_RULES};
extern const Operator arg_min_operator;
const Operator arg_min_operator = {"ArgMin", 1,         1,             1, 1, kArgMinAttributes,
                                   false,    infer_arg, lower_arg_min};

} // namespace linnet

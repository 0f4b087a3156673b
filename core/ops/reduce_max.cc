// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_max(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kMax);
}

static const AttributeRule kReduceMaxAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_max_operator;
const Operator reduce_max_operator = {
    "ReduceMax", 1, 2, 1, 1, kReduceMaxAttributes, false, infer_reduction, lower_reduce_max};

} // namespace linnet

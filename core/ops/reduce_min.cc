// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_min(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kMin);
}

static const AttributeRule kReduceMinAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_min_operator;
const Operator reduce_min_operator = {
    "ReduceMin", 1, 2, 1, 1, kReduceMinAttributes, false, infer_reduction, lower_reduce_min};

} // namespace linnet

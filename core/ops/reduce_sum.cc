// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_sum(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kSum);
}

static const AttributeRule kReduceSumAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_sum_operator;
const Operator reduce_sum_operator = {
    "ReduceSum", 1, 2, 1, 1, kReduceSumAttributes, false, infer_reduction, lower_reduce_sum};

} // namespace linnet

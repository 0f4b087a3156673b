// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_mean(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kMean);
}

static const AttributeRule kReduceMeanAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_mean_operator;
const Operator reduce_mean_operator = {
    "ReduceMean", 1, 2, 1, 1, kReduceMeanAttributes, false, infer_reduction, lower_reduce_mean};

} // namespace linnet

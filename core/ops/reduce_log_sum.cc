// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_log_sum(Lowering &lowering) {
    return lower_logarithm_of_sum(lowering, false);
}

static const AttributeRule kReduceLogSumAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_log_sum_operator;
const Operator reduce_log_sum_operator = {
    "ReduceLogSum", 1, 2, 1, 1, kReduceLogSumAttributes, false,
    infer_float_reduction, lower_reduce_log_sum};

} // namespace linnet

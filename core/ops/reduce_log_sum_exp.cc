// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_log_sum_exp(Lowering &lowering) {
    return lower_logarithm_of_sum(lowering, true);
}

static const AttributeRule kReduceLogSumExpAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_log_sum_exp_operator;
const Operator reduce_log_sum_exp_operator = {
    "ReduceLogSumExp", 1, 2, 1, 1, kReduceLogSumExpAttributes, false,
    infer_float_reduction, lower_reduce_log_sum_exp};

} // namespace linnet

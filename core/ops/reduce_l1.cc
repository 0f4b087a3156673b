// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_l1(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kL1);
}

static const AttributeRule kReduceL1Attributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_l1_operator;
const Operator reduce_l1_operator = {
    "ReduceL1", 1, 2, 1, 1, kReduceL1Attributes, false, infer_float_reduction, lower_reduce_l1};

} // namespace linnet

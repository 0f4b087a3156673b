// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_l2(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kL2);
}

static const AttributeRule kReduceL2Attributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_l2_operator;
const Operator reduce_l2_operator = {
    "ReduceL2", 1, 2, 1, 1, kReduceL2Attributes, false, infer_float_reduction, lower_reduce_l2};

} // namespace linnet

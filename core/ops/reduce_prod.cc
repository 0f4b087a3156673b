// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_prod(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kProd);
}

static const AttributeRule kReduceProdAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_prod_operator;
const Operator reduce_prod_operator = {
    "ReduceProd", 1, 2, 1, 1, kReduceProdAttributes, false, infer_reduction, lower_reduce_prod};

} // namespace linnet

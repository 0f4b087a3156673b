// SPDX-License-Identifier: MIT
#include "ops/reduce_family.h"

namespace linnet {

static Status lower_reduce_sum_square(Lowering &lowering) {
    return lower_reduction(lowering, Reduction::kSumSquare);
}

static const AttributeRule kReduceSumSquareAttributes[] = {LINNET_REDUCE_RULES};
extern const Operator reduce_sum_square_operator;
const Operator reduce_sum_square_operator = {
    "ReduceSumSquare", 1, 2, 1, 1, kReduceSumSquareAttributes, false,
    infer_float_reduction, lower_reduce_sum_square};

} // namespace linnet

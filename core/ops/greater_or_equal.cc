// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_greater_or_equal(Lowering &lowering) {
    return lower_binary(lowering, BinaryFunction::kGreaterOrEqual);
}

extern const Operator greater_or_equal_operator;
const Operator greater_or_equal_operator = {
    "GreaterOrEqual", 2, 2, 1, 1, {}, false, infer_comparison, lower_greater_or_equal};

} // namespace linnet

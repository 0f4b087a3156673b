// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_less_or_equal(Lowering &lowering) {
    return lower_binary(lowering, BinaryFunction::kLessOrEqual);
}

extern const Operator less_or_equal_operator;
const Operator less_or_equal_operator = {
    "LessOrEqual", 2, 2, 1, 1, {}, false, infer_comparison, lower_less_or_equal};

} // namespace linnet

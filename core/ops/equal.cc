// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_equal(Lowering &lowering) {
    return lower_binary(lowering, BinaryFunction::kEqual);
}

extern const Operator equal_operator;
const Operator equal_operator = {"Equal", 2, 2, 1, 1, {}, false, infer_comparison, lower_equal};

} // namespace linnet

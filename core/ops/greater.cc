// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_greater(Lowering &lowering) {
    return lower_binary(lowering, BinaryFunction::kGreater);
}

extern const Operator greater_operator;
const Operator greater_operator = {
    "Greater", 2, 2, 1, 1, {}, false, infer_comparison, lower_greater};

} // namespace linnet

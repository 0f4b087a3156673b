// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_less(Lowering &lowering) {
    return lower_binary(lowering, BinaryFunction::kLess);
}

extern const Operator less_operator;
const Operator less_operator = {"Less", 2, 2, 1, 1, {}, false, infer_comparison, lower_less};

} // namespace linnet

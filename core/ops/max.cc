// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_max(Lowering &lowering) {
    return lower_variadic(lowering, BinaryFunction::kMax, false);
}

extern const Operator max_operator;
const Operator max_operator = {"Max", 1, kAnyNumber, 1, 1, {}, false, infer_variadic, lower_max};

} // namespace linnet

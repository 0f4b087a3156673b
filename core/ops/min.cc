// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_min(Lowering &lowering) {
    return lower_variadic(lowering, BinaryFunction::kMin, false);
}

extern const Operator min_operator;
const Operator min_operator = {"Min", 1, kAnyNumber, 1, 1, {}, false, infer_variadic, lower_min};

} // namespace linnet

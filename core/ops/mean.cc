// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_mean(Lowering &lowering) {
    return lower_variadic(lowering, BinaryFunction::kAdd, true);
}

extern const Operator mean_operator;
const Operator mean_operator = {"Mean", 1, kAnyNumber, 1, 1, {}, false, infer_variadic, lower_mean};

} // namespace linnet

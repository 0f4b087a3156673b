// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status lower_sum(Lowering &lowering) {
    return lower_variadic(lowering, BinaryFunction::kAdd, false);
}

extern const Operator sum_operator;
const Operator sum_operator = {"Sum", 1, kAnyNumber, 1, 1, {}, false, infer_variadic, lower_sum};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_is_nan(Lowering &lowering) { return lower_map(lowering, MapFunction::kIsNaN); }

extern const Operator is_nan_operator;
const Operator is_nan_operator = {"IsNaN", 1, 1, 1, 1, {}, false, infer_float_test, lower_is_nan};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_sinh(Lowering &lowering) { return lower_map(lowering, MapFunction::kSinh); }

extern const Operator sinh_operator;
const Operator sinh_operator = {"Sinh", 1, 1, 1, 1, {}, false, infer_float_map, lower_sinh};

} // namespace linnet

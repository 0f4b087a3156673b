// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_atan(Lowering &lowering) { return lower_map(lowering, MapFunction::kAtan); }

extern const Operator atan_operator;
const Operator atan_operator = {"Atan", 1, 1, 1, 1, {}, false, infer_float_map, lower_atan};

} // namespace linnet

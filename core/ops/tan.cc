// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_tan(Lowering &lowering) { return lower_map(lowering, MapFunction::kTan); }

extern const Operator tan_operator;
const Operator tan_operator = {"Tan", 1, 1, 1, 1, {}, false, infer_float_map, lower_tan};

} // namespace linnet

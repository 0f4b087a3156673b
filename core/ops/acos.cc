// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_acos(Lowering &lowering) { return lower_map(lowering, MapFunction::kAcos); }

extern const Operator acos_operator;
const Operator acos_operator = {"Acos", 1, 1, 1, 1, {}, false, infer_float_map, lower_acos};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_acosh(Lowering &lowering) { return lower_map(lowering, MapFunction::kAcosh); }

extern const Operator acosh_operator;
const Operator acosh_operator = {"Acosh", 1, 1, 1, 1, {}, false, infer_float_map, lower_acosh};

} // namespace linnet

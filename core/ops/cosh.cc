// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_cosh(Lowering &lowering) { return lower_map(lowering, MapFunction::kCosh); }

extern const Operator cosh_operator;
const Operator cosh_operator = {"Cosh", 1, 1, 1, 1, {}, false, infer_float_map, lower_cosh};

} // namespace linnet

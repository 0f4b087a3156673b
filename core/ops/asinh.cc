// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_asinh(Lowering &lowering) { return lower_map(lowering, MapFunction::kAsinh); }

extern const Operator asinh_operator;
const Operator asinh_operator = {"Asinh", 1, 1, 1, 1, {}, false, infer_float_map, lower_asinh};

} // namespace linnet

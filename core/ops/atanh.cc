// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_atanh(Lowering &lowering) { return lower_map(lowering, MapFunction::kAtanh); }

extern const Operator atanh_operator;
const Operator atanh_operator = {"Atanh", 1, 1, 1, 1, {}, false, infer_float_map, lower_atanh};

} // namespace linnet

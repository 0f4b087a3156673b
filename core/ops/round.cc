// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_round(Lowering &lowering) { return lower_map(lowering, MapFunction::kRound); }

extern const Operator round_operator;
const Operator round_operator = {"Round", 1, 1, 1, 1, {}, false, infer_float_map, lower_round};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_sign(Lowering &lowering) { return lower_map(lowering, MapFunction::kSign); }

extern const Operator sign_operator;
const Operator sign_operator = {"Sign", 1, 1, 1, 1, {}, false, infer_number_map, lower_sign};

} // namespace linnet

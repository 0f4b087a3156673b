// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_asin(Lowering &lowering) { return lower_map(lowering, MapFunction::kAsin); }

extern const Operator asin_operator;
const Operator asin_operator = {"Asin", 1, 1, 1, 1, {}, false, infer_float_map, lower_asin};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_softsign(Lowering &lowering) {
    return lower_map(lowering, MapFunction::kSoftsign);
}

extern const Operator softsign_operator;
const Operator softsign_operator = {
    "Softsign", 1, 1, 1, 1, {}, false, infer_float_map, lower_softsign};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/pool_family.h"

namespace linnet {

static Status lower_global_average_pool(Lowering &lowering) {
    return lower_global_pool(lowering, true);
}

extern const Operator global_average_pool_operator;
const Operator global_average_pool_operator = {
    "GlobalAveragePool", 1, 1, 1, 1, {}, true, infer_global_pool, lower_global_average_pool};

} // namespace linnet

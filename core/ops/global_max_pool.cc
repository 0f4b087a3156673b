// SPDX-License-Identifier: MIT
#include "ops/pool_family.h"

namespace linnet {

static Status lower_global_max_pool(Lowering &lowering) {
    return lower_global_pool(lowering, false);
}

extern const Operator global_max_pool_operator;
const Operator global_max_pool_operator = {
    "GlobalMaxPool", 1, 1, 1, 1, {}, true, infer_global_pool, lower_global_max_pool};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/pool_family.h"

namespace linnet {

static Status lower_max_pool(Lowering &lowering) { return lower_pool(lowering, false); }

// storage_order speaks of the second output alone, which must not be read.
static const AttributeRule kMaxPoolAttributes[] = {{"storage_order", Attribute::Kind::kInt},
                                                   LINNET_POOL_RULES};
extern const Operator max_pool_operator = {
    "MaxPool", 1, 1, 1, 2, kMaxPoolAttributes, true, infer_pool, lower_max_pool};

} // namespace linnet

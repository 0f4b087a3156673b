// SPDX-License-Identifier: MIT
#include "ops/pool_family.h"

namespace linnet {

static Status lower_average_pool(Lowering &lowering) { return lower_pool(lowering, true); }

static const AttributeRule kAveragePoolAttributes[] = {
    {"count_include_pad", Attribute::Kind::kInt}, LINNET_POOL_RULES};
extern const Operator average_pool_operator = {
    "AveragePool", 1, 1, 1, 1, kAveragePoolAttributes, true, infer_pool, lower_average_pool};

} // namespace linnet

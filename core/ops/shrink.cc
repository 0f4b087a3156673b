// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_shrink(Lowering &lowering) {
    float lambda = lowering.node().get_float("lambd", 0.5f);
    float bias = lowering.node().get_float("bias", 0.0f);
    return lower_map(lowering, MapFunction::kShrink, lambda, bias);
}

static const AttributeRule kShrinkAttributes[] = {
    {"bias", Attribute::Kind::kFloat}, {"lambd", Attribute::Kind::kFloat}};
extern const Operator shrink_operator;
const Operator shrink_operator = {
    "Shrink", 1, 1, 1, 1, kShrinkAttributes, false, infer_float_map, lower_shrink};

} // namespace linnet

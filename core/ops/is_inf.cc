// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_is_inf(Lowering &lowering) {
    float positive = lowering.node().get_int("detect_positive", 1) != 0 ? 1.0f : 0.0f;
    float negative = lowering.node().get_int("detect_negative", 1) != 0 ? 1.0f : 0.0f;
    return lower_map(lowering, MapFunction::kIsInf, positive, negative);
}

static const AttributeRule kIsInfAttributes[] = {
    {"detect_negative", Attribute::Kind::kInt}, {"detect_positive", Attribute::Kind::kInt}};
extern const Operator is_inf_operator;
const Operator is_inf_operator = {
    "IsInf", 1, 1, 1, 1, kIsInfAttributes, false, infer_float_test, lower_is_inf};

} // namespace linnet

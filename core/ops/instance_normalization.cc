// SPDX-License-Identifier: MIT
#include "ops/group_family.h"

namespace linnet {

static Status lower_instance_normalization(Lowering &lowering) {
    return lower_group_family(lowering, lowering.input_shape(0)[1]);
}

static const AttributeRule kInstanceNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat}};
extern const Operator instance_normalization_operator;
const Operator instance_normalization_operator = {
    "InstanceNormalization", 3, 3, 1, 1, kInstanceNormalizationAttributes, true,
    infer_group_family,      lower_instance_normalization};

} // namespace linnet

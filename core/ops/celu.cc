// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_celu(Lowering &lowering) {
    float alpha = lowering.node().get_float("alpha", 1.0f);
    return lower_map(lowering, MapFunction::kCelu, alpha);
}

static const AttributeRule kCeluAttributes[] = {{"alpha", Attribute::Kind::kFloat}};
extern const Operator celu_operator;
const Operator celu_operator = {
    "Celu", 1, 1, 1, 1, kCeluAttributes, false, infer_float_map, lower_celu};

} // namespace linnet

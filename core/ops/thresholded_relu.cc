// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

static Status lower_thresholded_relu(Lowering &lowering) {
    float alpha = lowering.node().get_float("alpha", 1.0f);
    return lower_map(lowering, MapFunction::kThresholdedRelu, alpha);
}

static const AttributeRule kThresholdedReluAttributes[] = {{"alpha", Attribute::Kind::kFloat}};
extern const Operator thresholded_relu_operator;
const Operator thresholded_relu_operator = {
    "ThresholdedRelu", 1, 1, 1, 1, kThresholdedReluAttributes, false, infer_float_map,
    lower_thresholded_relu};

} // namespace linnet

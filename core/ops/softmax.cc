// SPDX-License-Identifier: MIT
#include "ops/softmax_family.h"

namespace linnet {

static Status lower_softmax(Lowering &lowering) {
    return lower_softmax_family(lowering, false);
}

static const AttributeRule kSoftmaxAttributes[] = {{"axis", Attribute::Kind::kInt}};
extern const Operator softmax_operator;
const Operator softmax_operator = {
    "Softmax", 1, 1, 1, 1, kSoftmaxAttributes, false, infer_softmax_family, lower_softmax};

} // namespace linnet

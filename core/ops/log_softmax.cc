// SPDX-License-Identifier: MIT
#include "ops/softmax_family.h"

namespace linnet {

static Status lower_log_softmax(Lowering &lowering) {
    return lower_softmax_family(lowering, true);
}

static const AttributeRule kLogSoftmaxAttributes[] = {{"axis", Attribute::Kind::kInt}};
extern const Operator log_softmax_operator;
const Operator log_softmax_operator = {
    "LogSoftmax", 1, 1, 1, 1, kLogSoftmaxAttributes, false, infer_softmax_family,
    lower_log_softmax};

} // namespace linnet

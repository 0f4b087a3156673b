// SPDX-License-Identifier: MIT
#include "ops/group_family.h"

namespace linnet {

static Status infer_group_normalization(Inference &inference) {
    LINNET_TRY(infer_group_family(inference));
    const Shape &x = inference.shape(0);
    int64_t groups = inference.node().get_int("num_groups", 1);
    if (groups < 1 || (x.has_rank() && x[1] >= 0 && x[1] % groups != 0))
        return inference.fail("its num_groups %lld does not divide the channels of %s",
                              static_cast<long long>(groups), ShapeText(x).c_str());
    return Status();
}

static Status lower_group_normalization(Lowering &lowering) {
    return lower_group_family(lowering, lowering.node().get_int("num_groups", 1));
}

static const AttributeRule kGroupNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"num_groups", Attribute::Kind::kInt, true},
    {"stash_type", Attribute::Kind::kInt}};
extern const Operator group_normalization_operator;
const Operator group_normalization_operator = {
    "GroupNormalization",      3,    3, 1, 1, kGroupNormalizationAttributes, true,
    infer_group_normalization, lower_group_normalization};

} // namespace linnet

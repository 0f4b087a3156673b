// SPDX-License-Identifier: MIT
#include "ops/binary_family.h"

namespace linnet {

static Status infer_mod(Inference &inference) {
    if (inference.dtype(0) == DType::kFloat32 && inference.node().get_int("fmod", 0) == 0)
        return inference.fail("its attribute 'fmod' is 0, but must be 1 for float32");
    return infer_binary(inference);
}

static Status lower_mod(Lowering &lowering) {
    bool truncated = lowering.node().get_int("fmod", 0) != 0;
    return lower_binary(lowering,
                        truncated ? BinaryFunction::kModTrunc : BinaryFunction::kModFloor);
}

static const AttributeRule kModAttributes[] = {{"fmod", Attribute::Kind::kInt}};
extern const Operator mod_operator;
const Operator mod_operator = {"Mod", 2, 2, 1, 1, kModAttributes, false, infer_mod, lower_mod};

} // namespace linnet

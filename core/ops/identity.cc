// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {

static Status lower_identity(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    return lowering.alias(0, x);
}

extern const Operator identity_operator;
const Operator identity_operator = {"Identity", 1, 1, 1, 1, {}, false, infer_unary, lower_identity};

} // namespace linnet

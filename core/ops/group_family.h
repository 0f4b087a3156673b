// Normalisation over pictures by groups of channels.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

// Inputs: x [N,C,...], scale [C], bias [C].
Status infer_group_family(Inference &inference);

// `groups` divides the number of channels.
Status lower_group_family(Lowering &lowering, int64_t groups);

} // namespace linnet

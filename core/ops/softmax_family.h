// Softmax and its logarithm, along one axis.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

Status infer_softmax_family(Inference &inference);
Status lower_softmax_family(Lowering &lowering, bool logarithm);

} // namespace linnet

// Where the greatest or least element along an axis lies.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

Status infer_arg(Inference &inference);
Status lower_arg(Lowering &lowering, bool least);

#define LINNET_ARG_RULES                                                                           \
    {"axis", Attribute::Kind::kInt}, {"keepdims", Attribute::Kind::kInt},                          \
        {"select_last_index", Attribute::Kind::kInt}

} // namespace linnet

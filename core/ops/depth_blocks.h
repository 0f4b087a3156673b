// DepthToSpace and SpaceToDepth: one is the other backwards.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

// A deep picture [N, C * b * b, H, W] as [N, C, H, b, W, b]: the axes of the wide picture
// [N, C, H * b, W * b], split. `channels_first`: its channels are [C, b, b], else [b, b, C].
View split_depth(const View &deep, int64_t block, bool channels_first);

// A wide picture, split in the same way.
View split_space(const View &wide, int64_t block);

} // namespace linnet

// How the sums of 8-bit samples use their scratch.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/weigh_samples.h"

namespace linnet {

// Columns of the source that are held turned, each with its rows side by side: few enough for the
// nearest cache, many enough that those which two parts share do not count.
constexpr int32_t kTurnedColumns = 512;

constexpr int64_t kTurnedBytes = kTurnedColumns * 4 * kSampleLanes;
constexpr int64_t kTurnedResultBytes = 3 * kSampleLanes * kSampleLanes;

} // namespace linnet

// Graph -> Program.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/lowering.h"

namespace linnet {

// Lowers a graph whose shapes are all known and gives every buffer its place in the arena.
// The arena's size is exact: nothing else is allocated for a run by this many threads.
// `choices`: methods of convolutions that are stated (choose_conv_method).
Result<Program> plan_program(const Graph &graph, WeightCache *cache,
                             Span<const ConvChoice> choices, int threads);

} // namespace linnet

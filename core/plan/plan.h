// Graph -> Program.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/lowering.h"

namespace linnet {

// Lowers a graph whose shapes are all known and gives every buffer its place in the arena.
// The arena's size is exact: nothing else is allocated for a run by this many threads.
Result<Program> plan_program(const Graph &graph, WeightCache *cache, int threads);

} // namespace linnet

// Offsets for buffers with lifetimes.
// SPDX-License-Identifier: MIT
#pragma once

#include "program/program.h"

namespace linnet {

constexpr int64_t kBufferAlignment = 64;

// Gives every buffer an offset so that buffers whose steps overlap do not, and sets arena_bytes.
// Greedy by size, best fit (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
// Inference", arXiv:2001.03288), then, if some step would do with less, a short search for a better
// order. Buffers that no step uses get no memory.
Status place_buffers(Program *program);

} // namespace linnet

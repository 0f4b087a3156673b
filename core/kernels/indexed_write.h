// Elements into places that indices name.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/indexing.h"
#include "kernels/strided.h"

namespace linnet {

// Trimmed, as Function.
enum class IndexedWriteFunction : uint8_t { kReplace, kAdd, kMul, kMin, kMax };

// The element of y at the loop's place and at what the index there names becomes
// function(itself, update). Indices out of range are passed over. All types; bool and the 8-bit
// types: kReplace, kMin and kMax (others wrap). Operands: updates, y, indices; strides likewise,
// y's being 0 along axes that come from the indices alone. No overlap.
// Updates of one place are applied in the order of the updates in memory: one task does it all.
struct IndexedWriteParams {
    StridedLoop loop;
    Indexing indexing;
    IndexedWriteFunction function = IndexedWriteFunction::kReplace;
    DType dtype = DType::kFloat32;
};

} // namespace linnet

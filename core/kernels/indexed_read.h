// Elements from places that indices name.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/indexing.h"
#include "kernels/strided.h"

namespace linnet {

// y = the element of x at the loop's place and at what the index there names; 0 where the index is
// out of range. Elements of 1, 4 or 8 bytes. Operands: y, x, indices; strides likewise, x's being 0
// along axes of y that come from the indices alone. No overlap.
struct IndexedReadParams {
    StridedLoop loop;
    Indexing indexing;
    int32_t element_bytes = 4;
};

} // namespace linnet

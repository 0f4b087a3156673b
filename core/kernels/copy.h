// Copies between tensors that lie differently.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// y = x, elements of 1, 2, 4 or 8 bytes. Operands: y, x; strides likewise. No overlap.
struct CopyParams {
    StridedLoop loop;
    int32_t element_bytes = 4;
};

} // namespace linnet

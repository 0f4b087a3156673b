// A choice between two tensors, element by element.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/strided.h"

namespace linnet {

// y = condition ? a : b, elements of 1, 4 or 8 bytes; the condition is bool. Operands: y,
// condition, a, b; strides likewise. y may be a or b where it lies the same way.
struct SelectParams {
    StridedLoop loop;
    int32_t element_bytes = 4;
};

} // namespace linnet

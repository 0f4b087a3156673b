// Conversions between element types.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

// Output 0 is input 0 in its own type. `through`, float16 or bfloat16: rounded to that precision.
// A view of the input where nothing changes.
Status lower_conversion(Lowering &lowering, DType through);

// The elements of a view in another type; itself if it has the type.
Result<View> converted(Lowering &lowering, const View &view, DType to);

} // namespace linnet

// Operators that give their input another shape.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

// Output 0 has the elements of input 0, in row-major order, with its own shape: a view of the input
// where that is possible, else a view of a copy.
Status lower_reshaped(Lowering &lowering);

// Reads a shape from a tensor of integers. False if it is longer than kMaxRank or has a number that
// is negative.
bool shape_of_integers(const Tensor &tensor, Shape *shape);

// What is known of a shape whose numbers are an input that is not constant: its rank at most.
Shape shape_of_length(const Shape &shape_of_input);

} // namespace linnet

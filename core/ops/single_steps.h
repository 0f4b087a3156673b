// Single steps, for operators that become several of them.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

// y = activation(function(a, b)); a and b are broadcast to y's shape. y may be a or b where they
// lie the same way.
Status emit_binary_step(Lowering &lowering, const View &y, const View &a, const View &b,
                        BinaryFunction function, const Activation &activation = Activation());

// y = activation(x), of the same shape; y may be x. The identity in place: no step.
Status emit_unary_step(Lowering &lowering, const View &y, const View &x,
                       const Activation &activation);

// y = condition ? a : b, elements of any type, broadcast to y's shape.
Status emit_select_step(Lowering &lowering, const View &y, const View &condition, const View &a,
                        const View &b);

// One number as an operand that can be broadcast.
Result<View> scalar_weights(Lowering &lowering, float value);

// Whether a node or a port reads the output; absent outputs are not read.
Result<bool> is_output_read(const Lowering &lowering, size_t i);

// The view with some axes of length 1 more, or fewer: same elements, other shape of that kind.
View insert_axis(const View &view, int at);
View remove_axis(const View &view, int at);

} // namespace linnet

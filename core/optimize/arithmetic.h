// Reading arithmetic backwards: what a value was computed from, in the forms that exporters write.
// Every function looks through values only that nobody else reads, so that a pattern, once found,
// can be replaced as a whole.
// SPDX-License-Identifier: MIT
#pragma once

#include "optimize/graph_editor.h"

namespace linnet {

// Whether no activation was fused into the node: it computes what its operator says.
bool is_plain(const Node &node);

// Whether the node's operator has a place for an activation.
bool takes_activation(const Node &node);

// made_by() for a plain node whose result nobody else reads.
const Node *step_before(const GraphEditor &editor, ValueId value, string_view op);

// A float32 constant of one element that does not give `beside` more axes.
bool scalar_beside(const GraphEditor &editor, ValueId constant, ValueId beside, double *scalar);

// The only operand of a node that is no such scalar, and the scalar. `x` may be either operand.
bool split_scalar(const GraphEditor &editor, const Node &node, ValueId *x, double *scalar);

// Equal but for how constants are rounded when they are written down.
bool is_near(double number, double expected);

// scale * factors[0] * factors[1] ...
struct Product {
    double scale = 1;
    int count = 0;
    ValueId factors[3];
};

// What a Mul or Div computes, and the ones before it; false if there are more than three factors.
bool product_of_node(const GraphEditor &editor, const Node &node, Product *product);

// The same for a value; a value that no Mul or Div makes is its own product.
bool product_of(const GraphEditor &editor, ValueId value, Product *product);

// value = x + added, from an Add or Sub.
bool shifted_from(const GraphEditor &editor, ValueId value, ValueId *x, double *added);

} // namespace linnet

// Graph -> Graph: fewer nodes, the same answers.
// SPDX-License-Identifier: MIT
#pragma once

#include "model/graph.h"

namespace linnet {

// Infers types and shapes, folds what is constant and fuses what one step can compute. Sums of
// weights are taken in double precision, so that answers differ by rounding only. Outputs of the
// graph keep their values; every value keeps its name.
//
// Called once when a model opens, with what the file says about the shapes of its inputs, and again
// for each session (set_input_shapes), when all are known. Fails where an operator's shape rule
// does.
Status optimize(Graph *graph);

// Gives the inputs of a graph these shapes, in the order of Graph::inputs, and infers all other
// shapes from them again. All must be known. Axes that the graph already knew must stay the same:
// optimize() may have relied on them. kUnsupported where an If hangs on more than shapes.
Status set_input_shapes(Graph *graph, Span<const Shape> shapes);

} // namespace linnet

// What an operator's shape rule sees of its node, and where it puts its results.
// SPDX-License-Identifier: MIT
#pragma once

#include "model/graph.h"

namespace linnet {

// More elements than any machine holds; shapes within this limit can be computed with.
constexpr int64_t kMostElements = int64_t{1} << 40;

class Inference {
public:
    Inference(Graph *graph, size_t node) : graph_(graph), node_(graph->nodes[node]) {}

    const Graph &graph() const { return *graph_; }
    const Node &node() const { return node_; }
    size_t input_count() const { return node_.inputs.size(); }
    size_t output_count() const { return node_.outputs.size(); }
    bool has_input(size_t i) const { return node_.has_input(i); }
    DType dtype(size_t i) const { return graph_->value(node_.inputs[i]).dtype; }
    // May have unknown axes, or unknown rank.
    const Shape &shape(size_t i) const { return graph_->value(node_.inputs[i]).shape; }
    // The contents of an input; nullptr if absent or not known.
    const Tensor *constant(size_t i) const { return graph_->constant(node_.input(i)); }

    // Absent outputs are ignored. A shape that was known before is kept where the new one is not.
    void set_output(size_t i, DType dtype, const Shape &shape);

    // An axis attribute or value, -rank..rank-1, as 0..rank-1.
    Result<int> axis(int64_t axis, int rank) const;
    // The axes in input i, or all axes if it is absent or empty; sorted, without repeats.
    // The input must be constant.
    Result<Array<int>> axes_input(size_t i, int rank) const;

    // The shape that two or more shapes have after broadcasting.
    Result<Shape> broadcast(const Shape &a, const Shape &b) const;

    // An error about this node.
    Status fail(const char *format, ...) const LINNET_PRINTF(2, 3);
    Status unsupported(const char *format, ...) const LINNET_PRINTF(2, 3);
    // Fails unless the input has one of these types.
    Status require_dtype(size_t input, std::initializer_list<DType> allowed) const;

private:
    Graph *graph_;
    Node &node_;
};

// Broadcasting by numpy's rule with unknown axes; false if the shapes do not go together.
bool broadcast_shapes(const Shape &a, const Shape &b, Shape *result);

} // namespace linnet

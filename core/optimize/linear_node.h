// What the nodes with constant weights have in common: out = sum over in of weight * in, plus a
// bias per output channel. Conv, ConvTranspose, Gemm, MatMul with a constant matrix; and, as far as
// their scale and bias go, the normalisations.
// SPDX-License-Identifier: MIT
#pragma once

#include "optimize/graph_editor.h"

namespace linnet {

// Weights seen as [rows, columns, taps]. `rows` is one side's channels; `columns` are the channels
// of the other side that belong to the row's group.
struct LinearWeights {
    int64_t rows = 0, columns = 1, taps = 1, groups = 1;
    bool rows_are_outputs = true;

    // The channel of the other side for column 0 of this row.
    int64_t first_column_channel(int64_t row) const { return row / (rows / groups) * columns; }
    int64_t outputs() const { return rows_are_outputs ? rows : columns * groups; }
    int64_t inputs() const { return rows_are_outputs ? columns * groups : rows; }
};

// Weights are input 1 and the bias is input 2, float32 constants both.
struct LinearNode {
    LinearWeights layout;
    const Tensor *weights = nullptr;
    int channel_axis = 1;  // of the output; counted from the end if negative
    int rank = -1;         // of the output, if it follows from the weights
    bool mixes = true;     // whether inputs are summed (false: normalisations)
    double alpha = 1;      // of Gemm: its product is alpha * input * weights
};

// False if the node is none of these, or its weights or bias are not such constants.
bool read_linear_node(const GraphEditor &editor, const Node &node, LinearNode *linear);

// The bias of each output channel, zero where there is none.
Status read_bias(const GraphEditor &editor, const Node &node, int64_t channels,
                 Array<double> *bias);

// Gives the node the bias, and Gemm a beta of 1.
Status write_bias(GraphEditor *editor, size_t at, Span<const double> bias);

// Gives the node new weights: the old ones times the factors of their output and input channel.
// No factors: as they are.
Status scale_weights(GraphEditor *editor, size_t at, const LinearNode &linear,
                     Span<const double> by_output, Span<const double> by_input);

// For each output channel, the sum of its weights times the numbers of their input channels.
Status sum_weights(const LinearNode &linear, Span<const double> by_input, Array<double> *sums);

} // namespace linnet

// The passes of optimize(), each Graph -> Graph with the same answers. All of them take time in
// proportion to the graph, never touch what an output of the graph shows, and set *changed (which
// they otherwise leave as it is) if they did anything.
// SPDX-License-Identifier: MIT
#pragma once

#include "model/graph.h"

namespace linnet {

// Removes nodes of which no output is used, and the contents of constants that nothing reads.
Status drop_dead(Graph *graph, bool *changed);

// Infers all types and shapes, and replaces nodes whose inputs are all known by their results,
// unless those are huge (see the file), and every If whose condition is known by the nodes of its
// branch. Fails where an operator's shape rule does; the graph is lost then.
Status fold_constants(Graph *graph, bool *changed);

// Removes nodes that change nothing; merges transposes of transposes and reshapes of reshapes.
Status drop_identity(Graph *graph, bool *changed);

// Min and Max with a constant become Clip; Relu and Clip of Relu and Clip become one.
Status merge_clips(Graph *graph, bool *changed);

// Finds HardSigmoid, HardSwish, linnet.Swish, Gelu and Mish in the arithmetic that exporters write.
Status find_activations(Graph *graph, bool *changed);

// Finds LayerNormalization in the arithmetic that exporters write.
Status find_layer_norm(Graph *graph, bool *changed);

// Finds linnet.ChannelShuffle in shuffles of channels. Needs known shapes.
Status find_shuffles(Graph *graph, bool *changed);

// Folds y = x * scale + shift per channel (BatchNormalization; Mul, Div, Add and Sub with
// constants) into the weights and bias of the Conv, ConvTranspose, Gemm, MatMul or normalisation
// that computes x.
Status fold_affine_back(Graph *graph, bool *changed);

// The same into the Conv, ConvTranspose, Gemm or MatMul that reads y, where that is exact.
Status fold_affine_ahead(Graph *graph, bool *changed);

// Scalars that a product of two computed matrices, or one of them, is multiplied with become part of
// the MatMul.
Status fold_factors(Graph *graph, bool *changed);

// Gives the zeros of a Pad to the Conv or pool behind it.
Status fold_pads(Graph *graph, bool *changed);

// Adds that read a Conv, or a MatMul with a constant matrix, become its fourth input. Needs known
// shapes.
Status fuse_residuals(Graph *graph, bool *changed);

// Activations become part of the node that computes what they read.
Status fuse_activations(Graph *graph, bool *changed);

} // namespace linnet

// Activations: which functions nodes stand for, and how they ride on the node that computes their
// input.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/operator.h"

namespace linnet {

// The function that a node computes of each element of its input 0, a float32 tensor; false if it
// is no such node. Asks the node's operator.
bool activation_of(const Graph &graph, const Node &node, Activation *activation);

// A producer (Conv, Gemm, MatMul, Add ...) carries the activation that was fused into it in these
// attributes: the function's number and its two parameters.
constexpr const char *kFusedFunction = "linnet_function";
constexpr const char *kFusedA = "linnet_a";
constexpr const char *kFusedB = "linnet_b";
#define LINNET_FUSED_RULES                                                                         \
    {kFusedFunction, Attribute::Kind::kInt}, {kFusedA, Attribute::Kind::kFloat},                   \
        {kFusedB, Attribute::Kind::kFloat}

Activation fused_activation(const Node &node);
Status fuse_activation(Node *node, const Activation &activation);

// Shape rule and lowering of every unary elementwise operator.
Status infer_unary(Inference &inference);
Status lower_unary(Lowering &lowering);
// Its lowering when the function is known: y = function(input 0).
Status lower_function(Lowering &lowering, const Activation &activation);

} // namespace linnet

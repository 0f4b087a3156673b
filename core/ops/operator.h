// What an operator is: its attributes, its shape rule, and how it becomes steps.
// SPDX-License-Identifier: MIT
#pragma once

#include "ops/inference.h"
#include "ops/lowering.h"

namespace linnet {

// An attribute that the operator understands. Any other one makes the model unsupported.
struct AttributeRule {
    const char *name;
    Attribute::Kind kind;
    bool required = false;
};

constexpr uint8_t kAnyNumber = 255;

struct Operator {
    char op[24]; // as in Node::op; in place, since a pointer with its relocation takes more
    uint8_t min_inputs, max_inputs;
    uint8_t min_outputs, max_outputs;
    Span<const AttributeRule> attributes;
    // Works on pictures whose channels lie innermost: graph inputs that it reads are kept that way.
    bool channels_last;
    Status (*infer)(Inference &);
    Status (*lower)(Lowering &);
    // The multiply-adds of one application, for known shapes; nullptr: not counted.
    int64_t (*macs)(const Graph &, const Node &) = nullptr;
    // For operators that compute a function of each element of input 0 alone: which one. False if
    // this node does not (a bound that is not constant, a type other than float32).
    bool (*activation)(const Graph &, const Node &, Activation *) = nullptr;
};

// The operator of that name, or nullptr.
const Operator *find_operator(string_view op);

// Whether every one of the nodes can be run: operator, number of inputs and outputs, attributes.
// One error names all the nodes that cannot, and why.
Status check_operators(Span<const Node> nodes);

// Sets types and shapes of the outputs of a node from those of its inputs.
Status infer_node(Graph *graph, size_t node);

// Computes the outputs of a node whose inputs are all constants, or that reads only the shapes of
// its inputs. The contents are in the order of its outputs; those that are absent are empty.
Result<Array<Ref<Tensor>>> evaluate_node(const Graph &graph, size_t node);

// "node 'conv1' (Conv)", for messages.
Result<Text> describe_node(const Node &node);

// In a cut file: an error about a part that is not there, with the node that needs it.
Status name_what_is_missing(const Node &node, Status status);

} // namespace linnet

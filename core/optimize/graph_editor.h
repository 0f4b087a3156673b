// How passes change a graph: it always knows who makes and who reads each value.
// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>

#include "model/graph.h"

namespace linnet {

constexpr int32_t kNoNode = -1;

// Nodes keep their indices until commit(), and so does the topological order: a node may only be
// given inputs that are made before it. That is why a fusion always rewrites its last node: what it
// then reads came earlier. Nodes whose outputs nothing reads any more are erased at once; an erased
// node has no operator, no inputs and no outputs, so that no pattern matches it.
class GraphEditor {
public:
    static Result<GraphEditor> of(Graph *graph);

    Graph &graph() const { return *graph_; }
    size_t node_count() const { return graph_->nodes.size(); }
    Node &node(size_t at) const { return graph_->nodes[at]; }
    const Value &value(ValueId id) const { return graph_->value(id); }
    const Tensor *constant(ValueId id) const { return graph_->constant(id); }

    // The node that makes the value; kNoNode for inputs, constants and absent ones.
    int32_t producer(ValueId value) const;
    // The same if it applies this operator and makes nothing else; nullptr otherwise.
    const Node *made_by(ValueId value, string_view op) const;
    // Whether a node makes this value and nothing else, and one input of one node is all that reads
    // it: nobody misses it when the two nodes become one.
    bool passes_through(ValueId value) const;
    // How many inputs of nodes read the value.
    int32_t readers(ValueId value) const { return readers_[static_cast<size_t>(value)]; }
    bool is_output(ValueId value) const { return outputs_[static_cast<size_t>(value)]; }

    Status set_input(size_t at, size_t input, ValueId value);
    // Trailing absent inputs are left out.
    Status set_inputs(size_t at, std::initializer_list<ValueId> inputs);
    // The node applies another operator, without attributes, and makes what it made before.
    Status become(size_t at, string_view op, std::initializer_list<ValueId> inputs);
    // The producer moves to the node's place and makes the node's output instead of its own, which
    // only the node has read. The node's own work is gone.
    void absorb(size_t at, int32_t producer);
    // The producer makes `value` instead of the value that only node `at` has read. `at` is erased.
    void take_over(size_t at, int32_t producer, ValueId value);
    // Whoever reads the output of the node shall read its input 0; the node is erased. Each of the
    // nodes after it must be settled before anything else is done with it.
    void bypass(size_t at);
    void settle(size_t at);
    // Constants carry no name: names are for tensors that the file has.
    Result<ValueId> add_constant(Ref<Tensor> contents);
    Result<ValueId> add_scalar(float number);

    // An edit that the functions above do not see (an attribute).
    void mark_changed() { changed_ = true; }
    // Removes erased nodes. Sets *changed if anything was edited, and leaves it otherwise.
    Status commit(bool *changed);

private:
    Status unread(ValueId value);
    void forget_inputs(size_t at);
    bool is_needed(const Node &node) const;
    Status erase_unneeded();

    Graph *graph_ = nullptr;
    bool changed_ = false;
    Array<int32_t> producers_, readers_; // by value
    Array<ValueId> instead_;             // by value: what to read since its maker was bypassed
    Array<bool> outputs_;                // by value
    Array<int32_t> suspects_;            // nodes of which an output has just lost a reader
};

} // namespace linnet

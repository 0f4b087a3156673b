// SPDX-License-Identifier: MIT
#include "optimize/graph_editor.h"

namespace linnet {

Result<GraphEditor> GraphEditor::of(Graph *graph) {
    GraphEditor editor;
    editor.graph_ = graph;
    LINNET_TRY(editor.producers_.fill(graph->values.size(), kNoNode));
    LINNET_TRY(editor.readers_.fill(graph->values.size(), 0));
    LINNET_TRY(editor.instead_.fill(graph->values.size(), kNoValue));
    LINNET_TRY(editor.outputs_.fill(graph->values.size(), false));
    for (size_t at = 0; at < graph->nodes.size(); ++at) {
        for (ValueId input : graph->nodes[at].inputs)
            if (input != kNoValue) ++editor.readers_[static_cast<size_t>(input)];
        for (ValueId output : graph->nodes[at].outputs)
            if (output != kNoValue)
                editor.producers_[static_cast<size_t>(output)] = static_cast<int32_t>(at);
    }
    for (const Port &port : graph->outputs) editor.outputs_[static_cast<size_t>(port.value)] = true;
    return editor;
}

int32_t GraphEditor::producer(ValueId value) const {
    return value == kNoValue ? kNoNode : producers_[static_cast<size_t>(value)];
}

static bool makes_one_value(const Node &node) {
    if (node.outputs.empty() || node.outputs[0] == kNoValue) return false;
    for (size_t i = 1; i < node.outputs.size(); ++i)
        if (node.outputs[i] != kNoValue) return false;
    return true;
}

const Node *GraphEditor::made_by(ValueId value, string_view op) const {
    int32_t at = producer(value);
    if (at == kNoNode) return nullptr;
    const Node &maker = node(static_cast<size_t>(at));
    return maker.op.view() == op && makes_one_value(maker) ? &maker : nullptr;
}

bool GraphEditor::passes_through(ValueId value) const {
    int32_t at = producer(value);
    return at != kNoNode && readers(value) == 1 && !is_output(value) &&
           makes_one_value(node(static_cast<size_t>(at)));
}

Status GraphEditor::unread(ValueId value) {
    if (value == kNoValue) return Status();
    int32_t &left = readers_[static_cast<size_t>(value)];
    if (--left > 0 || producer(value) == kNoNode) return Status();
    return suspects_.push(producer(value));
}

bool GraphEditor::is_needed(const Node &node) const {
    for (ValueId output : node.outputs)
        if (output != kNoValue && (is_output(output) || readers(output) > 0)) return true;
    return false;
}

static void clear_node(Node *node) {
    node->op = Text();
    node->inputs.clear();
    node->outputs.clear();
    node->attributes.clear();
}

// A work list, not recursion: chains can be as long as the graph.
Status GraphEditor::erase_unneeded() {
    while (!suspects_.empty()) {
        size_t at = static_cast<size_t>(suspects_.back());
        suspects_.shrink(suspects_.size() - 1);
        if (node(at).op.empty() || is_needed(node(at))) continue;
        for (ValueId input : node(at).inputs) LINNET_TRY(unread(input));
        clear_node(&node(at));
    }
    return Status();
}

Status GraphEditor::set_input(size_t at, size_t input, ValueId value) {
    Array<ValueId> &inputs = node(at).inputs;
    while (inputs.size() <= input) LINNET_TRY(inputs.push(kNoValue));
    if (inputs[input] == value) return Status();
    if (value != kNoValue) ++readers_[static_cast<size_t>(value)];
    LINNET_TRY(unread(inputs[input]));
    inputs[input] = value;
    changed_ = true;
    return erase_unneeded();
}

Status GraphEditor::set_inputs(size_t at, std::initializer_list<ValueId> inputs) {
    Array<ValueId> fresh;
    for (ValueId input : inputs) {
        LINNET_TRY(fresh.push(input));
        if (input != kNoValue) ++readers_[static_cast<size_t>(input)];
    }
    while (!fresh.empty() && fresh.back() == kNoValue) fresh.shrink(fresh.size() - 1);
    for (ValueId input : node(at).inputs) LINNET_TRY(unread(input));
    node(at).inputs = std::move(fresh);
    changed_ = true;
    return erase_unneeded();
}

Status GraphEditor::become(size_t at, string_view op, std::initializer_list<ValueId> inputs) {
    LINNET_TRY(node(at).op.assign(op));
    node(at).attributes.clear();
    return set_inputs(at, inputs);
}

// What made the inputs and is read no more is left to drop_dead().
void GraphEditor::forget_inputs(size_t at) {
    for (ValueId input : node(at).inputs)
        if (input != kNoValue) --readers_[static_cast<size_t>(input)];
}

void GraphEditor::absorb(size_t at, int32_t producer) {
    Node &kept = node(static_cast<size_t>(producer));
    forget_inputs(at);
    Array<ValueId> outputs = std::move(node(at).outputs);
    node(at) = std::move(kept);
    node(at).outputs = std::move(outputs);
    clear_node(&kept);
    changed_ = true;
}

void GraphEditor::take_over(size_t at, int32_t producer, ValueId value) {
    node(static_cast<size_t>(producer)).outputs[0] = value;
    producers_[static_cast<size_t>(value)] = producer;
    forget_inputs(at);
    clear_node(&node(at));
    changed_ = true;
}

// The readers are counted for the new value at once, so that nothing takes it for unread.
void GraphEditor::bypass(size_t at) {
    ValueId from = node(at).inputs[0], gone = node(at).outputs[0];
    forget_inputs(at);
    instead_[static_cast<size_t>(gone)] = from;
    readers_[static_cast<size_t>(from)] += readers(gone);
    clear_node(&node(at));
    changed_ = true;
}

void GraphEditor::settle(size_t at) {
    for (ValueId &input : node(at).inputs)
        if (input != kNoValue && instead_[static_cast<size_t>(input)] != kNoValue)
            input = instead_[static_cast<size_t>(input)];
}

Result<ValueId> GraphEditor::add_constant(Ref<Tensor> contents) {
    LINNET_TRY(producers_.push(kNoNode));
    LINNET_TRY(readers_.push(0));
    LINNET_TRY(instead_.push(kNoValue));
    LINNET_TRY(outputs_.push(false));
    return graph_->add_constant("", std::move(contents));
}

Result<ValueId> GraphEditor::add_scalar(float number) {
    LINNET_ASSIGN(Ref<Tensor> contents, Tensor::of_float({}, Span<const float>(&number, 1)));
    return add_constant(std::move(contents));
}

Status GraphEditor::commit(bool *changed) {
    LINNET_TRY(erase_unneeded());
    Array<Node> &nodes = graph_->nodes;
    size_t kept = 0;
    for (size_t at = 0; at < nodes.size(); ++at) {
        if (nodes[at].op.empty()) continue;
        if (kept != at) nodes[kept] = std::move(nodes[at]);
        ++kept;
    }
    nodes.shrink(kept);
    if (changed_) *changed = true;
    return Status();
}

} // namespace linnet

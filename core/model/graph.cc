// SPDX-License-Identifier: MIT
#include "model/graph.h"

namespace linnet {

const Attribute *Node::find(string_view attribute) const {
    for (const Attribute &candidate : attributes)
        if (candidate.name.view() == attribute) return &candidate;
    return nullptr;
}

int64_t Node::get_int(string_view attribute, int64_t otherwise) const {
    const Attribute *found = find(attribute);
    return found ? found->i : otherwise;
}

float Node::get_float(string_view attribute, float otherwise) const {
    const Attribute *found = find(attribute);
    return found ? found->f : otherwise;
}

string_view Node::get_text(string_view attribute, string_view otherwise) const {
    const Attribute *found = find(attribute);
    return found ? found->text.view() : otherwise;
}

Span<const int64_t> Node::get_ints(string_view attribute) const {
    const Attribute *found = find(attribute);
    return found ? found->ints.span() : Span<const int64_t>();
}

Span<const float> Node::get_floats(string_view attribute) const {
    const Attribute *found = find(attribute);
    return found ? found->floats.span() : Span<const float>();
}

Result<Attribute *> Node::slot(string_view attribute, Attribute::Kind kind) {
    remove_attribute(attribute);
    Attribute fresh;
    fresh.kind = kind;
    LINNET_TRY(fresh.name.assign(attribute));
    LINNET_TRY(attributes.push(std::move(fresh)));
    return &attributes.back();
}

Status Node::set_int(string_view attribute, int64_t value) {
    LINNET_ASSIGN(Attribute *target, slot(attribute, Attribute::Kind::kInt));
    target->i = value;
    return Status();
}

Status Node::set_float(string_view attribute, float value) {
    LINNET_ASSIGN(Attribute *target, slot(attribute, Attribute::Kind::kFloat));
    target->f = value;
    return Status();
}

Status Node::set_text(string_view attribute, string_view value) {
    LINNET_ASSIGN(Attribute *target, slot(attribute, Attribute::Kind::kText));
    return target->text.assign(value);
}

Status Node::set_ints(string_view attribute, Span<const int64_t> value) {
    LINNET_ASSIGN(Attribute *target, slot(attribute, Attribute::Kind::kInts));
    return target->ints.assign(value);
}

void Node::remove_attribute(string_view attribute) {
    for (size_t i = 0; i < attributes.size(); ++i)
        if (attributes[i].name.view() == attribute) return attributes.remove(i);
}

Status Node::copy_to(Node *copy) const {
    LINNET_TRY(copy->op.assign(op));
    LINNET_TRY(copy->name.assign(name));
    LINNET_TRY(copy->inputs.assign(inputs.span()));
    LINNET_TRY(copy->outputs.assign(outputs.span()));
    copy->attributes.clear();
    for (const Attribute &from : attributes) {
        Attribute to;
        LINNET_TRY(to.name.assign(from.name));
        LINNET_TRY(to.text.assign(from.text));
        LINNET_TRY(to.ints.assign(from.ints.span()));
        LINNET_TRY(to.floats.assign(from.floats.span()));
        to.kind = from.kind;
        to.i = from.i;
        to.f = from.f;
        to.tensor = from.tensor;
        LINNET_TRY(copy->attributes.push(std::move(to)));
    }
    return Status();
}

Status Value::copy_to(Value *copy) const {
    LINNET_TRY(copy->name.assign(name));
    copy->dtype = dtype;
    copy->shape = shape;
    copy->constant = constant;
    return Status();
}

Status Port::copy_to(Port *copy) const {
    LINNET_TRY(copy->name.assign(name));
    copy->value = value;
    copy->dtype = dtype;
    copy->shape = shape;
    return Status();
}

Result<ValueId> Graph::add_value(string_view name, DType dtype, const Shape &shape) {
    if (values.size() >= INT32_MAX) return error(Code::kLimit, "the graph has too many values");
    Value value;
    LINNET_TRY(value.name.assign(name));
    value.dtype = dtype;
    value.shape = shape;
    LINNET_TRY(values.push(std::move(value)));
    return static_cast<ValueId>(values.size() - 1);
}

Result<ValueId> Graph::add_constant(string_view name, Ref<Tensor> contents) {
    LINNET_ASSIGN(ValueId id, add_value(name, contents->dtype(), contents->shape()));
    value(id).constant = std::move(contents);
    return id;
}

Result<Node *> Graph::add_node(string_view op, string_view name) {
    Node node;
    LINNET_TRY(node.op.assign(op));
    LINNET_TRY(node.name.assign(name));
    LINNET_TRY(nodes.push(std::move(node)));
    return &nodes.back();
}

template <class T> static Status copy_all(const Array<T> &from, Array<T> *to) {
    LINNET_TRY(to->resize(from.size()));
    for (size_t i = 0; i < from.size(); ++i) LINNET_TRY(from[i].copy_to(&(*to)[i]));
    return Status();
}

Status Branch::copy_to(Branch *copy) const {
    LINNET_TRY(copy_all(nodes, &copy->nodes));
    copy->first_input = first_input;
    LINNET_TRY(copy->parameters.assign(parameters.span()));
    return copy->outputs.assign(outputs.span());
}

size_t Graph::constant_bytes() const {
    size_t bytes = 0;
    for (const Value &value : values)
        if (value.constant) bytes += value.constant->bytes();
    return bytes;
}

const Branch *Graph::branch(const Node &node, string_view attribute) const {
    const Attribute *found = node.find(attribute);
    bool names_one = found && found->kind == Attribute::Kind::kBranch;
    return names_one ? &branches[static_cast<size_t>(found->i)] : nullptr;
}

Branch *Graph::branch(const Node &node, string_view attribute) {
    return const_cast<Branch *>(static_cast<const Graph *>(this)->branch(node, attribute));
}

Status Graph::copy_to(Graph *copy) const {
    LINNET_TRY(copy_all(values, &copy->values));
    LINNET_TRY(copy_all(nodes, &copy->nodes));
    LINNET_TRY(copy_all(inputs, &copy->inputs));
    LINNET_TRY(copy_all(branches, &copy->branches));
    copy->folded_elements = folded_elements;
    return copy_all(outputs, &copy->outputs);
}

Result<GraphUses> GraphUses::of(const Graph &graph) {
    GraphUses uses;
    LINNET_TRY(uses.producers_.fill(graph.values.size(), -1));
    LINNET_TRY(uses.readers_.fill(graph.values.size(), 0));
    LINNET_TRY(uses.only_.fill(graph.values.size(), -1));
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        for (ValueId input : graph.nodes[n].inputs) {
            if (input == kNoValue) continue;
            size_t v = static_cast<size_t>(input);
            uses.only_[v] = uses.readers_[v]++ == 0 ? static_cast<int32_t>(n) : -1;
        }
        for (ValueId output : graph.nodes[n].outputs)
            if (output != kNoValue)
                uses.producers_[static_cast<size_t>(output)] = static_cast<int32_t>(n);
    }
    for (const Port &port : graph.outputs) {
        ++uses.readers_[static_cast<size_t>(port.value)];
        uses.only_[static_cast<size_t>(port.value)] = -1;
    }
    return uses;
}

} // namespace linnet

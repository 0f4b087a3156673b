// The one dialect that everything after loading speaks: ONNX operators of one fixed opset.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/text.h"
#include "model/tensor.h"

namespace linnet {

// The ONNX opset whose definitions the operators of a Graph follow. Loaders translate into it.
constexpr int kDialectOpset = 22;

// Index of a value in Graph::values; kNoValue for an optional input or output that is absent.
using ValueId = int32_t;
constexpr ValueId kNoValue = -1;

// A named setting of a node. Exactly one of the fields is meant, by kind.
struct Attribute {
    enum class Kind : uint8_t { kInt, kFloat, kText, kInts, kFloats, kTensor, kBranch };
    Text name;
    Kind kind = Kind::kInt;
    int64_t i = 0; // kBranch: a place in Graph::branches
    float f = 0;
    Text text;
    Array<int64_t> ints;
    Array<float> floats;
    Ref<Tensor> tensor;
};

// One operator application.
struct Node {
    Text op;   // "Conv"; operators of Linnet's own, made by passes, begin with "linnet."
    Text name; // as the file names it, for messages; may be empty
    Array<ValueId> inputs;
    Array<ValueId> outputs;
    Array<Attribute> attributes;

    const Attribute *find(string_view attribute) const;
    // The attribute's value, or `otherwise` if absent. Kinds are checked by the operator's
    // description when the graph is checked, so that these need not fail.
    int64_t get_int(string_view attribute, int64_t otherwise) const;
    float get_float(string_view attribute, float otherwise) const;
    string_view get_text(string_view attribute, string_view otherwise) const;
    Span<const int64_t> get_ints(string_view attribute) const; // empty if absent
    Span<const float> get_floats(string_view attribute) const;

    // Add the attribute, or replace it.
    Status set_int(string_view attribute, int64_t value);
    Status set_float(string_view attribute, float value);
    Status set_text(string_view attribute, string_view value);
    Status set_ints(string_view attribute, Span<const int64_t> value);
    void remove_attribute(string_view attribute);

    bool has_input(size_t i) const { return i < inputs.size() && inputs[i] != kNoValue; }
    ValueId input(size_t i) const { return i < inputs.size() ? inputs[i] : kNoValue; }
    Status copy_to(Node *copy) const;

private:
    Result<Attribute *> slot(string_view attribute, Attribute::Kind kind);
};

// A tensor that nodes read and write.
struct Value {
    Text name;
    DType dtype = DType::kNone;       // graph types only: floats are float32
    Shape shape = Shape::unknown();   // as far as known
    Ref<Tensor> constant;             // its contents, where they are known
    Status copy_to(Value *copy) const;
};

// An input or output of the model.
struct Port {
    Text name;
    ValueId value = kNoValue;
    DType dtype = DType::kNone; // as the file states it; float16 and others are converted here
    Shape shape;                // as the file states it; free axes are kUnknown
    Status copy_to(Port *copy) const;
};

struct MetadataEntry {
    Text key, value;
};

struct OperatorCount {
    Text op;
    int32_t nodes = 0;
};

// Nodes that take the place of an If once its condition is known, and that say nothing about the
// model before: they may not even fit its shapes. Their values are values of the graph that they
// belong to, where nobody else makes or reads them. They read constants of that graph as well, and
// its other values by parameters.
struct Branch {
    Array<Node> nodes; // in topological order
    // What stands here for the inputs of the If from `first_input` on; kNoValue for a constant,
    // which is read as itself. Input 0 is the condition.
    Array<ValueId> parameters;
    size_t first_input = 0;
    Array<ValueId> outputs; // as many as the If has; their types are as the file states them
    Status copy_to(Branch *copy) const;
};

// A model as a directed acyclic graph. Nodes are in topological order; every value has at most one
// producer; a value with contents has none. Copies share the tensors.
struct Graph {
    Array<Value> values;
    Array<Node> nodes;
    Array<Port> inputs;
    Array<Port> outputs;
    Array<Branch> branches; // each of one If
    int64_t folded_elements = 0; // that constant folding has made more than there were

    Result<ValueId> add_value(string_view name, DType dtype, const Shape &shape);
    Result<ValueId> add_constant(string_view name, Ref<Tensor> contents);
    Result<Node *> add_node(string_view op, string_view name); // at the end

    // Of all constants, as they are read.
    size_t constant_bytes() const;

    const Tensor *constant(ValueId value) const {
        return value == kNoValue ? nullptr : values[static_cast<size_t>(value)].constant.get();
    }
    Value &value(ValueId id) { return values[static_cast<size_t>(id)]; }
    const Value &value(ValueId id) const { return values[static_cast<size_t>(id)]; }

    // The branch that an attribute of a node names; nullptr if there is none.
    const Branch *branch(const Node &node, string_view attribute) const;
    Branch *branch(const Node &node, string_view attribute);

    Status copy_to(Graph *copy) const;
};

// Who makes and who reads each value; valid until the graph changes.
class GraphUses {
public:
    static Result<GraphUses> of(const Graph &graph);
    // The index of the node that makes the value, or -1.
    int32_t producer(ValueId value) const { return producers_[static_cast<size_t>(value)]; }
    // How many inputs of nodes, and outputs of the graph, read the value.
    int32_t readers(ValueId value) const { return readers_[static_cast<size_t>(value)]; }
    // The only node that reads the value, or -1 (several readers, or an output of the graph).
    int32_t only_reader(ValueId value) const { return only_[static_cast<size_t>(value)]; }

private:
    Array<int32_t> producers_, readers_, only_;
};

// Weights in the form that a kernel reads, made ahead. Of which tensor (Tensor::fingerprint), and
// in which form, see WeightCache.
struct PackedWeights {
    uint64_t source = 0;
    Array<int64_t> key;
    Ref<Tensor> contents;
};

// What a model file holds besides its graph.
struct LoadedModel {
    Graph graph;
    Array<MetadataEntry> metadata;
    Array<OperatorCount> operators; // of the file's nodes, in alphabetical order
    Text digest; // of the file that this one was made from; empty if it is the first
    Array<PackedWeights> packed;
};

} // namespace linnet

// Translates operators of older opsets, with their drifted meanings, into the dialect.
// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>

#include "load/onnx_reasons.h"
#include "model/graph.h"

namespace linnet {

// Names of values that the loader makes up, each of which is new.
class OnnxFreshNames {
public:
    // The names of the file, which must outlive this.
    explicit OnnxFreshNames(const NameIndex *taken) : taken_(*taken) {}
    // Appends "~1" or the like where the name is in use.
    Status make_unique(Text *name);

private:
    const NameIndex &taken_;
    NameIndex made_;
    uint64_t counter_ = 0;
};

// Translates one node after the other and adds the result to the graph. What cannot be honoured
// becomes a reason; the graph is then incomplete and must not be used.
class OnnxUpgrade {
public:
    OnnxUpgrade(Graph *graph, OnnxFreshNames *names, OnnxReasons *reasons)
        : graph_(*graph), names_(*names), reasons_(*reasons) {}

    // Takes a node of the default domain, whose values exist, as it is meant in `opset`.
    Status translate(Node node, int64_t opset);
    // Adds a node as it is.
    Status add(Node node);
    // As much is known of a value as of the other: they will be the same.
    Status note_same(ValueId value, ValueId other);

    // For the rules: the node under translation. What is left of it at the end is added.
    Node &node() { return node_; }
    Graph &graph() { return graph_; }
    int64_t opset() const { return opset_; }
    // How many axes a value has; -1 if that is not known.
    int rank(ValueId value) const;
    // Whether a value hangs on constants alone, so that it is the same for every run.
    bool is_fixed(ValueId value) const;

    // Says why the node cannot be run. Translation of it ends.
    Status refuse(const char *format, ...) LINNET_PRINTF(2, 3);

    // Moves an attribute out of the node. False if it is absent; one of another kind is refused.
    Result<bool> take_int(string_view attribute, int64_t *value);
    Result<bool> take_float(string_view attribute, float *value);
    Result<bool> take_ints(string_view attribute, Array<int64_t> *values);
    Result<bool> take_floats(string_view attribute, Array<float> *values);
    void remove(string_view attribute) { node_.remove_attribute(attribute); }

    // New constants, named after the node's output.
    Result<ValueId> constant(const char *what, Span<const int64_t> values);
    Result<ValueId> constant(const char *what, const Shape &shape, Span<const float> values);
    // Adds a node in front of this one, with one output.
    Result<ValueId> emit(const char *op, const char *what, std::initializer_list<ValueId> inputs);
    // The node that emit() added last, for its attributes.
    Node &emitted() { return graph_.nodes.back(); }
    Status set_input(size_t i, ValueId value);

private:
    Result<Text> derived_name(const char *what);
    Result<bool> find_kind(string_view attribute, Attribute::Kind kind, const Attribute **found);
    Status note_output(ValueId output, int rank, bool fixed);
    bool has_fixed_inputs(const Node &node) const;

    Graph &graph_;
    OnnxFreshNames &names_;
    OnnxReasons &reasons_;
    Array<int8_t> ranks_; // by value; shorter than the values, and -1 where not known
    Array<bool> fixed_;   // by value, as long as ranks_: computed from constants
    Node node_;
    int64_t opset_ = 0;
    bool refused_ = false;
};

// One step of an operator's history: nodes of an opset below `until` are changed by `apply` so that
// they mean the same in opset `until`. Steps of one operator stand in the order of `until`.
struct OnnxUpgradeRule {
    string_view op;
    int64_t until;
    Status (*apply)(OnnxUpgrade &upgrade);
};

// In place of a rule that a cut file does without.
Status onnx_rule_not_here(OnnxUpgrade &upgrade);

constexpr int64_t kOnnxAnyOpset = INT64_MAX; // the rule applies to all versions

Span<const OnnxUpgradeRule> onnx_upgrade_conv_rules();
Span<const OnnxUpgradeRule> onnx_upgrade_layer_rules();
Span<const OnnxUpgradeRule> onnx_upgrade_shape_rules();
Span<const OnnxUpgradeRule> onnx_upgrade_reduce_rules();
Span<const OnnxUpgradeRule> onnx_upgrade_resize_rules();

// The rank of the first output of a node of the dialect, or -1.
int onnx_output_rank(const OnnxUpgrade &upgrade, const Graph &graph, const Node &node);

} // namespace linnet

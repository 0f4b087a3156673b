// SPDX-License-Identifier: MIT
#include "load/onnx_upgrade.h"

#include <cstdio>

#include "base/cut.h"
#include "base/message_log.h"
#include "load/quoted.h"

namespace linnet {

Status OnnxFreshNames::make_unique(Text *name) {
    size_t length = name->size();
    while (taken_.find(*name) >= 0 || made_.find(*name) >= 0) {
        Text longer;
        LINNET_TRY(longer.assign(string_view(name->c_str(), length)));
        LINNET_TRY(longer.appendf("~%llu", static_cast<unsigned long long>(++counter_)));
        *name = std::move(longer);
    }
    return made_.insert(*name, 0);
}

#if defined(LINNET_TELL_USES)
static void tell_rule(const OnnxUpgradeRule &rule) {
    char name[64]; // "Softmax 13"; of rules for all versions -1
    long long until = rule.until == kOnnxAnyOpset ? -1 : static_cast<long long>(rule.until);
    std::snprintf(name, sizeof name, "%s %lld", rule.op.data(), until);
    tell_use("rule", name);
}
#else
static void tell_rule(const OnnxUpgradeRule &) {}
#endif

Status onnx_rule_not_here(OnnxUpgrade &upgrade) {
    return upgrade.refuse("its translation from an older opset %s%s", kNotHere, kCutHint);
}

Status OnnxUpgrade::translate(Node node, int64_t opset) {
    node_ = std::move(node);
    opset_ = opset;
    refused_ = false;
    LINNET_ASSIGN(Text op, Text::of(node_.op)); // rules may rename it
    remove("consumed_inputs");                  // a hint of opset 5 that some exporters still write
    const Span<const OnnxUpgradeRule> families[] = {
        onnx_upgrade_conv_rules(), onnx_upgrade_layer_rules(), onnx_upgrade_shape_rules(),
        onnx_upgrade_reduce_rules(), onnx_upgrade_resize_rules()};
    for (Span<const OnnxUpgradeRule> family : families) {
        for (const OnnxUpgradeRule &rule : family) {
            if (rule.op != op.view() || opset >= rule.until) continue;
            tell_rule(rule);
            LINNET_TRY(rule.apply(*this));
            if (refused_) return Status();
        }
    }
    return add(std::move(node_));
}

Status OnnxUpgrade::add(Node node) {
    size_t used = node.inputs.size();
    while (used > 0 && node.inputs[used - 1] == kNoValue) --used;
    node.inputs.shrink(used);
    int rank = onnx_output_rank(*this, graph_, node);
    bool fixed = has_fixed_inputs(node);
    for (ValueId output : node.outputs)
        if (output != kNoValue) LINNET_TRY(note_output(output, rank, fixed));
    return graph_.nodes.push(std::move(node));
}

Status OnnxUpgrade::note_output(ValueId output, int rank, bool fixed) {
    size_t at = static_cast<size_t>(output);
    while (ranks_.size() <= at) {
        LINNET_TRY(ranks_.push(-1));
        LINNET_TRY(fixed_.push(false));
    }
    ranks_[at] = static_cast<int8_t>(rank);
    fixed_[at] = fixed;
    return Status();
}

Status OnnxUpgrade::note_same(ValueId value, ValueId other) {
    return note_output(value, rank(other), is_fixed(other));
}

bool OnnxUpgrade::has_fixed_inputs(const Node &node) const {
    for (ValueId input : node.inputs)
        if (input != kNoValue && !is_fixed(input)) return false;
    return true;
}

bool OnnxUpgrade::is_fixed(ValueId value) const {
    if (value == kNoValue) return false;
    size_t at = static_cast<size_t>(value);
    return graph_.constant(value) || (at < fixed_.size() && fixed_[at]);
}

int OnnxUpgrade::rank(ValueId value) const {
    if (value == kNoValue) return -1;
    const Shape &shape = graph_.value(value).shape;
    if (shape.has_rank()) return shape.rank();
    size_t at = static_cast<size_t>(value);
    return at < ranks_.size() ? ranks_[at] : -1;
}

Status OnnxUpgrade::refuse(const char *format, ...) {
    if (refused_) return Status();
    refused_ = true;
    char reason[400];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    string_view output;
    for (ValueId id : node_.outputs)
        if (id != kNoValue && output.empty()) output = graph_.value(id).name;
    return reasons_.add_node(node_.name, node_.op, output, reason);
}

Result<bool> OnnxUpgrade::find_kind(string_view attribute, Attribute::Kind kind,
                                    const Attribute **found) {
    *found = node_.find(attribute);
    if (!*found) return false;
    if ((*found)->kind == kind) return true;
    LINNET_TRY(refuse("its attribute %s has the wrong type", Quoted(attribute).c_str()));
    return false;
}

Result<bool> OnnxUpgrade::take_int(string_view attribute, int64_t *value) {
    const Attribute *found;
    LINNET_ASSIGN(bool present, find_kind(attribute, Attribute::Kind::kInt, &found));
    if (!present) return false;
    *value = found->i;
    remove(attribute);
    return true;
}

Result<bool> OnnxUpgrade::take_float(string_view attribute, float *value) {
    const Attribute *found;
    LINNET_ASSIGN(bool present, find_kind(attribute, Attribute::Kind::kFloat, &found));
    if (!present) return false;
    *value = found->f;
    remove(attribute);
    return true;
}

Result<bool> OnnxUpgrade::take_ints(string_view attribute, Array<int64_t> *values) {
    const Attribute *found;
    LINNET_ASSIGN(bool present, find_kind(attribute, Attribute::Kind::kInts, &found));
    if (!present) return false;
    LINNET_TRY(values->assign(found->ints.span()));
    remove(attribute);
    return true;
}

Result<bool> OnnxUpgrade::take_floats(string_view attribute, Array<float> *values) {
    const Attribute *found;
    LINNET_ASSIGN(bool present, find_kind(attribute, Attribute::Kind::kFloats, &found));
    if (!present) return false;
    LINNET_TRY(values->assign(found->floats.span()));
    remove(attribute);
    return true;
}

// "<the node's output>/<what>"
Result<Text> OnnxUpgrade::derived_name(const char *what) {
    Text name;
    for (ValueId output : node_.outputs) {
        if (output == kNoValue || !name.empty()) continue;
        LINNET_TRY(name.assign(graph_.value(output).name));
    }
    LINNET_TRY(name.append("/"));
    LINNET_TRY(name.append(what));
    LINNET_TRY(names_.make_unique(&name));
    return name;
}

Result<ValueId> OnnxUpgrade::constant(const char *what, Span<const int64_t> values) {
    LINNET_ASSIGN(Text name, derived_name(what));
    LINNET_ASSIGN(Ref<Tensor> tensor,
                  Tensor::of_int64({static_cast<int64_t>(values.size())}, values));
    return graph_.add_constant(name, std::move(tensor));
}

Result<ValueId> OnnxUpgrade::constant(const char *what, const Shape &shape,
                                      Span<const float> values) {
    LINNET_ASSIGN(Text name, derived_name(what));
    LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::of_float(shape, values));
    return graph_.add_constant(name, std::move(tensor));
}

Result<ValueId> OnnxUpgrade::emit(const char *op, const char *what,
                                  std::initializer_list<ValueId> inputs) {
    LINNET_ASSIGN(Text name, derived_name(what));
    LINNET_ASSIGN(ValueId output, graph_.add_value(name, DType::kNone, Shape::unknown()));
    Node made;
    LINNET_TRY(made.op.assign(op));
    LINNET_TRY(made.name.assign(node_.name));
    LINNET_TRY(made.inputs.assign(inputs));
    LINNET_TRY(made.outputs.push(output));
    LINNET_TRY(add(std::move(made)));
    return output;
}

Status OnnxUpgrade::set_input(size_t i, ValueId value) {
    while (node_.inputs.size() <= i) LINNET_TRY(node_.inputs.push(kNoValue));
    node_.inputs[i] = value;
    return Status();
}

} // namespace linnet

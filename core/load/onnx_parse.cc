// ModelProto, GraphProto, NodeProto, AttributeProto, FunctionProto. Field numbers: onnx.proto.
// SPDX-License-Identifier: MIT
#include "load/onnx_format.h"
#include "load/quoted.h"

namespace linnet {
namespace {

string_view onnx_domain(string_view domain) { return domain == "ai.onnx" ? "" : domain; }

Status check_onnx_text(const char *what, string_view text) {
    if (is_utf8(text)) return Status();
    return error(Code::kMalformed, "%s %s is not UTF-8 text", what, Quoted(text).c_str());
}

Status parse_onnx_entry(ProtobufReader reader, string_view *key, string_view *value) {
    ProtobufField field;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(field.get_text(key));
        if (field.number() == 2) LINNET_TRY(field.get_text(value));
    }
    return reader.take_status();
}

Status parse_onnx_metadata(ProtobufReader reader, Array<MetadataEntry> *metadata) {
    string_view key, value;
    LINNET_TRY(parse_onnx_entry(std::move(reader), &key, &value));
    LINNET_TRY(check_onnx_text("the metadata key", key));
    LINNET_TRY(check_onnx_text("the metadata value", value));
    MetadataEntry entry;
    LINNET_TRY(entry.key.assign(key));
    LINNET_TRY(entry.value.assign(value));
    return metadata->push(std::move(entry));
}

Status parse_onnx_opset(ProtobufReader reader, Array<OnnxOpset> *opsets) {
    OnnxOpset opset;
    ProtobufField field;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(field.get_text(&opset.domain));
        if (field.number() == 2) LINNET_TRY(field.get_int64(&opset.version));
    }
    LINNET_TRY(reader.take_status());
    opset.domain = onnx_domain(opset.domain);
    return opsets->push(opset);
}

// ---- Attributes ---------------------------------------------------------------------------------

// AttributeProto.AttributeType
enum OnnxAttributeType : int64_t {
    kOnnxAttributeUndefined = 0,
    kOnnxAttributeFloat = 1,
    kOnnxAttributeInt = 2,
    kOnnxAttributeString = 3,
    kOnnxAttributeTensor = 4,
    kOnnxAttributeGraph = 5,
    kOnnxAttributeFloats = 6,
    kOnnxAttributeInts = 7,
};

const char *onnx_attribute_problem(int64_t type) {
    switch (type) {
    case 5:
    case 10: return "has a subgraph";
    case 8: return "is a list of strings";
    case 9: return "is a list of tensors";
    case 11:
    case 12: return "is a sparse tensor";
    case 13:
    case 14: return "is a type";
    default: return "has an unknown type";
    }
}

Status parse_onnx_attribute_tensor(const ProtobufField &field, OnnxContext *context,
                                   OnnxAttribute *attribute) {
    ProtobufReader message;
    LINNET_TRY(field.get_message(&message));
    LINNET_ASSIGN(OnnxTensor parsed, parse_onnx_tensor(std::move(message), context));
    attribute->tensor = std::move(parsed.tensor);
    attribute->problem = std::move(parsed.problem);
    return Status();
}

// The type whose values field `number` of AttributeProto holds, or 0.
int64_t onnx_attribute_type(uint32_t number) {
    if (number >= 2 && number <= 11) return number - 1;
    if (number == 14 || number == 15) return number - 1;
    if (number == 22 || number == 23) return number - 11;
    return kOnnxAttributeUndefined;
}

Status parse_onnx_attribute_field(const ProtobufField &field, OnnxContext *context,
                                  OnnxAttribute *attribute, int64_t *type) {
    switch (field.number()) {
    case 1: return field.get_text(&attribute->name);
    case 2: return field.get_float(&attribute->f);
    case 3: return field.get_int64(&attribute->i);
    case 4: return field.get_text(&attribute->text);
    case 5: return parse_onnx_attribute_tensor(field, context, attribute);
    case 7: return field.append_floats(&attribute->floats);
    case 8: return field.append_varints(&attribute->ints);
    case 20: return field.get_int64(type);
    case 21: return field.get_text(&attribute->ref);
    default: return Status();
    }
}

Status set_onnx_attribute_kind(int64_t type, OnnxAttribute *attribute) {
    switch (type) {
    case kOnnxAttributeFloat: attribute->kind = Attribute::Kind::kFloat; return Status();
    case kOnnxAttributeInt: attribute->kind = Attribute::Kind::kInt; return Status();
    case kOnnxAttributeFloats: attribute->kind = Attribute::Kind::kFloats; return Status();
    case kOnnxAttributeInts: attribute->kind = Attribute::Kind::kInts; return Status();
    case kOnnxAttributeString:
        attribute->kind = Attribute::Kind::kText;
        if (!is_utf8(attribute->text)) return attribute->problem.assign("is not UTF-8 text");
        return Status();
    case kOnnxAttributeTensor:
        attribute->kind = Attribute::Kind::kTensor;
        if (!attribute->problem.empty() || attribute->tensor) return Status();
        return error(Code::kMalformed, "the attribute %s has no tensor",
                     Quoted(attribute->name).c_str());
    default: return attribute->problem.assign(onnx_attribute_problem(type));
    }
}

Result<OnnxAttribute> parse_onnx_attribute(ProtobufReader reader, OnnxContext *context) {
    OnnxAttribute attribute;
    int64_t type = kOnnxAttributeUndefined, last = kOnnxAttributeUndefined;
    unsigned seen = 0; // a bit for each type that there is a value of
    ProtobufField field;
    while (reader.next(&field)) {
        LINNET_TRY(parse_onnx_attribute_field(field, context, &attribute, &type));
        int64_t holds = onnx_attribute_type(field.number());
        if (holds != kOnnxAttributeUndefined) last = holds, seen |= 1u << holds;
    }
    LINNET_TRY(reader.take_status());
    LINNET_TRY(check_onnx_text("the attribute", attribute.name));
    if (attribute.name.empty()) return error(Code::kMalformed, "an attribute has no name");
    if (!attribute.ref.empty()) return attribute;
    if (type == kOnnxAttributeUndefined) type = last;
    // An empty list leaves no trace but the type; a zero may be left out as well. Some writers
    // state values of all types.
    if (type > 0 && type < 15 && seen != 0 && (seen >> type & 1u) == 0)
        return error(Code::kMalformed, "the attribute %s has another type than its value",
                     Quoted(attribute.name).c_str());
    LINNET_TRY(set_onnx_attribute_kind(type, &attribute));
    return attribute;
}

Status parse_onnx_attribute_into(const ProtobufField &field, OnnxContext *context,
                                 Array<OnnxAttribute> *attributes) {
    ProtobufReader message;
    LINNET_TRY(field.get_message(&message));
    LINNET_ASSIGN(OnnxAttribute attribute, parse_onnx_attribute(std::move(message), context));
    for (const OnnxAttribute &other : *attributes)
        if (other.name == attribute.name)
            return error(Code::kMalformed, "the attribute %s is there twice",
                         Quoted(attribute.name).c_str());
    if (attributes->size() == kOnnxNodeAttributes)
        return error(Code::kLimit, "more than %d attributes",
                     static_cast<int>(kOnnxNodeAttributes));
    return attributes->push(std::move(attribute));
}

// ---- Nodes --------------------------------------------------------------------------------------

Status parse_onnx_name_into(const ProtobufField &field, OnnxBody *body, Array<OnnxName> *names) {
    string_view text;
    LINNET_TRY(field.get_text(&text));
    if (text.empty()) return names->push(kOnnxNoName);
    LINNET_ASSIGN(OnnxName name, body->intern(text));
    return names->push(name);
}

Status parse_onnx_node_field(const ProtobufField &field, OnnxContext *context, OnnxBody *body,
                             OnnxNode *node) {
    switch (field.number()) {
    case 1: return parse_onnx_name_into(field, body, &node->inputs);
    case 2: return parse_onnx_name_into(field, body, &node->outputs);
    case 3: return field.get_text(&node->name);
    case 4: return field.get_text(&node->op);
    case 5: return parse_onnx_attribute_into(field, context, &node->attributes);
    case 7: return field.get_text(&node->domain);
    case 8: return field.get_text(&node->overload);
    default: return Status();
    }
}

// Nodes are many and their lists short: exact sizes save most of the memory that loading takes.
Status reserve_onnx_node(ProtobufReader reader, OnnxNode *node) {
    size_t inputs = 0, outputs = 0, attributes = 0;
    ProtobufField field;
    while (reader.next(&field)) {
        inputs += field.number() == 1;
        outputs += field.number() == 2;
        attributes += field.number() == 5;
    }
    LINNET_TRY(reader.take_status());
    LINNET_TRY(node->inputs.reserve(inputs));
    LINNET_TRY(node->outputs.reserve(outputs));
    return node->attributes.reserve(attributes < kOnnxNodeAttributes ? attributes
                                                                     : kOnnxNodeAttributes);
}

Status parse_onnx_node_fields(ProtobufReader reader, OnnxContext *context, OnnxBody *body,
                              OnnxNode *node) {
    ProtobufField field;
    while (reader.next(&field))
        LINNET_TRY(parse_onnx_node_field(field, context, body, node));
    LINNET_TRY(reader.take_status());
    LINNET_TRY(check_onnx_text("the node name", node->name));
    LINNET_TRY(check_onnx_text("the operator", node->op));
    LINNET_TRY(check_onnx_text("the domain", node->domain));
    if (node->op.empty()) return error(Code::kMalformed, "it has no operator");
    return Status();
}

Status parse_onnx_node(const ProtobufField &field, OnnxContext *context, OnnxBody *body) {
    if (context->nodes == context->options->nodes)
        return error(Code::kLimit, "the model has more than %llu nodes",
                     static_cast<unsigned long long>(context->options->nodes));
    ++context->nodes;
    ProtobufReader message, again, third;
    LINNET_TRY(field.get_message(&message));
    LINNET_TRY(field.get_message(&again));
    LINNET_TRY(field.get_message(&third));
    OnnxNode node;
    node.bytes = message.size();
    Status status = reserve_onnx_node(std::move(again), &node);
    if (status.ok()) status = parse_onnx_node_fields(std::move(message), context, body, &node);
    node.domain = onnx_domain(node.domain);
    if (status.ok() && node.domain.empty() && node.op == "If")
        status = parse_onnx_branches(std::move(third), context, body, &node);
    if (!status.ok())
        return status.within("node %s", Quoted(node.name).c_str());
    return body->nodes.push(std::move(node));
}

// ---- Inputs and outputs -------------------------------------------------------------------------

Status parse_onnx_dim(ProtobufReader reader, int64_t *dim) {
    *dim = kUnknown; // stated by a name or not at all
    ProtobufField field;
    while (reader.next(&field))
        if (field.number() == 1) LINNET_TRY(field.get_int64(dim));
    if (*dim < 0) *dim = kUnknown; // as some exporters write it
    return reader.take_status();
}

Status parse_onnx_shape(ProtobufReader reader, OnnxPort *port) {
    port->shape = Shape();
    ProtobufField field;
    while (reader.next(&field)) {
        if (field.number() != 1) continue;
        ProtobufReader message;
        int64_t dim = kUnknown;
        LINNET_TRY(field.get_message(&message));
        LINNET_TRY(parse_onnx_dim(std::move(message), &dim));
        if (port->shape.rank() == kMaxRank) {
            LINNET_TRY(port->problem.assign("has more than 8 axes"));
            continue;
        }
        port->shape.append(dim);
    }
    return reader.take_status();
}

Status parse_onnx_tensor_type(ProtobufReader reader, OnnxPort *port) {
    ProtobufField field;
    ProtobufReader message;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(field.get_int64(&port->dtype));
        if (field.number() != 2) continue;
        LINNET_TRY(field.get_message(&message));
        LINNET_TRY(parse_onnx_shape(std::move(message), port));
    }
    return reader.take_status();
}

Status parse_onnx_type(ProtobufReader reader, OnnxPort *port) {
    ProtobufField field;
    ProtobufReader message;
    while (reader.next(&field)) {
        switch (field.number()) {
        case 1:
            LINNET_TRY(field.get_message(&message));
            LINNET_TRY(parse_onnx_tensor_type(std::move(message), port));
            break;
        case 4:
        case 5:
        case 7:
        case 8:
        case 9: LINNET_TRY(port->problem.assign("is not a tensor")); break;
        default: break;
        }
    }
    return reader.take_status();
}

Status parse_onnx_port(const ProtobufField &value_info, OnnxBody *body, Array<OnnxPort> *ports) {
    ProtobufReader reader, message;
    LINNET_TRY(value_info.get_message(&reader));
    OnnxPort port;
    string_view name;
    ProtobufField field;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(field.get_text(&name));
        if (field.number() != 2) continue;
        LINNET_TRY(field.get_message(&message));
        LINNET_TRY(parse_onnx_type(std::move(message), &port));
    }
    LINNET_TRY(reader.take_status());
    if (name.empty()) return value_info.malformed("an input or output has no name");
    LINNET_ASSIGN(port.name, body->intern(name));
    return ports->push(std::move(port));
}

// ---- Graph and functions ------------------------------------------------------------------------

Status parse_onnx_initializer(const ProtobufField &field, OnnxContext *context, OnnxGraph *graph) {
    ProtobufReader message;
    LINNET_TRY(field.get_message(&message));
    LINNET_ASSIGN(OnnxTensor parsed, parse_onnx_tensor(std::move(message), context));
    if (parsed.name.empty()) return field.malformed("an initializer has no name");
    OnnxInitializer initializer;
    LINNET_ASSIGN(initializer.name, graph->body.intern(parsed.name));
    initializer.tensor = std::move(parsed.tensor);
    initializer.problem = std::move(parsed.problem);
    return graph->initializers.push(std::move(initializer));
}

// Its name is that of its values (field 1), and it has no contents.
Status parse_onnx_sparse_initializer(const ProtobufField &field, OnnxGraph *graph) {
    ProtobufReader reader, values;
    LINNET_TRY(field.get_message(&reader));
    ProtobufField inner, part;
    string_view name;
    while (reader.next(&inner)) {
        if (inner.number() != 1) continue;
        LINNET_TRY(inner.get_message(&values));
        while (values.next(&part))
            if (part.number() == 8) LINNET_TRY(part.get_text(&name));
        LINNET_TRY(values.take_status());
    }
    LINNET_TRY(reader.take_status());
    if (name.empty()) return field.malformed("a sparse initializer has no name");
    OnnxInitializer initializer;
    LINNET_ASSIGN(initializer.name, graph->body.intern(name));
    LINNET_TRY(initializer.problem.assign("is a sparse tensor"));
    return graph->initializers.push(std::move(initializer));
}

Status parse_onnx_function_field(const ProtobufField &field, OnnxContext *context,
                                 OnnxFunction *function) {
    ProtobufReader message;
    switch (field.number()) {
    case 1: return field.get_text(&function->name);
    case 4: return parse_onnx_name_into(field, &function->body, &function->inputs);
    case 5: return parse_onnx_name_into(field, &function->body, &function->outputs);
    case 7: return parse_onnx_node(field, context, &function->body);
    case 9:
        LINNET_TRY(field.get_message(&message));
        return parse_onnx_opset(std::move(message), &function->opsets);
    case 10: return field.get_text(&function->domain);
    case 11: return parse_onnx_attribute_into(field, context, &function->defaults);
    case 13: return field.get_text(&function->overload);
    default: return Status();
    }
}

Result<OnnxFunction> parse_onnx_function(ProtobufReader reader, OnnxContext *context) {
    OnnxFunction function;
    function.bytes = reader.size();
    ProtobufField field;
    Status status;
    while (status.ok() && reader.next(&field))
        status = parse_onnx_function_field(field, context, &function);
    if (status.ok()) status = reader.take_status();
    if (status.ok()) status = check_onnx_text("the function", function.name);
    if (status.ok()) status = function.body.prepare(function.inputs.span());
    if (!status.ok())
        return status.within("function %s", Quoted(function.name).c_str());
    function.domain = onnx_domain(function.domain);
    return function;
}

Status parse_onnx_model_field(const ProtobufField &field, OnnxContext *context, bool *has_graph,
                              OnnxModel *model) {
    ProtobufReader message;
    switch (field.number()) {
    case 1: return field.get_int64(&model->ir_version);
    case 7:
        if (*has_graph) return field.malformed("the model has two graphs");
        *has_graph = true;
        LINNET_TRY(field.get_message(&message));
        return parse_onnx_graph(std::move(message), context, &model->graph);
    case 8:
        LINNET_TRY(field.get_message(&message));
        return parse_onnx_opset(std::move(message), &model->opsets);
    case 14:
        LINNET_TRY(field.get_message(&message));
        return parse_onnx_metadata(std::move(message), &model->metadata);
    case 25: {
        LINNET_TRY(field.get_message(&message));
        LINNET_ASSIGN(OnnxFunction function, parse_onnx_function(std::move(message), context));
        return model->functions.push(std::move(function));
    }
    default: return Status();
    }
}

// Before anything else is read, so that a file of another age is told apart from a broken one.
Status check_onnx_versions(Bytes file) {
    ProtobufReader reader(file), message;
    ProtobufField field;
    int64_t ir_version = 0;
    Array<OnnxOpset> opsets;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(field.get_int64(&ir_version));
        if (field.number() != 8) continue;
        LINNET_TRY(field.get_message(&message));
        LINNET_TRY(parse_onnx_opset(std::move(message), &opsets));
    }
    LINNET_TRY(reader.take_status());
    if (ir_version <= 0) return error(Code::kMalformed, "it states no IR version");
    if (ir_version < kOnnxOldestIr || ir_version > kOnnxNewestIr)
        return error(Code::kUnsupported, "IR version %lld; versions %lld to %lld are supported",
                     static_cast<long long>(ir_version), static_cast<long long>(kOnnxOldestIr),
                     static_cast<long long>(kOnnxNewestIr));
    int64_t opset = onnx_default_opset(opsets.span());
    if (opset < 0) return error(Code::kMalformed, "it states no opset");
    if (opset < kOnnxOldestOpset || opset > kOnnxNewestOpset)
        return error(Code::kUnsupported, "opset %lld; opsets %lld to %lld are supported",
                     static_cast<long long>(opset), static_cast<long long>(kOnnxOldestOpset),
                     static_cast<long long>(kOnnxNewestOpset));
    return Status();
}

} // namespace

Status parse_onnx_graph(ProtobufReader reader, OnnxContext *context, OnnxGraph *graph) {
    ProtobufField field;
    while (reader.next(&field)) {
        switch (field.number()) {
        case 1: LINNET_TRY(parse_onnx_node(field, context, &graph->body)); break;
        case 5: LINNET_TRY(parse_onnx_initializer(field, context, graph)); break;
        case 11: LINNET_TRY(parse_onnx_port(field, &graph->body, &graph->inputs)); break;
        case 12: LINNET_TRY(parse_onnx_port(field, &graph->body, &graph->outputs)); break;
        case 15: LINNET_TRY(parse_onnx_sparse_initializer(field, graph)); break;
        default: break;
        }
    }
    return reader.take_status();
}

Status settle_onnx_inputs(OnnxGraph *graph, Array<OnnxName> *names) {
    enum : uint8_t { kFree, kInput, kInitializer };
    Array<uint8_t> given;
    LINNET_TRY(given.fill(graph->body.names.size(), kFree));
    auto name_of_value = [&](OnnxName name) {
        return Quoted(graph->body.names[static_cast<size_t>(name)]);
    };
    for (const OnnxInitializer &initializer : graph->initializers) {
        uint8_t &state = given[static_cast<size_t>(initializer.name)];
        if (state == kInitializer)
            return error(Code::kMalformed, "the initializer %s is there twice",
                         name_of_value(initializer.name).c_str());
        state = kInitializer;
    }
    Array<OnnxPort> inputs;
    for (OnnxPort &input : graph->inputs) {
        uint8_t &state = given[static_cast<size_t>(input.name)];
        if (state == kInput)
            return error(Code::kMalformed, "the input %s is there twice",
                         name_of_value(input.name).c_str());
        if (state == kInitializer) continue;
        state = kInput;
        LINNET_TRY(inputs.push(std::move(input)));
    }
    graph->inputs = std::move(inputs);
    for (size_t i = 0; i < given.size(); ++i)
        if (given[i] != kFree) LINNET_TRY(names->push(static_cast<OnnxName>(i)));
    return Status();
}

int64_t onnx_default_opset(Span<const OnnxOpset> opsets) {
    for (const OnnxOpset &opset : opsets)
        if (opset.domain.empty()) return opset.version < 0 ? 0 : opset.version;
    return -1;
}

Result<OnnxModel> parse_onnx(Bytes file, const LoadOptions &options) {
    LINNET_TRY(check_onnx_versions(file));
    OnnxContext context;
    context.options = &options;
    context.file_begin = file.data();
    context.external_bytes = file.size();
    OnnxModel model;
    context.branches = &model.branches;
    bool has_graph = false;
    ProtobufReader reader(file);
    ProtobufField field;
    while (reader.next(&field))
        LINNET_TRY(parse_onnx_model_field(field, &context, &has_graph, &model));
    LINNET_TRY(reader.take_status());
    if (!has_graph) return error(Code::kMalformed, "it has no graph");
    if (model.graph.outputs.empty()) return error(Code::kMalformed, "its graph has no outputs");
    Array<OnnxName> given;
    LINNET_TRY(settle_onnx_inputs(&model.graph, &given));
    LINNET_TRY(model.graph.body.prepare(given.span()));
    return model;
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "save/onnx_writer.h"

#include <cstdio>

namespace linnet {
namespace {

// AttributeProto.AttributeType
int64_t onnx_type_of(Attribute::Kind kind) {
    switch (kind) {
    case Attribute::Kind::kFloat: return 1;
    case Attribute::Kind::kInt: return 2;
    case Attribute::Kind::kText: return 3;
    case Attribute::Kind::kTensor: return 4;
    case Attribute::Kind::kBranch: return 5;
    case Attribute::Kind::kFloats: return 6;
    case Attribute::Kind::kInts: return 7;
    }
    return 0;
}

// The fields of a TensorProto that come before its contents.
void write_onnx_header(string_view name, const Tensor &tensor, ProtobufWriter *proto) {
    if (tensor.shape().rank() > 0) proto->varints(1, tensor.shape().dims());
    proto->varint(2, static_cast<int64_t>(tensor.dtype()));
    if (!name.empty()) proto->text(8, name);
}

void write_onnx_contents(const Tensor &tensor, ProtobufWriter *proto) {
    Bytes elements(static_cast<const unsigned char *>(tensor.data()), tensor.bytes());
    proto->elements(9, elements, size_of(tensor.dtype()));
}

void write_onnx_entry(uint32_t field, string_view key, string_view value, ProtobufWriter *owner) {
    ProtobufWriter entry;
    entry.text(1, key);
    entry.text(2, value);
    owner->message(field, entry);
}

class OnnxGraphWriter {
public:
    OnnxGraphWriter(const Graph &graph, string_view location, Span<const uint64_t> places)
        : graph_(graph), location_(location), places_(places) {}

    Status write(ProtobufWriter *proto) {
        LINNET_TRY(seen_as_.resize(graph_.values.size()));
        for (size_t i = 0; i < graph_.values.size(); ++i)
            seen_as_[i] = static_cast<ValueId>(i);
        for (const Node &node : graph_.nodes) LINNET_TRY(write_node(node, proto));
        proto->text(2, "linnet");
        for (size_t i = 0; i < graph_.values.size(); ++i)
            if (graph_.values[i].constant) write_initializer(i, proto);
        for (const Port &input : graph_.inputs) write_port(11, input, proto);
        for (const Port &output : graph_.outputs) write_port(12, output, proto);
        return Status();
    }

private:
    string_view name_of_value(ValueId id) const {
        if (id == kNoValue) return string_view();
        return graph_.value(seen_as_[static_cast<size_t>(id)]).name;
    }

    Status write_node(const Node &node, ProtobufWriter *graph) {
        ProtobufWriter proto;
        // What the branches of an If read is their own affair in ONNX.
        size_t inputs = node.inputs.size();
        for (const Attribute &attribute : node.attributes)
            if (const Branch *branch = branch_of(node, attribute))
                inputs = branch->first_input < inputs ? branch->first_input : inputs;
        for (size_t i = 0; i < inputs; ++i) proto.text(1, name_of_value(node.inputs[i]));
        for (ValueId output : node.outputs) proto.text(2, name_of_value(output));
        if (!node.name.empty()) proto.text(3, node.name);
        proto.text(4, node.op);
        for (const Attribute &attribute : node.attributes)
            LINNET_TRY(write_attribute(node, attribute, &proto));
        graph->message(1, proto);
        return Status();
    }

    const Branch *branch_of(const Node &node, const Attribute &attribute) const {
        return attribute.kind == Attribute::Kind::kBranch ? graph_.branch(node, attribute.name)
                                                          : nullptr;
    }

    Status write_attribute(const Node &node, const Attribute &attribute, ProtobufWriter *owner) {
        ProtobufWriter proto, inner;
        proto.text(1, attribute.name);
        switch (attribute.kind) {
        case Attribute::Kind::kFloat: proto.fixed32(2, attribute.f); break;
        case Attribute::Kind::kInt: proto.varint(3, attribute.i); break;
        case Attribute::Kind::kText: proto.text(4, attribute.text); break;
        case Attribute::Kind::kTensor:
            write_onnx_header("", *attribute.tensor, &inner);
            write_onnx_contents(*attribute.tensor, &inner);
            proto.message(5, inner);
            break;
        case Attribute::Kind::kBranch:
            LINNET_TRY(write_branch(node, *branch_of(node, attribute), &inner));
            proto.message(6, inner);
            break;
        // Readers of proto3 know packed lists.
        case Attribute::Kind::kFloats: proto.floats(7, attribute.floats.span()); break;
        case Attribute::Kind::kInts: proto.varints(8, attribute.ints.span()); break;
        }
        proto.varint(20, onnx_type_of(attribute.kind));
        owner->message(5, proto);
        return Status();
    }

    // Inside a branch a parameter goes by the name of the value that the If hands in.
    Status write_branch(const Node &owner, const Branch &branch, ProtobufWriter *proto) {
        for (size_t i = 0; i < branch.parameters.size(); ++i) {
            ValueId parameter = branch.parameters[i];
            if (parameter == kNoValue) continue;
            seen_as_[static_cast<size_t>(parameter)] =
                seen_as_[static_cast<size_t>(owner.inputs[branch.first_input + i])];
        }
        for (const Node &node : branch.nodes) LINNET_TRY(write_node(node, proto));
        proto->text(2, "branch");
        for (ValueId output : branch.outputs) {
            Port port;
            LINNET_TRY(port.name.assign(name_of_value(output)));
            port.dtype = graph_.value(output).dtype;
            port.shape = Shape::unknown();
            write_port(12, port, proto);
        }
        return Status();
    }

    void write_initializer(size_t id, ProtobufWriter *owner) {
        const Value &value = graph_.values[id];
        ProtobufWriter proto;
        write_onnx_header(value.name, *value.constant, &proto);
        if (places_[id] == kInsideModel) {
            write_onnx_contents(*value.constant, &proto);
        } else {
            char offset[24];
            std::snprintf(offset, sizeof offset, "%llu",
                          static_cast<unsigned long long>(places_[id]));
            write_onnx_entry(13, "location", location_, &proto);
            write_onnx_entry(13, "offset", offset, &proto);
            proto.varint(14, 1); // external
        }
        owner->message(5, proto);
    }

    static void write_port(uint32_t field, const Port &port, ProtobufWriter *owner) {
        ProtobufWriter proto, type, tensor, shape;
        proto.text(1, port.name);
        if (port.dtype != DType::kNone) tensor.varint(1, static_cast<int64_t>(port.dtype));
        for (int64_t length : port.shape.dims()) {
            ProtobufWriter axis;
            if (length >= 0) axis.varint(1, length);
            shape.message(1, axis);
        }
        if (port.shape.has_rank()) tensor.message(2, shape);
        type.message(1, tensor);
        proto.message(2, type);
        owner->message(field, proto);
    }

    const Graph &graph_;
    string_view location_;
    Span<const uint64_t> places_;
    Array<ValueId> seen_as_; // the value by whose name another one goes
};

} // namespace

Status write_onnx(const Graph &graph, Span<const MetadataEntry> metadata, string_view location,
                  Span<const uint64_t> places, ProtobufWriter *model) {
    constexpr int64_t kIrVersion = 10;
    ProtobufWriter body, opset;
    LINNET_TRY(OnnxGraphWriter(graph, location, places).write(&body));
    opset.text(1, "");
    opset.varint(2, kDialectOpset);
    model->varint(1, kIrVersion);
    model->text(2, "linnet");
    model->message(7, body);
    model->message(8, opset);
    for (const MetadataEntry &entry : metadata)
        write_onnx_entry(14, entry.key, entry.value, model);
    return Status();
}

} // namespace linnet

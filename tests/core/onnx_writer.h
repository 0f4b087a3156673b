// Writes small ONNX files for tests.
//
//     OnnxWriter model(13);                                  // opset 13
//     model.input("x", {1, 3, 8, 8})
//         .initializer(float_tensor("w", {4, 3, 1, 1}, weights))
//         .node("Conv", {"x", "w"}, {"y"}, {attr("strides", {2, 2})})
//         .output("y", {1, 4, 4, 4});
//     std::string file = model.bytes();
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_order.h"

namespace onnx_writer {

// A protobuf message that is being written; field after field.
class Proto {
public:
    Proto &number(uint32_t field, int64_t value) {
        key(field, 0);
        varint(static_cast<uint64_t>(value));
        return *this;
    }
    Proto &real(uint32_t field, float value) {
        key(field, 5);
        return in_file_order(&value, sizeof value, sizeof value);
    }
    Proto &text(uint32_t field, const std::string &value) {
        key(field, 2);
        varint(value.size());
        bytes_ += value;
        return *this;
    }
    Proto &message(uint32_t field, const Proto &value) { return text(field, value.bytes_); }
    Proto &packed_numbers(uint32_t field, const std::vector<int64_t> &values) {
        Proto list;
        for (int64_t value : values) list.varint(static_cast<uint64_t>(value));
        return message(field, list);
    }
    Proto &packed_reals(uint32_t field, const std::vector<float> &values) {
        return text(field, bytes_of(values));
    }
    Proto &key(uint32_t field, uint32_t wire) {
        varint(uint64_t{field} << 3 | wire);
        return *this;
    }
    Proto &varint(uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
        bytes_ += static_cast<char>(value);
        return *this;
    }
    Proto &raw(const void *data, size_t size) {
        bytes_.append(static_cast<const char *>(data), size);
        return *this;
    }
    const std::string &bytes() const { return bytes_; }

    template <class T> static std::string bytes_of(const std::vector<T> &values) {
        return Proto().in_file_order(values.data(), values.size() * sizeof(T), sizeof(T)).bytes_;
    }

private:
    Proto &in_file_order(const void *numbers, size_t size, size_t bytes_of_each) {
        linnet::visit_turned({static_cast<const unsigned char *>(numbers), size}, bytes_of_each,
                             [this](linnet::Bytes piece, size_t) {
                                 raw(piece.data(), piece.size());
                             });
        return *this;
    }

    std::string bytes_;
};

// TensorProto.DataType
enum DataType : int64_t {
    kUndefined = 0, kFloat = 1, kUint8 = 2, kInt8 = 3, kUint16 = 4, kInt16 = 5, kInt32 = 6,
    kInt64 = 7, kString = 8, kBool = 9, kFloat16 = 10, kDouble = 11, kUint32 = 12, kUint64 = 13,
    kComplex64 = 14, kBfloat16 = 16, kFloat8 = 17, kInt4 = 22,
};

using Dims = std::vector<int64_t>;

// The parts of a TensorProto that all tensors have.
inline Proto tensor_head(const std::string &name, int64_t type, const Dims &dims) {
    Proto tensor;
    tensor.packed_numbers(1, dims).number(2, type).text(8, name);
    return tensor;
}
inline Proto float_tensor(const std::string &name, const Dims &dims,
                          const std::vector<float> &values) {
    return tensor_head(name, kFloat, dims).packed_reals(4, values);
}
inline Proto int64_tensor(const std::string &name, const Dims &dims,
                          const std::vector<int64_t> &values) {
    return tensor_head(name, kInt64, dims).packed_numbers(7, values);
}
// Types that live in int32_data.
inline Proto small_tensor(const std::string &name, int64_t type, const Dims &dims,
                          const std::vector<int64_t> &values) {
    return tensor_head(name, type, dims).packed_numbers(5, values);
}
inline Proto raw_tensor(const std::string &name, int64_t type, const Dims &dims,
                        const std::string &bytes) {
    return tensor_head(name, type, dims).text(9, bytes);
}
inline Proto external_tensor(const std::string &name, int64_t type, const Dims &dims,
                             const std::vector<std::pair<std::string, std::string>> &entries) {
    Proto tensor = tensor_head(name, type, dims);
    for (const auto &[key, value] : entries)
        tensor.message(13, Proto().text(1, key).text(2, value));
    return tensor.number(14, 1);
}

// AttributeProto
inline Proto attr(const std::string &name, int value) {
    return Proto().text(1, name).number(3, value).number(20, 2);
}
inline Proto attr(const std::string &name, float value) {
    return Proto().text(1, name).real(2, value).number(20, 1);
}
inline Proto attr(const std::string &name, const char *value) {
    return Proto().text(1, name).text(4, value).number(20, 3);
}
inline Proto attr(const std::string &name, const std::vector<int64_t> &values) {
    Proto proto;
    proto.text(1, name);
    for (int64_t value : values) proto.number(8, value); // proto2: not packed
    return proto.number(20, 7);
}
inline Proto attr(const std::string &name, std::initializer_list<int> values) {
    return attr(name, std::vector<int64_t>(values.begin(), values.end()));
}
inline Proto attr(const std::string &name, const std::vector<float> &values) {
    Proto proto;
    proto.text(1, name);
    for (float value : values) proto.real(7, value);
    return proto.number(20, 6);
}
inline Proto attr(const std::string &name, const Proto &tensor) {
    return Proto().text(1, name).message(5, tensor).number(20, 4);
}
// An attribute of a kind that Linnet knows by name only, such as a type: an empty message.
inline Proto odd_attr(const std::string &name, uint32_t field, int64_t type) {
    return Proto().text(1, name).text(field, "").number(20, type);
}
// Within a function: the attribute that the caller gives.
inline Proto ref_attr(const std::string &name, const std::string &of, int64_t type) {
    return Proto().text(1, name).text(21, of).number(20, type);
}

using Names = std::vector<std::string>;

struct NodeExtra {
    std::string name;
    std::string domain;
};

inline Proto make_node(const std::string &op, const Names &inputs, const Names &outputs,
                       const std::vector<Proto> &attributes = {}, const NodeExtra &extra = {}) {
    Proto node;
    for (const std::string &name : inputs) node.text(1, name);
    for (const std::string &name : outputs) node.text(2, name);
    if (!extra.name.empty()) node.text(3, extra.name);
    node.text(4, op);
    for (const Proto &attribute : attributes) node.message(5, attribute);
    if (!extra.domain.empty()) node.text(7, extra.domain);
    return node;
}

// ValueInfoProto; an axis of -1 is named "N".
inline Proto make_value_info(const std::string &name, int64_t type, const Dims &dims) {
    Proto shape;
    for (int64_t dim : dims) {
        Proto axis;
        shape.message(1, dim < 0 ? axis.text(2, "N") : axis.number(1, dim));
    }
    Proto tensor = Proto().number(1, type).message(2, shape);
    return Proto().text(1, name).message(2, Proto().message(1, tensor));
}

inline Proto make_opset(const std::string &domain, int64_t version) {
    return Proto().text(1, domain).number(2, version);
}

// FunctionProto
class FunctionWriter {
public:
    FunctionWriter(const std::string &domain, const std::string &name, const Names &inputs,
                   const Names &outputs) {
        proto_.text(1, name).text(10, domain);
        for (const std::string &input : inputs) proto_.text(4, input);
        for (const std::string &output : outputs) proto_.text(5, output);
    }
    FunctionWriter &opset(int64_t version) {
        proto_.message(9, make_opset("", version));
        return *this;
    }
    FunctionWriter &attribute(const std::string &name) {
        proto_.text(6, name);
        return *this;
    }
    FunctionWriter &attribute_default(const Proto &attribute) {
        proto_.message(11, attribute);
        return *this;
    }
    FunctionWriter &node(const std::string &op, const Names &inputs, const Names &outputs,
                         const std::vector<Proto> &attributes = {}, const NodeExtra &extra = {}) {
        proto_.message(7, make_node(op, inputs, outputs, attributes, extra));
        return *this;
    }
    const Proto &proto() const { return proto_; }

private:
    Proto proto_;
};

// GraphProto, as an attribute of If.
class BranchWriter {
public:
    BranchWriter &initializer(const Proto &tensor) { return add(5, tensor); }
    BranchWriter &input(const std::string &name) {
        return add(11, make_value_info(name, kFloat, {}));
    }
    BranchWriter &output(const std::string &name, int64_t type = kFloat) {
        return add(12, make_value_info(name, type, {}));
    }
    BranchWriter &node(const std::string &op, const Names &inputs, const Names &outputs,
                       const std::vector<Proto> &attributes = {}, const NodeExtra &extra = {}) {
        return add(1, make_node(op, inputs, outputs, attributes, extra));
    }
    Proto as(const std::string &name) const {
        return Proto().text(1, name).message(6, graph_).number(20, 5);
    }

private:
    BranchWriter &add(uint32_t field, const Proto &message) {
        graph_.message(field, message);
        return *this;
    }
    Proto graph_;
};

// The attributes of an If.
inline std::vector<Proto> branches(const BranchWriter &then_branch,
                                   const BranchWriter &else_branch) {
    return {then_branch.as("then_branch"), else_branch.as("else_branch")};
}

// ModelProto
class OnnxWriter {
public:
    explicit OnnxWriter(int64_t opset = 22, int64_t ir_version = 8) : ir_version_(ir_version) {
        if (opset >= 0) import("", opset);
    }
    OnnxWriter &import(const std::string &domain, int64_t version) {
        rest_.message(8, make_opset(domain, version));
        return *this;
    }
    OnnxWriter &input(const std::string &name, const Dims &dims, int64_t type = kFloat) {
        graph_.message(11, make_value_info(name, type, dims));
        return *this;
    }
    OnnxWriter &output(const std::string &name, const Dims &dims = {}, int64_t type = kFloat) {
        graph_.message(12, make_value_info(name, type, dims));
        return *this;
    }
    OnnxWriter &initializer(const Proto &tensor) {
        graph_.message(5, tensor);
        return *this;
    }
    OnnxWriter &node(const std::string &op, const Names &inputs, const Names &outputs,
                     const std::vector<Proto> &attributes = {}, const NodeExtra &extra = {}) {
        graph_.message(1, make_node(op, inputs, outputs, attributes, extra));
        return *this;
    }
    OnnxWriter &function(const FunctionWriter &function) {
        rest_.message(25, function.proto());
        return *this;
    }
    OnnxWriter &metadata(const std::string &key, const std::string &value) {
        rest_.message(14, Proto().text(1, key).text(2, value));
        return *this;
    }
    Proto &graph() { return graph_; } // for fields that there is no function for
    Proto &rest() { return rest_; }   // of the model

    std::string bytes() const {
        return Proto().number(1, ir_version_).message(7, graph_).bytes() + rest_.bytes();
    }

private:
    int64_t ir_version_;
    Proto graph_, rest_;
};

} // namespace onnx_writer

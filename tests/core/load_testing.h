// What the tests of the loaders share: loading, and graphs as text.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "load/onnx_loader.h"
#include "onnx_writer.h"

namespace load_testing {

inline linnet::Bytes view(const std::string &bytes) {
    return {reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size()};
}

inline linnet::Result<linnet::LoadedModel>
load(const std::string &file, const linnet::LoadOptions &options = linnet::LoadOptions()) {
    return linnet::load_onnx(view(file), options);
}

// "code: message", or "ok".
inline std::string error_of(const std::string &file,
                            const linnet::LoadOptions &options = linnet::LoadOptions()) {
    linnet::Status status = load(file, options).take_status();
    if (status.ok()) return "ok";
    const char *names[] = {"ok",          "argument", "memory",   "io",         "malformed",
                           "unsupported", "limit",    "notfound", "wrongstate", "cancelled",
                           "internal"};
    return std::string(names[static_cast<int>(status.code())]) + ": " + status.message();
}

inline std::string number(float value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", static_cast<double>(value));
    return text;
}

inline std::string contents(const linnet::Tensor &tensor) {
    std::string text;
    for (size_t i = 0; i < tensor.elements(); ++i) {
        if (!text.empty()) text += " ";
        text += tensor.dtype() == linnet::DType::kFloat32 ? number(tensor.floats()[i])
                                                          : std::to_string(tensor.integer(i));
    }
    return "{" + text + "}";
}

// The name, or the contents where they are known: "{1 2}".
inline std::string describe(const linnet::Graph &graph, linnet::ValueId id) {
    if (id == linnet::kNoValue) return "_";
    const linnet::Tensor *constant = graph.constant(id);
    return constant ? contents(*constant) : graph.value(id).name.c_str();
}

inline std::string describe(const linnet::Attribute &attribute) {
    std::string text = std::string(" ") + attribute.name.c_str() + "=";
    switch (attribute.kind) {
    case linnet::Attribute::Kind::kBranch:
    case linnet::Attribute::Kind::kInt: return text + std::to_string(attribute.i);
    case linnet::Attribute::Kind::kFloat: return text + number(attribute.f);
    case linnet::Attribute::Kind::kText: return text + attribute.text.c_str();
    case linnet::Attribute::Kind::kTensor: return text + contents(*attribute.tensor);
    case linnet::Attribute::Kind::kInts:
        for (int64_t i : attribute.ints) text += std::to_string(i) + ",";
        return text;
    case linnet::Attribute::Kind::kFloats:
        for (float f : attribute.floats) text += number(f) + ",";
        return text;
    }
    return text;
}

// "Op(input, input) -> output attribute=value", nodes separated by "; ".
inline std::string describe(const linnet::Graph &graph) {
    std::string text;
    for (const linnet::Node &node : graph.nodes) {
        if (!text.empty()) text += "; ";
        text += std::string(node.op.c_str()) + "(";
        for (size_t i = 0; i < node.inputs.size(); ++i)
            text += (i ? ", " : "") + describe(graph, node.inputs[i]);
        text += ") ->";
        for (linnet::ValueId output : node.outputs) text += " " + describe(graph, output);
        for (const linnet::Attribute &attribute : node.attributes) text += describe(attribute);
    }
    return text;
}

// The graph and its branches as text: "{0: nodes => outputs}", numbered as in Graph::branches.
inline std::string describe_all(const linnet::Graph &graph) {
    auto list = [](const linnet::Array<linnet::Node> &nodes, const linnet::Graph &whole) {
        linnet::Graph part;
        EXPECT_TRUE(whole.copy_to(&part).ok());
        part.nodes.clear();
        for (const linnet::Node &node : nodes) {
            linnet::Node copy;
            EXPECT_TRUE(node.copy_to(&copy).ok() && part.nodes.push(std::move(copy)).ok());
        }
        return describe(part);
    };
    std::string text = list(graph.nodes, graph);
    for (size_t i = 0; i < graph.branches.size(); ++i) {
        const linnet::Branch &branch = graph.branches[i];
        text += " {" + std::to_string(i) + ": " + list(branch.nodes, graph) + " =>";
        for (linnet::ValueId output : branch.outputs) text += " " + describe(graph, output);
        text += "}";
    }
    return text;
}

// The graph as text, or the error.
inline std::string graph_of(const std::string &file,
                            const linnet::LoadOptions &options = linnet::LoadOptions()) {
    linnet::Result<linnet::LoadedModel> model = load(file, options);
    return model.ok() ? describe(model.value().graph) : error_of(file, options);
}

inline std::string graph_of(const onnx_writer::OnnxWriter &model) {
    return graph_of(model.bytes());
}
inline std::string error_of(const onnx_writer::OnnxWriter &model) {
    return error_of(model.bytes());
}

} // namespace load_testing

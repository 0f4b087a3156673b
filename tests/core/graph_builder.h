// Building graphs in tests, and running them node by node.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "model/graph.h"
#include "ops/activations.h"
#include "ops/operator.h"

namespace graph_testing {

using linnet::DType;
using linnet::Graph;
using linnet::kNoValue;
using linnet::Node;
using linnet::Ref;
using linnet::Shape;
using linnet::Span;
using linnet::Status;
using linnet::Tensor;
using linnet::ValueId;

// Fails the test with the message of the error.
#define EXPECT_OK(expression)                                                                      \
    do {                                                                                           \
        ::linnet::Status expect_ok_status_ = (expression);                                         \
        EXPECT_TRUE(expect_ok_status_.ok()) << expect_ok_status_.message();                        \
    } while (0)

// The same numbers for every run: a linear congruential generator (Knuth's MMIX constants).
class Random {
public:
    explicit Random(uint64_t seed = 1) : state_(seed) {}
    float between(float low, float high) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return low + (high - low) * static_cast<float>(state_ >> 40) / static_cast<float>(1 << 24);
    }

private:
    uint64_t state_;
};

inline Ref<Tensor> float_tensor(const Shape &shape, const std::vector<float> &numbers) {
    return Tensor::of_float(shape, Span<const float>(numbers.data(), numbers.size())).value();
}

inline Ref<Tensor> random_tensor(Random *random, const Shape &shape, float low, float high) {
    std::vector<float> numbers(static_cast<size_t>(shape.elements()));
    for (float &number : numbers) number = random->between(low, high);
    return float_tensor(shape, numbers);
}

// One node's attributes: builder.attributes().set("pads", {1, 1, 1, 1}).set("group", 2)
class AttributeSetter {
public:
    explicit AttributeSetter(Node *node) : node_(node) {}
    AttributeSetter &set(const char *name, int64_t value) {
        EXPECT_OK(node_->set_int(name, value));
        return *this;
    }
    AttributeSetter &set(const char *name, int value) { return set(name, int64_t{value}); }
    AttributeSetter &set(const char *name, double value) {
        EXPECT_OK(node_->set_float(name, static_cast<float>(value)));
        return *this;
    }
    AttributeSetter &set(const char *name, const char *value) {
        EXPECT_OK(node_->set_text(name, value));
        return *this;
    }
    AttributeSetter &set(const char *name, const std::vector<int64_t> &value) {
        EXPECT_OK(node_->set_ints(name, Span<const int64_t>(value.data(), value.size())));
        return *this;
    }

private:
    Node *node_;
};

// Adds values and nodes to a graph. Values are called after their operator: "Conv1", "Relu2".
class GraphBuilder {
public:
    ValueId input(const char *name, const Shape &shape, DType dtype = DType::kFloat32) {
        ValueId id = graph_.add_value(name, dtype, shape).value();
        linnet::Port port;
        EXPECT_OK(port.name.assign(name));
        port.value = id;
        port.dtype = dtype;
        port.shape = shape;
        EXPECT_OK(graph_.inputs.push(std::move(port)));
        return id;
    }
    ValueId constant(const Shape &shape, const std::vector<float> &numbers) {
        return graph_.add_constant("", float_tensor(shape, numbers)).value();
    }
    ValueId scalar(double number) { return constant({}, {static_cast<float>(number)}); }
    ValueId random(const Shape &shape, float low = -1, float high = 1) {
        return graph_.add_constant("", random_tensor(&random_, shape, low, high)).value();
    }
    ValueId ints(const std::vector<int64_t> &numbers) {
        Shape shape = {static_cast<int64_t>(numbers.size())};
        Span<const int64_t> span(numbers.data(), numbers.size());
        return graph_.add_constant("", Tensor::of_int64(shape, span).value()).value();
    }
    // A node with one output, which is returned.
    ValueId add(const char *op, const std::vector<ValueId> &inputs) {
        std::string name = op + std::to_string(++count_);
        ValueId id = graph_.add_value(name, DType::kNone, Shape::unknown()).value();
        Node *node = graph_.add_node(op, name).value();
        for (ValueId input : inputs) EXPECT_OK(node->inputs.push(input));
        EXPECT_OK(node->outputs.push(id));
        return id;
    }
    // One more output of the node that was added last.
    ValueId another_output() {
        ValueId id = graph_.add_value("more", DType::kNone, Shape::unknown()).value();
        EXPECT_OK(graph_.nodes.back().outputs.push(id));
        return id;
    }
    // Of the node that was added last.
    AttributeSetter attributes() { return AttributeSetter(&graph_.nodes.back()); }
    void output(ValueId id) {
        linnet::Port port;
        EXPECT_OK(port.name.assign(graph_.value(id).name));
        port.value = id;
        port.dtype = DType::kFloat32;
        EXPECT_OK(graph_.outputs.push(std::move(port)));
    }

    ValueId conv(ValueId x, const Shape &weights, bool bias = true, int64_t pad = 0) {
        ValueId w = random(weights), b = bias ? random({weights[0]}) : kNoValue;
        ValueId y = bias ? add("Conv", {x, w, b}) : add("Conv", {x, w});
        if (pad != 0) attributes().set("pads", {pad, pad, pad, pad});
        return y;
    }
    ValueId batch_norm(ValueId x, int64_t channels) {
        ValueId scale = random({channels}, 0.5f, 1.5f), shift = random({channels});
        ValueId mean = random({channels}), variance = random({channels}, 0.5f, 2);
        return add("BatchNormalization", {x, scale, shift, mean, variance});
    }

    Graph &graph() { return graph_; }

private:
    Graph graph_;
    Random random_;
    int count_ = 0;
};

// The operators of a graph in order: "Conv Relu Add".
inline std::string operators(const Graph &graph) {
    std::string text;
    for (const Node &node : graph.nodes)
        text += (text.empty() ? "" : " ") + std::string(node.op.c_str());
    return text;
}

using Contents = std::vector<Ref<Tensor>>;

// Random numbers for every input of the graph; axes that are not known get the length `free_axis`.
inline Contents random_inputs(const Graph &graph, int64_t free_axis = 2, float low = -2,
                              float high = 2) {
    Random random(7);
    Contents contents;
    for (const linnet::Port &port : graph.inputs) {
        Shape shape = port.shape;
        for (int axis = 0; axis < shape.rank(); ++axis)
            if (shape[axis] < 0) shape[axis] = free_axis;
        contents.push_back(random_tensor(&random, shape, low, high));
    }
    return contents;
}

// Runs a copy of the graph, one node after the other, with these contents of its inputs; returns
// the contents of its outputs.
inline Contents interpret(const Graph &graph, const Contents &inputs) {
    Graph copy;
    EXPECT_OK(graph.copy_to(&copy));
    for (linnet::Value &value : copy.values)
        if (!value.constant) value.shape = Shape::unknown();
    for (size_t i = 0; i < inputs.size(); ++i) {
        copy.value(copy.inputs[i].value).constant = inputs[i];
        copy.value(copy.inputs[i].value).shape = inputs[i]->shape();
    }
    for (size_t at = 0; at < copy.nodes.size(); ++at) {
        EXPECT_OK(linnet::infer_node(&copy, at));
        auto results = linnet::evaluate_node(copy, at);
        EXPECT_TRUE(results.ok()) << results.take_status().message();
        if (results.value().empty()) return {};
        for (size_t i = 0; i < copy.nodes[at].outputs.size(); ++i) {
            ValueId id = copy.nodes[at].outputs[i];
            if (id != kNoValue) copy.value(id).constant = results.value()[i];
        }
    }
    Contents outputs;
    for (const linnet::Port &port : copy.outputs)
        outputs.push_back(copy.value(port.value).constant);
    return outputs;
}

// Equal but for rounding: within `tolerance` times the largest number.
inline void expect_near(const Contents &actual, const Contents &expected, float tolerance = 1e-5f) {
    ASSERT_EQ(actual.size(), expected.size());
    for (size_t i = 0; i < actual.size(); ++i) {
        ASSERT_TRUE(actual[i] && expected[i]);
        ASSERT_TRUE(actual[i]->shape() == expected[i]->shape());
        ASSERT_EQ(actual[i]->dtype(), expected[i]->dtype());
        if (actual[i]->dtype() != DType::kFloat32) {
            EXPECT_EQ(std::memcmp(actual[i]->data(), expected[i]->data(), actual[i]->bytes()), 0);
            continue;
        }
        float largest = 1;
        for (float number : expected[i]->floats()) largest = std::fmax(largest, std::fabs(number));
        for (size_t k = 0; k < actual[i]->elements(); ++k)
            ASSERT_NEAR(actual[i]->floats()[k], expected[i]->floats()[k], tolerance * largest)
                << "output " << i << ", element " << k;
    }
}

} // namespace graph_testing

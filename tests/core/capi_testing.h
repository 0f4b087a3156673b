// What the tests of the C interface share: handles that free themselves, and two models.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "linnet.h"
#include "onnx_writer.h"

namespace capi_testing {

struct Free {
    void operator()(linnet_options *options) const { linnet_options_free(options); }
    void operator()(linnet_model *model) const { linnet_model_free(model); }
    void operator()(linnet_session *session) const { linnet_session_free(session); }
};
using OptionsHandle = std::unique_ptr<linnet_options, Free>;
using ModelHandle = std::unique_ptr<linnet_model, Free>;
using SessionHandle = std::unique_ptr<linnet_session, Free>;

// The status of an expression, with the message where it is not the expected one.
#define EXPECT_STATUS(expected, expression)                                                        \
    EXPECT_EQ(expected, (expression)) << #expression << ": " << linnet_last_error()
#define EXPECT_GOOD(expression) EXPECT_STATUS(LINNET_OK, expression)

inline OptionsHandle make_options() {
    linnet_options *options = nullptr;
    EXPECT_GOOD(linnet_options_create(&options));
    return OptionsHandle(options);
}

inline ModelHandle open_model(const std::string &file, const linnet_options *options = nullptr) {
    linnet_model *model = nullptr;
    EXPECT_GOOD(linnet_model_open_memory(file.data(), file.size(), options, &model));
    return ModelHandle(model);
}

inline linnet_status try_open(const std::string &file, const linnet_options *options) {
    linnet_model *model = nullptr;
    linnet_status status = linnet_model_open_memory(file.data(), file.size(), options, &model);
    EXPECT_EQ(model != nullptr, status == LINNET_OK);
    linnet_model_free(model);
    return status;
}

inline SessionHandle make_session(const ModelHandle &model,
                                  const linnet_options *options = nullptr) {
    linnet_session *session = nullptr;
    EXPECT_GOOD(linnet_session_create(model.get(), options, &session));
    return SessionHandle(session);
}

inline std::vector<float> ramp(size_t count, float first, float step) {
    std::vector<float> values(count);
    for (size_t i = 0; i < count; ++i) values[i] = first + step * static_cast<float>(i);
    return values;
}

// image [batch, 3, 4, 4] -> scores [batch, 5], with five labels; -1 for a free batch.
inline std::string picture_model(int64_t batch = 1) {
    using namespace onnx_writer;
    return OnnxWriter(13)
        .input("image", {batch, 3, 4, 4})
        .initializer(float_tensor("w", {5, 3, 3, 3}, ramp(135, -0.02f, 0.0007f)))
        .initializer(float_tensor("b", {5}, {0.1f, 0.2f, 0.3f, 0.2f, 0.1f}))
        .node("Conv", {"image", "w", "b"}, {"mixed"}, {attr("pads", {1, 1, 1, 1})})
        .node("Relu", {"mixed"}, {"kept"})
        .node("GlobalAveragePool", {"kept"}, {"mean"})
        .node("Flatten", {"mean"}, {"scores"})
        .output("scores", {batch, 5})
        .metadata("linnet.labels", "ant\nbee\ncat\ndog\n\xc3\xa9l\xc3\xa9phant")
        .metadata("linnet.color", "RGB")
        .metadata("linnet.resize", "exact")
        .metadata("linnet.scale", "0.01")
        .bytes();
}

// x [rows, 3] -> y = relu(x) + 1; -1 for free rows.
inline std::string tensor_model(int64_t rows = 2) {
    using namespace onnx_writer;
    return OnnxWriter(13)
        .input("x", {rows, 3})
        .initializer(float_tensor("one", {1}, {1}))
        .node("Relu", {"x"}, {"r"})
        .node("Add", {"r", "one"}, {"y"})
        .output("y", {rows, 3})
        .bytes();
}

// A picture of 6 x 5 pixels.
inline std::vector<uint8_t> pixels_of_picture() {
    std::vector<uint8_t> pixels(6 * 5 * 3);
    for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i * 37 % 251);
    return pixels;
}

struct Best {
    int32_t indices[5] = {-7, -7, -7, -7, -7};
    float probabilities[5] = {-7, -7, -7, -7, -7};
    size_t found = 77;
    bool operator==(const Best &other) const {
        return found == other.found && std::memcmp(indices, other.indices, sizeof indices) == 0 &&
               std::memcmp(probabilities, other.probabilities, sizeof probabilities) == 0;
    }
};

inline linnet_status classify(linnet_session *session, Best *best, size_t top = 5) {
    std::vector<uint8_t> pixels = pixels_of_picture();
    return linnet_session_classify(session, pixels.data(), pixels.size(), LINNET_RGB, 6, 5, 18,
                                   best->indices, best->probabilities, top, &best->found);
}

inline linnet_status set_floats(linnet_session *session, const std::vector<float> &values) {
    return linnet_session_set_input(session, 0, values.data(), values.size(), LINNET_FLOAT32);
}

inline std::vector<float> floats_of(linnet_session *session, int32_t output, size_t count) {
    std::vector<float> values(count, -7);
    EXPECT_GOOD(linnet_session_output(session, output, values.data(), count, LINNET_FLOAT32));
    return values;
}

} // namespace capi_testing

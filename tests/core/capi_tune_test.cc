// The C interface: ways of computing convolutions, stated and measured.
// SPDX-License-Identifier: MIT
#include "capi_testing.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace capi_testing {
namespace {

using namespace onnx_writer;

constexpr char kKey[] = "linnet.convolutions";

std::vector<float> waves(size_t count) {
    std::vector<float> values(count);
    for (size_t i = 0; i < count; ++i) values[i] = std::sin(static_cast<float>(i) * 0.7f);
    return values;
}

// x [1, 16, 24, 24] -> two convolutions of one kind, a pool, one of another kind, a depthwise one.
std::string network() {
    return OnnxWriter(13)
        .input("x", {1, 16, 24, 24})
        .initializer(float_tensor("a", {16, 16, 3, 3}, waves(16 * 16 * 9)))
        .initializer(float_tensor("b", {32, 16, 3, 3}, waves(32 * 16 * 9)))
        .initializer(float_tensor("c", {32, 1, 3, 3}, waves(32 * 9)))
        .node("Conv", {"x", "a"}, {"x1"}, {attr("pads", {1, 1, 1, 1})})
        .node("Conv", {"x1", "a"}, {"x2"}, {attr("pads", {1, 1, 1, 1})})
        .node("MaxPool", {"x2"}, {"x3"}, {attr("kernel_shape", {2, 2}), attr("strides", {2, 2})})
        .node("Conv", {"x3", "b"}, {"x4"}, {attr("pads", {1, 1, 1, 1})})
        .node("Conv", {"x4", "c"}, {"y"}, {attr("group", 32)})
        .output("y", {1, 32, 10, 10})
        .bytes();
}

constexpr size_t kInputs = 16 * 24 * 24, kOutputs = 32 * 10 * 10;

ModelHandle open_with(const char *convolutions) {
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_metadata(options.get(), kKey, convolutions));
    return open_model(network(), options.get());
}

// How many steps there are of each kernel.
std::map<std::string, int> kernels_of(linnet_session *session) {
    std::map<std::string, int> kernels;
    int32_t steps = 0;
    EXPECT_GOOD(linnet_session_step_count(session, &steps));
    for (int32_t i = 0; i < steps; ++i) {
        const char *tensor = "", *kernel = "";
        double milliseconds = 0;
        EXPECT_GOOD(linnet_session_step_info(session, i, &tensor, &kernel, &milliseconds));
        ++kernels[kernel];
    }
    return kernels;
}

std::vector<float> answer_of(linnet_session *session) {
    EXPECT_GOOD(set_floats(session, waves(kInputs)));
    EXPECT_GOOD(linnet_session_run(session));
    return floats_of(session, 0, kOutputs);
}

void expect_alike(const std::vector<float> &expected, const std::vector<float> &found) {
    float largest = 0;
    for (float value : expected) largest = std::max(largest, std::fabs(value));
    for (size_t i = 0; i < expected.size(); ++i)
        EXPECT_NEAR(expected[i], found[i], 1e-4f * largest) << "output " << i;
}

TEST(CApiTune, StatedConvolutionsAreComputedSo) {
    ModelHandle direct = open_with("16x24x24>16x24x24:direct,16x12x12>32x12x12:direct");
    SessionHandle session = make_session(direct);
    EXPECT_EQ(0, kernels_of(session.get())["winograd2d"]);
    std::vector<float> expected = answer_of(session.get());
    for (const char *method : {"winograd2", "winograd4", "winograd6"}) {
        std::string all = std::string("16x24x24>16x24x24:") + method + ",16x12x12>32x12x12:" + method;
        ModelHandle model = open_with(all.c_str());
        SessionHandle other = make_session(model);
        EXPECT_EQ(3, kernels_of(other.get())["winograd2d"]) << method;
        EXPECT_EQ(0, kernels_of(other.get())["conv2d"]) << method;
        std::vector<float> found = answer_of(other.get());
        expect_alike(expected, found);
        EXPECT_NE(expected, found) << method << ": the method does not show";
    }
}

TEST(CApiTune, OneKindCanBeStatedAndSizesThatDoNotOccur) {
    SessionHandle session = make_session(open_with(
        "16x24x24>16x24x24:winograd2,16x24x24>16x24x24:direct,1x1x1>1x1x1:winograd6,"
        "16x12x12>32x12x12:direct"));
    EXPECT_EQ(2, kernels_of(session.get())["winograd2d"]) << "the first of equals counts";
    EXPECT_EQ(1, kernels_of(session.get())["conv2d"]);
}

TEST(CApiTune, BrokenEntriesKeepTheModelFromOpening) {
    const char *broken[] = {
        ",", "16x24x24>16x24x24", "16x24x24>16x24x24:", "16x24x24>16x24x24:winograd3",
        "16x24x24>16x24x24:direct,", "16x24x24>16x24x24:direct,,", "16x24>16x24x24:direct",
        "0x24x24>16x24x24:direct", "016x24x24>16x24x24:direct", "-1x24x24>16x24x24:direct",
        "2147483648x24x24>16x24x24:direct", "99999999999999999999999x1x1>1x1x1:direct",
        "16x24x24>16x24x24:direct ", " 16x24x24>16x24x24:direct", "16x24x24 16x24x24:direct",
        "16x24x24>16x24x24:direct;16x12x12>32x12x12:direct"};
    for (const char *value : broken) {
        OptionsHandle options = make_options();
        EXPECT_GOOD(linnet_options_set_metadata(options.get(), kKey, value));
        EXPECT_STATUS(LINNET_MALFORMED, try_open(network(), options.get())) << value;
        EXPECT_NE(nullptr, std::strstr(linnet_last_error(), kKey)) << linnet_last_error();
    }
}

TEST(CApiTune, TellsWhatAModelCanBeOpenedWith) {
    for (int32_t threads : {1, 2}) {
        OptionsHandle options = make_options();
        EXPECT_GOOD(linnet_options_set_threads(options.get(), threads));
        ModelHandle model = open_model(network());
        SessionHandle session = make_session(model, options.get());
        std::vector<float> before = answer_of(session.get());
        const char *convolutions = nullptr;
        EXPECT_GOOD(linnet_session_tune(session.get(), &convolutions));
        std::string value = convolutions;
        EXPECT_EQ(0u, value.find("16x24x24>16x24x24:")) << value;
        EXPECT_NE(std::string::npos, value.find(",16x12x12>32x12x12:")) << value;
        EXPECT_EQ(before, floats_of(session.get(), 0, kOutputs)) << "the session stays as it is";
        EXPECT_EQ(before, answer_of(session.get()));
        SessionHandle tuned = make_session(open_with(value.c_str()));
        expect_alike(before, answer_of(tuned.get()));
    }
}

// Where the convolution's node copies its input first, and its pool is joined with some methods
// alone: the copy must not stand for the convolution, as whose method any one would seem to be free.
TEST(CApiTune, TellsTheSlowestMethodApart) {
    constexpr int64_t kSide = 96, kChannels = 64;
    std::string file =
        OnnxWriter(13)
            .input("x", {1, kChannels * kSide * kSide})
            .initializer(int64_tensor("to", {4}, {1, kChannels, kSide, kSide}))
            .initializer(float_tensor("w", {64, kChannels, 3, 3}, waves(64 * kChannels * 9)))
            .node("Reshape", {"x", "to"}, {"x1"})
            .node("Conv", {"x1", "w"}, {"x2"}, {attr("pads", {1, 1, 1, 1})})
            .node("Relu", {"x2"}, {"x3"})
            .node("MaxPool", {"x3"}, {"y"}, {attr("kernel_shape", {2, 2}), attr("strides", {2, 2})})
            .output("y", {1, 64, kSide / 2, kSide / 2})
            .bytes();
    ModelHandle model = open_model(file);
    SessionHandle session = make_session(model);
    const char *convolutions = nullptr;
    EXPECT_GOOD(linnet_session_tune(session.get(), &convolutions));
    // Directly, it takes three times as long as by Winograd's method.
    EXPECT_EQ(nullptr, std::strstr(convolutions, "direct")) << convolutions;
    EXPECT_EQ(0, std::strncmp(convolutions, "64x96x96>64x96x96:winograd", 26)) << convolutions;
}

TEST(CApiTune, IsEmptyWithoutAChoice) {
    ModelHandle model = open_model(tensor_model());
    SessionHandle session = make_session(model);
    const char *convolutions = nullptr;
    EXPECT_GOOD(linnet_session_tune(session.get(), &convolutions));
    EXPECT_STREQ("", convolutions);
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_metadata(options.get(), kKey, convolutions));
    EXPECT_GOOD(try_open(tensor_model(), options.get()));
}

TEST(CApiTune, CanBeCancelled) {
    ModelHandle model = open_model(network());
    SessionHandle session = make_session(model);
    const char *convolutions = nullptr;
    EXPECT_GOOD(linnet_session_cancel(session.get()));
    EXPECT_STATUS(LINNET_CANCELLED, linnet_session_tune(session.get(), &convolutions));
    EXPECT_EQ(nullptr, convolutions);
    EXPECT_GOOD(linnet_session_tune(session.get(), &convolutions));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_tune(nullptr, &convolutions));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_tune(session.get(), nullptr));
}

} // namespace
} // namespace capi_testing

// Shapes whose bytes a 32-bit machine cannot count: errors, there and everywhere. The memory that is
// handed in is never enough, so that no machine really makes tensors of these sizes.
// SPDX-License-Identifier: MIT
#include "capi_testing.h"

namespace {

using namespace capi_testing;
using namespace onnx_writer;

// As float32: just 2^31 bytes, just 2^32, 64 more than 2^32, 2^33 and 64 more.
const int64_t kCounts[] = {int64_t{1} << 29, int64_t{1} << 30, (int64_t{1} << 30) + 16,
                           (int64_t{1} << 31) + 16};

OptionsHandle options_with_arena(std::vector<unsigned char> *arena) {
    OptionsHandle options = make_options();
    arena->resize(4096);
    EXPECT_GOOD(
        linnet_options_set_limit(options.get(), LINNET_LIMIT_TENSOR_ELEMENTS, SIZE_MAX));
    EXPECT_GOOD(linnet_options_set_arena(options.get(), arena->data(), arena->size()));
    return options;
}

void expect_refused(linnet_status status, const char *what, int64_t count) {
    EXPECT_TRUE(status == LINNET_LIMIT || status == LINNET_OUT_OF_MEMORY ||
                status == LINNET_INVALID_ARGUMENT)
        << what << " " << count << ": " << status << " " << linnet_last_error();
}

// Opens and makes a session, in which nothing that large may be ready.
void expect_refused_model(const std::string &file, const char *what, int64_t count) {
    std::vector<unsigned char> arena;
    OptionsHandle options = options_with_arena(&arena);
    linnet_model *model = nullptr;
    linnet_status status = linnet_model_open_memory(file.data(), file.size(), options.get(), &model);
    ModelHandle opened(model);
    linnet_session *session = nullptr;
    if (status == LINNET_OK) status = linnet_session_create(model, options.get(), &session);
    SessionHandle made(session);
    expect_refused(status, what, count);
}

TEST(SizeOverflow, OfInputs) {
    for (int64_t count : kCounts)
        expect_refused_model(OnnxWriter(13)
                                 .input("x", {count})
                                 .node("Relu", {"x"}, {"y"})
                                 .output("y", {count})
                                 .bytes(),
                             "input", count);
}

TEST(SizeOverflow, OfWhatNodesMake) {
    for (int64_t count : kCounts) {
        OnnxWriter expand(13), pad(13), tile(13), made(13);
        expand.input("x", {1}).initializer(int64_tensor("n", {1}, {count}));
        expand.node("Expand", {"x", "n"}, {"e"});
        expect_refused_model(expand.node("Relu", {"e"}, {"y"}).output("y").bytes(),
                             "Expand", count);
        pad.input("x", {16}).initializer(int64_tensor("n", {2}, {0, count - 16}));
        expect_refused_model(pad.node("Pad", {"x", "n"}, {"y"}).output("y").bytes(), "Pad", count);
        tile.input("x", {16}).initializer(int64_tensor("n", {1}, {count / 16}));
        expect_refused_model(tile.node("Tile", {"x", "n"}, {"y"}).output("y").bytes(), "Tile",
                             count);
        if (sizeof(size_t) == 8) continue; // where a constant of these sizes is made and used
        made.input("x", {1}).initializer(int64_tensor("n", {1}, {count}));
        made.node("ConstantOfShape", {"n"}, {"c"}).node("Add", {"x", "c"}, {"y"});
        expect_refused_model(made.output("y").bytes(), "ConstantOfShape", count);
    }
}

// Each of them can be counted, not all together.
TEST(SizeOverflow, OfAnArena) {
    constexpr int64_t kPart = int64_t{1} << 27; // 2^29 bytes
    OnnxWriter writer(13);
    Names parts;
    for (int i = 0; i < 8; ++i) {
        std::string name = std::to_string(i);
        parts.push_back("p" + name);
        writer.input("x" + name, {kPart}).node("Exp", {"x" + name}, {"p" + name});
        writer.output("p" + name, {kPart});
    }
    expect_refused_model(writer.bytes(), "arena", 16 * kPart);
}

TEST(SizeOverflow, OfShapesThatAreSet) {
    for (int64_t count : kCounts) {
        std::vector<unsigned char> arena;
        OptionsHandle options = options_with_arena(&arena);
        ModelHandle model = open_model(tensor_model(-1), options.get());
        SessionHandle session = make_session(model, options.get());
        int64_t shape[] = {count, 3};
        expect_refused(linnet_session_set_shape(session.get(), 0, shape, 2), "shape", count);
        EXPECT_GOOD(set_floats(session.get(), {1, 2, 3})); // it is as it was
        EXPECT_GOOD(linnet_session_run(session.get()));
    }
}

// The contents have as many bytes as a 32-bit machine counts for the shape.
TEST(SizeOverflow, OfWeights) {
    for (int64_t bytes_of_each : {4, 8}) {
        int64_t count = (int64_t{1} << 32) / bytes_of_each + 16;
        int64_t type = bytes_of_each == 4 ? kFloat : kInt64;
        std::string contents(static_cast<size_t>(16 * bytes_of_each), '\0');
        OnnxWriter writer(13);
        writer.input("i", {1}).initializer(raw_tensor("w", type, {count}, contents));
        writer.node("Shape", {"w"}, {"y"});
        linnet_status status = try_open(writer.output("y").bytes(), nullptr);
        EXPECT_TRUE(status == LINNET_LIMIT || status == LINNET_MALFORMED) << linnet_last_error();
    }
}

// A picture has fewer bytes than its height, width and stride say.
TEST(SizeOverflow, OfPictures) {
    SessionHandle session = make_session(open_model(picture_model()));
    std::vector<uint8_t> pixels(1 << 16);
    Best best;
    for (int32_t stride : {1 << 16, 1 << 24, INT32_MAX})
        EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                      linnet_session_classify(session.get(), pixels.data(), pixels.size(),
                                              LINNET_RGB, 1 << 14, (1 << 16) + 1, stride,
                                              best.indices, best.probabilities, 5, &best.found));
}

} // namespace

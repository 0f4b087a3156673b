// Weights that stay in their file until they are packed.
// SPDX-License-Identifier: MIT
#include <fstream>

#include "capi_testing.h"
#include "scratch_folder.h"

namespace capi_testing {
namespace {

using namespace onnx_writer;

constexpr int kWide = 64;

// Every kind of place in which weights of many elements can stand: convolutions with a batch norm to
// fold into them, a matrix, a table, an addend, a constant that an output shows.
std::string wide_model(bool external) {
    auto weights = [&](const char *name, const Dims &dims, float step) {
        size_t count = 1;
        for (int64_t dim : dims) count *= static_cast<size_t>(dim);
        std::vector<float> values = ramp(count, -0.02f, step);
        return external ? external_tensor(name, kFloat, dims,
                                          {{"location", std::string(name) + ".bin"}})
                        : raw_tensor(name, kFloat, dims, Proto::bytes_of<float>(values));
    };
    std::vector<float> ones(kWide, 1.5f);
    return OnnxWriter(13)
        .input("x", {-1, kWide, 5, 5})
        .initializer(weights("w", {kWide, kWide, 3, 3}, 1e-6f))
        .initializer(float_tensor("scale", {kWide}, ones))
        .initializer(float_tensor("shift", {kWide}, ones))
        .initializer(weights("table", {1, 16384}, 1e-6f))
        .initializer(weights("matrix", {kWide * 25, 16384}, 1e-9f))
        .node("Conv", {"x", "w"}, {"c"}, {attr("pads", {1, 1, 1, 1})})
        .node("BatchNormalization", {"c", "scale", "shift", "shift", "scale"}, {"n"})
        .node("Flatten", {"n"}, {"f"})
        .node("Gemm", {"f", "matrix", "table"}, {"g"})
        .node("Mul", {"g", "table"}, {"y"})
        .node("Identity", {"table"}, {"shown"})
        .output("y", {-1, 16384})
        .output("shown", {1, 16384})
        .bytes();
}

std::string written(const std::string &name, const std::string &bytes) {
    std::string path = scratch_folder() + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

ModelHandle open_path(const std::string &path) {
    linnet_model *model = nullptr;
    EXPECT_GOOD(linnet_model_open(path.c_str(), nullptr, &model));
    return ModelHandle(model);
}

std::vector<float> answer(linnet_session *session, int64_t batch) {
    std::vector<float> x = ramp(static_cast<size_t>(batch) * kWide * 25, -1, 1e-3f);
    EXPECT_GOOD(linnet_session_set_input(session, 0, x.data(), x.size(), LINNET_FLOAT32));
    EXPECT_GOOD(linnet_session_run(session));
    std::vector<float> y = floats_of(session, 0, static_cast<size_t>(batch) * 16384);
    std::vector<float> table = floats_of(session, 1, 16384);
    y.insert(y.end(), table.begin(), table.end());
    return y;
}

TEST(LargeModel, SameBitsFromFileAndMemory) {
    std::string bytes = wide_model(false);
    ModelHandle from_memory = open_model(bytes);
    std::vector<float> expected = answer(make_session(from_memory).get(), 1);
    ModelHandle from_file = open_path(written("linnet_wide.onnx", bytes));
    EXPECT_EQ(answer(make_session(from_file).get(), 1), expected);
    const char *digests[2];
    EXPECT_GOOD(linnet_model_digest(from_memory.get(), &digests[0]));
    EXPECT_GOOD(linnet_model_digest(from_file.get(), &digests[1]));
    EXPECT_STREQ(digests[0], digests[1]);

    written("w.bin", Proto::bytes_of<float>(ramp(kWide * kWide * 9, -0.02f, 1e-6f)));
    written("table.bin", Proto::bytes_of<float>(ramp(16384, -0.02f, 1e-6f)));
    written("matrix.bin", Proto::bytes_of<float>(ramp(kWide * 25 * 16384, -0.02f, 1e-9f)));
    ModelHandle external = open_path(written("linnet_wide_external.onnx", wide_model(true)));
    EXPECT_EQ(answer(make_session(external).get(), 1), expected);
}

// What is packed runs on; what is not is not taken from another file.
TEST(LargeModel, AChangedFileIsAnError) {
    std::string path = written("linnet_changing.onnx", wide_model(false));
    ModelHandle model = open_path(path);
    SessionHandle session = make_session(model);
    std::vector<float> before = answer(session.get(), 1);
    written("linnet_changing.onnx", tensor_model());
    EXPECT_EQ(answer(session.get(), 1), before);
    SessionHandle same = make_session(model); // of weights that are packed already
    EXPECT_EQ(answer(same.get(), 1), before);
    const char *digest = nullptr;
    EXPECT_STATUS(LINNET_IO, linnet_model_digest(model.get(), &digest));
    EXPECT_EQ(digest, nullptr);
    ModelHandle late = open_path(written("linnet_late.onnx", wide_model(false)));
    written("linnet_late.onnx", "gone");
    linnet_session *none = nullptr;
    EXPECT_STATUS(LINNET_IO, linnet_session_create(late.get(), nullptr, &none));
    EXPECT_NE(std::string(linnet_last_error()).find("has changed since it was opened"),
              std::string::npos);
}

} // namespace
} // namespace capi_testing

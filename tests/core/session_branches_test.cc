// Sessions of models with an If: shapes choose the branch, and its tensors can be watched.
// SPDX-License-Identifier: MIT
#include "load_testing.h"
#include "predictor/session.h"

namespace {

using namespace onnx_writer;
using linnet::Shape;
using linnet::Status;

// exp(-x) of one row, exp(abs(x)) of more.
std::string one_row_or_more() {
    OnnxWriter writer;
    writer.input("x", {-1, 2}).initializer(int64_tensor("two", {}, {2}));
    writer.node("Size", {"x"}, {"size"}).node("Equal", {"size", "two"}, {"c"});
    BranchWriter one, more;
    one.node("Neg", {"x"}, {"negative"}).node("Exp", {"negative"}, {"a"}).output("a");
    more.node("Abs", {"x"}, {"positive"}).node("Exp", {"positive"}, {"b"}).output("b");
    return writer.node("If", {"c"}, {"y"}, branches(one, more), {"choice", ""}).output("y").bytes();
}

float run_first(linnet::Session *session, size_t output, int64_t rows) {
    std::vector<float> numbers(static_cast<size_t>(2 * rows), 2.0f);
    EXPECT_TRUE(session->set_input(0, linnet::DType::kFloat32, numbers.data(), numbers.size()).ok());
    EXPECT_TRUE(session->run().ok());
    Status read = session->read_output(output, linnet::DType::kFloat32, numbers.data(),
                                       numbers.size());
    EXPECT_TRUE(read.ok()) << read.message();
    return numbers[0];
}

TEST(SessionBranches, ShapesChooseAndTensorsAreWatched) {
    std::string file = one_row_or_more();
    auto model = linnet::Model::open_memory(load_testing::view(file), linnet::ModelOptions());
    ASSERT_TRUE(model.ok()) << model.take_status().message();
    auto made = linnet::Session::create(std::move(model.value()), linnet::SessionOptions());
    ASSERT_TRUE(made.ok()) << made.take_status().message();
    linnet::Session *session = made.value().get();
    EXPECT_NEAR(run_first(session, 0, 1), 0.1353f, 1e-4f);
    ASSERT_TRUE(session->set_shape(0, {3, 2}).ok());
    EXPECT_NEAR(run_first(session, 0, 3), 7.389f, 1e-3f);

    size_t watched = 0;
    Status absent = session->watch("negative", &watched);
    EXPECT_EQ(absent.code(), linnet::Code::kNotFound);
    EXPECT_STREQ(absent.message(), "the tensor 'negative' lies in a branch of an If that is not "
                                   "taken");
    ASSERT_TRUE(session->watch("positive", &watched).ok());
    EXPECT_EQ(run_first(session, watched, 3), 2.0f);
}

} // namespace

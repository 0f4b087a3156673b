// Models that are valid, but of shapes that nobody builds: the time that they take grows with their
// size, not with its square.
// SPDX-License-Identifier: MIT
#include <chrono>

#include "capi_testing.h"

namespace {

using namespace capi_testing;
using namespace onnx_writer;

constexpr int kNodes = 90000; // below the default limit

std::string name_of(const char *what, int number) { return what + std::to_string(number); }

// With the square of the number of nodes, each would take a minute or more.
void expect_ready_soon(const OnnxWriter &writer) {
    auto start = std::chrono::steady_clock::now();
    ModelHandle model = open_model(writer.bytes());
    SessionHandle session = make_session(model);
    std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    EXPECT_LT(seconds.count(), 25);
}

OnnxWriter chain_of(const char *op) {
    OnnxWriter writer(13);
    writer.input("v0", {2, 3});
    for (int i = 0; i < kNodes; ++i)
        writer.node(op, {name_of("v", i)}, {name_of("v", i + 1)});
    writer.output(name_of("v", kNodes), {2, 3});
    return writer;
}

TEST(CApiHostile, LongChainsThatOnlyReshape) { expect_ready_soon(chain_of("Identity")); }

TEST(CApiHostile, LongChainsOfSteps) { expect_ready_soon(chain_of("Softmax")); }

TEST(CApiHostile, ANodeWithManyOutputs) {
    OnnxWriter writer(11);
    Names parts;
    for (int i = 0; i < kNodes; ++i) parts.push_back(name_of("p", i));
    writer.input("x", {1, kNodes}).node("Split", {"x"}, parts, {attr("axis", 1)});
    for (int i = 0; i + 1 < kNodes; ++i)
        writer.node("Relu", {parts[static_cast<size_t>(i)]}, {name_of("y", i)});
    writer.output("y0", {1, 1});
    expect_ready_soon(writer);
}

TEST(CApiHostile, ManyTensorsAtOnce) {
    OnnxWriter writer(13);
    writer.input("x", {1, 3});
    for (int i = 0; i < kNodes / 2; ++i)
        writer.node("Relu", {"x"}, {name_of("y", i)}).output(name_of("y", i), {1, 3});
    expect_ready_soon(writer);
}

TEST(CApiHostile, ManyInputs) {
    OnnxWriter writer(13);
    writer.input("v0", {2, 3});
    for (int i = 0; i < kNodes; ++i)
        writer.input(name_of("x", i), {2, 3})
            .node("Add", {name_of("v", i), name_of("x", i)}, {name_of("v", i + 1)});
    writer.output(name_of("v", kNodes), {2, 3});
    expect_ready_soon(writer);
}

// A run takes no longer than the window reaches.
TEST(CApiHostile, WindowsFarLargerThanTheirInput) {
    Proto size = Proto().text(1, "size").number(3, int64_t{1} << 62).number(20, 2);
    ModelHandle model = open_model(OnnxWriter(13)
                                       .input("x", {1, 3, 1, 2})
                                       .node("LRN", {"x"}, {"y"}, {size})
                                       .output("y", {1, 3, 1, 2})
                                       .bytes());
    SessionHandle session = make_session(model);
    std::vector<float> x = ramp(6, 1, 1);
    EXPECT_GOOD(set_floats(session.get(), x));
    EXPECT_GOOD(linnet_session_run(session.get()));
    EXPECT_EQ(x, floats_of(session.get(), 0, 6)); // divided by (1 + next to nothing)
}

} // namespace

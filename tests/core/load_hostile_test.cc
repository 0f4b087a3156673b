// Files that are broken or made to do harm, and memory that runs out: always an error, never more.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "load_testing.h"

namespace {

using namespace onnx_writer;
using linnet::Code;
using linnet::LoadOptions;
using linnet::Status;
using load_testing::error_of;
using load_testing::load;

// Small, with something of everything.
std::string hostile_sample() {
    FunctionWriter function("my", "F", {"a"}, {"r"});
    function.opset(7).attribute("low").attribute_default(attr("high", 6.0f));
    function.node("Clip", {"a"}, {"c"}, {ref_attr("min", "low", 1), ref_attr("max", "high", 1)});
    function.node("Softmax", {"c"}, {"r"});
    OnnxWriter writer(9);
    writer.import("my", 1).function(function).metadata("key", "value");
    writer.input("x", {-1, 3}).output("y").output("d");
    writer.initializer(float_tensor("w", {3, 2}, {1, 2, 3, 4, 5, 6}));
    writer.initializer(raw_tensor("h", kFloat16, {1}, "ab"));
    writer.initializer(small_tensor("i", kInt32, {2}, {1, -1}));
    writer.initializer(int64_tensor("l", {1}, {-1}));
    writer.node("Constant", {}, {"k"}, {attr("value", float_tensor("", {}, {2}))});
    writer.node("Dropout", {"e"}, {"d", "mask"}, {attr("ratio", 0.5f)}, {"drop", ""});
    writer.node("F", {"x"}, {"e"}, {attr("low", 0.0f)}, {"call", "my"});
    writer.node("Slice", {"e"}, {"s"}, {attr("starts", {0}), attr("ends", {1})});
    writer.node("Gemm", {"s", "w", ""}, {"g"}, {attr("transA", 0), attr("name", "text")});
    writer.node("Mul", {"g", "k"}, {"m"}, {attr("list", std::vector<float>{1, 2})});
    BranchWriter one, other;
    one.initializer(float_tensor("b", {}, {3})).node("Add", {"m", "b"}, {"p"}).output("p");
    other.node("Identity", {"k"}, {"q"}).output("q");
    writer.node("If", {"m"}, {"y"}, branches(one, other), {"choice", ""});
    return writer.bytes();
}

bool loads(const std::string &file) {
    LoadOptions options;
    options.tensor_elements = 1 << 20;
    return load(file, options).ok();
}

TEST(LoadHostile, TheSampleIsSound) { EXPECT_EQ(error_of(hostile_sample()), "ok"); }

TEST(LoadHostile, TruncatedFiles) {
    std::string file = hostile_sample();
    int loaded = 0;
    for (size_t size = 0; size < file.size(); ++size) {
        std::string part = file.substr(0, size);
        part.shrink_to_fit(); // so that a read past the end is found
        loaded += loads(part);
    }
    // Between fields of the model at its top, where functions or metadata are all that is lost.
    EXPECT_LT(loaded, 8);
}

TEST(LoadHostile, FlippedBits) {
    std::string file = hostile_sample();
    for (size_t i = 0; i < file.size() * 8; ++i) {
        std::string broken = file;
        broken[i / 8] = static_cast<char>(broken[i / 8] ^ (1 << i % 8));
        (void)loads(broken);
    }
}

TEST(LoadHostile, RandomBytes) {
    std::mt19937 random(1);
    std::string sample = hostile_sample();
    for (int round = 0; round < 20000; ++round) {
        std::string file = round % 2 ? sample : std::string(random() % 200, '\0');
        size_t changes = round % 2 ? 1 + random() % 8 : file.size();
        for (size_t i = 0; i < changes && !file.empty(); ++i)
            file[random() % file.size()] = static_cast<char>(random());
        (void)loads(file);
    }
}

TEST(LoadHostile, EmptyMessages) {
    for (uint32_t field = 1; field < 30; ++field) {
        OnnxWriter model, graph;
        model.rest().text(field, "");
        EXPECT_NE(error_of(model), "ok");
        graph.graph().text(field, "");
        EXPECT_NE(error_of(graph), "ok");
        (void)error_of(OnnxWriter().initializer(Proto().text(field, "")).output("x"));
        (void)error_of(OnnxWriter().node("Op", {}, {"y"}, {Proto().text(field, "")}).output("y"));
    }
}

// ---- Limits -------------------------------------------------------------------------------------

std::string hostile_limit(const OnnxWriter &writer, size_t nodes) {
    LoadOptions options;
    options.nodes = nodes;
    return error_of(writer.bytes(), options);
}

TEST(LoadHostile, LimitsFileAndNodes) {
    LoadOptions options;
    options.file_bytes = 10;
    EXPECT_EQ(error_of(std::string(11, 'x'), options),
              "limit: the model has 11 bytes, more than the limit of 10");
    OnnxWriter writer;
    writer.input("x", {1}).node("Abs", {"x"}, {"y"}).node("Abs", {"y"}, {"z"}).output("z");
    EXPECT_EQ(hostile_limit(writer, 2), "ok");
    EXPECT_EQ(hostile_limit(writer, 1),
              "limit: not a usable ONNX model: the model has more than 1 nodes");
}

// Functions that each call the next one ten times.
OnnxWriter hostile_fan(int levels, bool hollow) {
    OnnxWriter writer;
    writer.input("x", {1}).output("x");
    for (int level = 0; level < levels; ++level) {
        FunctionWriter function("my", "F" + std::to_string(level), {"a"}, {});
        for (int i = 0; i < 10; ++i) {
            std::string next = "F" + std::to_string(level + 1);
            if (level + 1 < levels) function.node(next, {"a"}, {}, {}, {"", "my"});
            if (level + 1 == levels && !hollow)
                function.node("Abs", {"a"}, {"b" + std::to_string(i)});
        }
        writer.function(function);
    }
    return writer.node("F0", {"x"}, {}, {}, {"", "my"});
}

TEST(LoadHostile, LimitsFunctions) {
    EXPECT_EQ(hostile_limit(hostile_fan(3, false), 1000), "ok");
    EXPECT_EQ(hostile_limit(hostile_fan(3, false), 999),
              "limit: the model has more than 999 nodes, functions inlined");
    EXPECT_EQ(hostile_limit(hostile_fan(12, true), 1000),
              "limit: functions are called more than 1000 times");

    OnnxWriter deep;
    deep.input("x", {1}).output("x");
    for (int level = 0; level < 100; ++level) {
        FunctionWriter function("my", "F" + std::to_string(level), {}, {});
        deep.function(function.node("F" + std::to_string(level + 1), {}, {}, {}, {"", "my"}));
    }
    EXPECT_EQ(hostile_limit(deep.node("F0", {}, {}, {}, {"", "my"}), 1000),
              "limit: functions call functions more than 64 deep");

    // A large body, many calls.
    FunctionWriter large("my", "Large", {"a"}, {});
    Names outputs;
    for (int i = 0; i < 1000; ++i) outputs.push_back(std::string(1000, 'o') + std::to_string(i));
    large.node("Split", {"a"}, outputs);
    OnnxWriter many;
    many.input("x", {1}).output("x").function(large);
    for (int i = 0; i < 2000; ++i) many.node("Large", {"x"}, {}, {}, {"", "my"});
    EXPECT_EQ(hostile_limit(many, 100000),
              "limit: the model's functions are too large when they are inlined");
}

// Time must not grow with the square of the size: these take seconds then.
TEST(LoadHostile, LargeFilesTakeLinearTime) {
    auto start = std::chrono::steady_clock::now();
    OnnxWriter chain; // backwards, so that all of it must be sorted
    for (int i = 99999; i >= 0; --i)
        chain.node("Abs", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
    chain.input("v0", {1}).output("v100000");
    EXPECT_EQ(error_of(chain), "ok");
    OnnxWriter wide;
    Names names(200000, "x");
    EXPECT_EQ(error_of(wide.input("x", {1}).node("Sum", names, {"y"}).output("y")), "ok");
    Proto dims;
    for (int i = 0; i < 200000; ++i) dims.number(1, 1);
    EXPECT_EQ(error_of(OnnxWriter().initializer(dims.text(8, "t").number(2, 1)).output("t")),
              "unsupported: unsupported: tensor \"t\": has 200000 axes, more than 8");
    std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    EXPECT_LT(seconds.count(), 20.0);
}

// ---- Memory -------------------------------------------------------------------------------------

// Hands out memory until a number of allocations is reached, and counts what is not given back.
struct HostileAllocator {
    int64_t countdown = INT64_MAX;
    bool once = false; // whether only one allocation fails, or all from there on
    int64_t allocations = 0;
    int64_t in_use = 0;
    size_t bytes = 0, peak = 0;

    static void *allocate(void *user, size_t bytes, size_t alignment) {
        auto *self = static_cast<HostileAllocator *>(user);
        ++self->allocations;
        int64_t left = self->countdown--;
        if (self->once ? left == 0 : left <= 0) return nullptr;
        size_t rounded = (bytes + alignment - 1) / alignment * alignment;
        void *memory = std::aligned_alloc(alignment, rounded);
        if (!memory) return nullptr;
        ++self->in_use;
        self->bytes += bytes;
        self->peak = std::max(self->peak, self->bytes);
        return memory;
    }
    static void release(void *user, void *memory, size_t bytes) {
        auto *self = static_cast<HostileAllocator *>(user);
        --self->in_use;
        self->bytes -= bytes;
        std::free(memory);
    }
};

// Loads with that allocator; the status's code.
Code load_with(HostileAllocator *allocator, const std::string &file) {
    EXPECT_TRUE(linnet::set_allocator(HostileAllocator::allocate, HostileAllocator::release,
                                      allocator));
    Code code;
    {
        Status status = load(file).take_status();
        code = status.code();
    }
    EXPECT_EQ(allocator->in_use, 0);
    EXPECT_TRUE(linnet::set_allocator(nullptr, nullptr, nullptr));
    return code;
}

TEST(LoadHostile, EveryAllocationMayFail) {
    OnnxWriter refused(9);
    refused.input("x", {1}, kString).output("y");
    refused.node("Loop", {"x"}, {"y"}, {odd_attr("body", 6, 5)});
    for (const std::string &file : {hostile_sample(), refused.bytes()}) {
        HostileAllocator counting;
        Code code = load_with(&counting, file);
        EXPECT_NE(code, Code::kOutOfMemory);
        EXPECT_GT(counting.allocations, 20);
        for (int64_t i = 0; i < counting.allocations; ++i) {
            for (bool once : {true, false}) {
                HostileAllocator failing;
                failing.countdown = i;
                failing.once = once;
                ASSERT_EQ(load_with(&failing, file), Code::kOutOfMemory) << i;
            }
        }
    }
}

TEST(LoadHostile, MemoryIsInProportionToTheFile) {
    OnnxWriter writer;
    writer.input("x", {1}).output("x");
    std::vector<int64_t> ones(100000, 1);
    writer.initializer(int64_tensor("t", {100000}, ones));
    for (int i = 0; i < 20000; ++i) writer.node("A", {}, {std::to_string(i)}, {attr("a", 1)});
    std::string file = writer.bytes();
    HostileAllocator counting;
    EXPECT_EQ(load_with(&counting, file), Code::kOk);
    EXPECT_LT(counting.peak, file.size() * 60);

    // Sizes that are only claimed take nothing.
    HostileAllocator claims;
    std::string claim = OnnxWriter().initializer(tensor_head("t", kFloat, {1 << 26})).bytes();
    EXPECT_EQ(load_with(&claims, claim), Code::kMalformed);
    EXPECT_LT(claims.peak, 20000u);
}

} // namespace

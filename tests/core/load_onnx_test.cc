// The ONNX loader: what a file may say, and what becomes of it.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <fstream>

#include "base/file.h"
#include "load_testing.h"
#include "scratch_folder.h"

namespace {

using namespace onnx_writer;
using linnet::Code;
using linnet::DType;
using linnet::LoadOptions;
using linnet::ShapeText;
using load_testing::contents;
using load_testing::error_of;
using load_testing::graph_of;
using load_testing::load;

// A model that hands one initializer on, so that its contents can be looked at.
OnnxWriter constant_model(const Proto &tensor) {
    return OnnxWriter().initializer(tensor).output("t");
}

std::string constant_of(const Proto &tensor) {
    std::string file = constant_model(tensor).bytes();
    auto model = load(file);
    if (!model.ok()) return error_of(file);
    const linnet::Tensor &t = *model.value().graph.constant(model.value().graph.outputs[0].value);
    return std::string(linnet::name_of(t.dtype())) + ShapeText(t.shape()).c_str() + contents(t);
}

// The default limit, and what a 32-bit machine can count.
std::string most_elements() { return sizeof(size_t) == 8 ? "1073741824" : "134217727"; }

// ---- The model ----------------------------------------------------------------------------------

TEST(LoadOnnx, ReadsAModel) {
    OnnxWriter writer(13);
    writer.input("x", {-1, 3, 8, 8})
        .initializer(float_tensor("w", {1, 3, 1, 1}, {1, 2, 3}))
        .node("Conv", {"x", "w"}, {"c"}, {attr("strides", {2, 2}), attr("auto_pad", "VALID")},
              {"conv1", ""})
        .node("Relu", {"c"}, {"y"})
        .node("Relu", {"y"}, {"z"})
        .output("y", {-1, 1, 4, 4})
        .output("z", {})
        .metadata("linnet.layout", "nchw");
    std::string file = writer.bytes();
    auto result = load(file);
    ASSERT_TRUE(result.ok()) << result.take_status().message();
    linnet::LoadedModel &model = result.value();
    linnet::Graph &graph = model.graph;
    EXPECT_EQ(load_testing::describe(graph), "Conv(x, {1 2 3}) -> c strides=2,2, auto_pad=VALID; "
                                             "Relu(c) -> y; Relu(y) -> z");
    EXPECT_STREQ(graph.nodes[0].name.c_str(), "conv1");
    ASSERT_EQ(graph.inputs.size(), 1u);
    EXPECT_STREQ(graph.inputs[0].name.c_str(), "x");
    EXPECT_STREQ(ShapeText(graph.inputs[0].shape).c_str(), "[?, 3, 8, 8]");
    EXPECT_EQ(graph.value(graph.inputs[0].value).shape, graph.inputs[0].shape);
    EXPECT_EQ(graph.value(graph.inputs[0].value).dtype, DType::kFloat32);
    ASSERT_EQ(graph.outputs.size(), 2u);
    EXPECT_STREQ(graph.outputs[1].name.c_str(), "z");
    ASSERT_EQ(model.operators.size(), 2u);
    EXPECT_STREQ(model.operators[0].op.c_str(), "Conv");
    EXPECT_STREQ(model.operators[1].op.c_str(), "Relu");
    EXPECT_EQ(model.operators[1].nodes, 2);
    ASSERT_EQ(model.metadata.size(), 1u);
    EXPECT_STREQ(model.metadata[0].key.c_str(), "linnet.layout");
    EXPECT_STREQ(model.metadata[0].value.c_str(), "nchw");
}

TEST(LoadOnnx, ChecksVersions) {
    auto of = [](int64_t opset, int64_t ir) {
        return error_of(OnnxWriter(opset, ir).input("x", {1}).output("x"));
    };
    for (int64_t ir = 3; ir <= 11; ++ir) EXPECT_EQ(of(13, ir), "ok");
    for (int64_t opset = 7; opset <= 22; ++opset) EXPECT_EQ(of(opset, 8), "ok");
    EXPECT_EQ(of(6, 8), "unsupported: not a usable ONNX model: opset 6; opsets 7 to 22 are "
                        "supported");
    EXPECT_EQ(of(23, 8), "unsupported: not a usable ONNX model: opset 23; opsets 7 to 22 are "
                         "supported");
    EXPECT_EQ(of(13, 2), "unsupported: not a usable ONNX model: IR version 2; versions 3 to 11 "
                         "are supported");
    EXPECT_EQ(of(13, 12), "unsupported: not a usable ONNX model: IR version 12; versions 3 to 11 "
                          "are supported");
    EXPECT_EQ(of(13, 0), "malformed: not a usable ONNX model: it states no IR version");
    EXPECT_EQ(of(-1, 8), "malformed: not a usable ONNX model: it states no opset");
    EXPECT_EQ(error_of(OnnxWriter(-1).import("ai.onnx", 9).input("x", {1}).output("x")), "ok");
    EXPECT_EQ(error_of(std::string()),
              "malformed: not a usable ONNX model: it states no IR version");
}

TEST(LoadOnnx, InputsWithAnInitializerAreConstants) {
    OnnxWriter writer(9, 3);
    writer.input("x", {2}).input("w", {2});
    writer.initializer(float_tensor("w", {2}, {1, 2})).node("Add", {"x", "w"}, {"y"}).output("y");
    std::string file = writer.bytes();
    auto model = load(file);
    ASSERT_TRUE(model.ok());
    EXPECT_EQ(model.value().graph.inputs.size(), 1u);
    EXPECT_EQ(graph_of(writer), "Add(x, {1 2}) -> y");
}

TEST(LoadOnnx, PortsKeepTheFilesTypes) {
    OnnxWriter writer;
    writer.input("h", {1}, kFloat16).input("u", {1}, kUint8).input("d", {1}, kDouble);
    writer.output("h", {1}, kFloat16).output("u", {1}, kUndefined);
    std::string file = writer.bytes();
    auto result = load(file);
    ASSERT_TRUE(result.ok()) << result.take_status().message();
    const linnet::Graph &graph = result.value().graph;
    EXPECT_EQ(graph.inputs[0].dtype, DType::kFloat16);
    EXPECT_EQ(graph.value(graph.inputs[0].value).dtype, DType::kFloat32);
    EXPECT_EQ(graph.inputs[1].dtype, DType::kUint8);
    EXPECT_EQ(graph.value(graph.inputs[1].value).dtype, DType::kUint8);
    EXPECT_EQ(graph.inputs[2].dtype, DType::kFloat64);
    EXPECT_EQ(graph.outputs[1].dtype, DType::kNone);
}

TEST(LoadOnnx, RefusesPorts) {
    EXPECT_EQ(error_of(OnnxWriter().input("x", {1}, kString).output("x", {1}, kString)),
              "unsupported: unsupported: input \"x\": has element type string; output \"x\": has "
              "element type string");
    EXPECT_EQ(error_of(OnnxWriter().input("x", {1}, kUndefined).output("x")),
              "malformed: the input \"x\" has no type");
    EXPECT_EQ(error_of(OnnxWriter().input("x", Dims(9, 1)).output("x")),
              "unsupported: unsupported: input \"x\": has more than 8 axes");
    EXPECT_EQ(error_of(OnnxWriter().input("x", {1 << 20, 1 << 20}).output("x")),
              "limit: the input \"x\" has more than " + most_elements() + " elements");
    OnnxWriter sequence;
    sequence.graph().message(
        11, Proto().text(1, "s").message(2, Proto().message(4, Proto())));
    EXPECT_EQ(error_of(sequence.output("s")),
              "unsupported: unsupported: input \"s\": is not a tensor");
    EXPECT_EQ(error_of(OnnxWriter().input("x", {1})),
              "malformed: not a usable ONNX model: its graph has no outputs");
    EXPECT_EQ(error_of(OnnxWriter().input("x", {1}).output("y")),
              "malformed: nothing produces the output \"y\"");
    EXPECT_EQ(error_of(OnnxWriter().input("x", {1}).output("x").output("x")),
              "malformed: the output \"x\" is there twice");
    EXPECT_EQ(error_of(OnnxWriter().input("x", {1}).input("x", {1}).output("x")),
              "malformed: not a usable ONNX model: the input \"x\" is there twice");
    EXPECT_EQ(error_of(OnnxWriter().input("\xFF", {1}).output("\xFF")),
              "malformed: not a usable ONNX model: the name \"?\" is not UTF-8");
}

// ---- Tensors ------------------------------------------------------------------------------------

TEST(LoadOnnx, ReadsTypedFields) {
    EXPECT_EQ(constant_of(float_tensor("t", {2, 1}, {1.5f, -2})), "float32[2, 1]{1.5 -2}");
    EXPECT_EQ(constant_of(int64_tensor("t", {2}, {-1, 1LL << 40})), "int64[2]{-1 1099511627776}");
    EXPECT_EQ(constant_of(small_tensor("t", kInt32, {2}, {-1, 2147483647})),
              "int32[2]{-1 2147483647}");
    EXPECT_EQ(constant_of(small_tensor("t", kInt8, {2}, {-128, 127})), "int8[2]{-128 127}");
    EXPECT_EQ(constant_of(small_tensor("t", kUint8, {2}, {0, 255})), "uint8[2]{0 255}");
    EXPECT_EQ(constant_of(small_tensor("t", kBool, {2}, {0, 1})), "bool[2]{0 1}");
    EXPECT_EQ(constant_of(small_tensor("t", kFloat16, {2}, {0x3C00, 0xC000})),
              "float32[2]{1 -2}");
    EXPECT_EQ(constant_of(small_tensor("t", kBfloat16, {2}, {0x3F80, 0xC000})),
              "float32[2]{1 -2}");
    std::string doubles = Proto::bytes_of<double>({0.5, 1e300});
    EXPECT_EQ(constant_of(tensor_head("t", kDouble, {2}).text(10, doubles)),
              "float32[2]{0.5 inf}");
    EXPECT_EQ(constant_of(float_tensor("t", {}, {7})), "float32[]{7}");
    EXPECT_EQ(constant_of(float_tensor("t", {2, 0}, {})), "float32[2, 0]{}");
    Proto unpacked = tensor_head("t", kFloat, {3});
    EXPECT_EQ(constant_of(unpacked.real(4, 1).real(4, 2).packed_reals(4, {3})),
              "float32[3]{1 2 3}");
    Proto unpacked_ints = Proto().number(1, 2).number(2, kInt64).text(8, "t");
    EXPECT_EQ(constant_of(unpacked_ints.number(7, -5).number(7, 6)), "int64[2]{-5 6}");
}

TEST(LoadOnnx, ReadsRawData) {
    EXPECT_EQ(constant_of(raw_tensor("t", kFloat, {2}, Proto::bytes_of<float>({1, 2}))),
              "float32[2]{1 2}");
    EXPECT_EQ(constant_of(raw_tensor("t", kDouble, {2}, Proto::bytes_of<double>({1, 2}))),
              "float32[2]{1 2}");
    EXPECT_EQ(constant_of(raw_tensor("t", kFloat16, {2}, Proto::bytes_of<uint16_t>({0x3C00, 1}))),
              "float32[2]{1 5.96046448e-08}");
    EXPECT_EQ(constant_of(raw_tensor("t", kInt64, {1}, Proto::bytes_of<int64_t>({-9}))),
              "int64[1]{-9}");
    EXPECT_EQ(constant_of(raw_tensor("t", kInt32, {1}, Proto::bytes_of<int32_t>({-9}))),
              "int32[1]{-9}");
    EXPECT_EQ(constant_of(raw_tensor("t", kInt8, {2}, "\xFF\x01")), "int8[2]{-1 1}");
    EXPECT_EQ(constant_of(raw_tensor("t", kBool, {3}, std::string("\x00\x01\x07", 3))),
              "bool[3]{0 1 1}");
}

TEST(LoadOnnx, ChecksTensors) {
    const std::string usable = "malformed: not a usable ONNX model: ";
    EXPECT_EQ(constant_of(float_tensor("t", {3}, {1, 2})),
              usable + "tensor \"t\": [3] needs 3 elements, not 2");
    EXPECT_EQ(constant_of(small_tensor("t", kInt8, {1}, {1, 2})),
              usable + "tensor \"t\": [1] needs 1 elements, not 2");
    EXPECT_EQ(constant_of(raw_tensor("t", kFloat, {2}, "1234567")),
              usable + "tensor \"t\": [2] needs 8 bytes, not 7");
    EXPECT_EQ(constant_of(tensor_head("t", kFloat, {2})),
              usable + "tensor \"t\": [2] needs 2 elements, not 0");
    EXPECT_EQ(constant_of(small_tensor("t", kInt8, {1}, {128})),
              usable + "tensor \"t\": 128 is no int8");
    EXPECT_EQ(constant_of(small_tensor("t", kBool, {1}, {2})),
              usable + "tensor \"t\": 2 is no bool");
    EXPECT_EQ(constant_of(tensor_head("t", kFloat, {-1})),
              usable + "tensor \"t\" has an axis of length -1");
    EXPECT_EQ(constant_of(float_tensor("t", {1}, {1}).message(3, Proto())),
              usable + "tensor \"t\" is a segment of a larger one");
    const std::string limit = "limit: not a usable ONNX model: tensor \"t\" has more than " +
                              most_elements() + " elements";
    EXPECT_EQ(constant_of(tensor_head("t", kFloat, {1LL << 62, 4})), limit);
    EXPECT_EQ(constant_of(tensor_head("t", kFloat, {1LL << 62, 4, 0})), limit);
    EXPECT_EQ(constant_of(tensor_head("t", kFloat, {INT64_MAX})), limit);
    EXPECT_EQ(error_of(OnnxWriter().initializer(float_tensor("", {1}, {1})).output("x")),
              usable + "malformed protobuf at byte 4: an initializer has no name");
    EXPECT_EQ(error_of(constant_model(float_tensor("t", {}, {1}))
                           .initializer(float_tensor("t", {}, {1}))),
              usable + "the initializer \"t\" is there twice");
}

TEST(LoadOnnx, RefusesTensorsThatAreUsed) {
    for (auto [type, name] :
         {std::pair<int64_t, const char *>{kUndefined, "undefined"}, {kUint16, "uint16"},
          {kInt16, "int16"}, {kString, "string"}, {kUint32, "uint32"}, {kUint64, "uint64"},
          {kComplex64, "complex64"}, {kFloat8, "float8e4m3fn"}, {kInt4, "int4"},
          {99, "unknown"}, {-1, "unknown"}})
        EXPECT_EQ(constant_of(tensor_head("t", type, {2})),
                  std::string("unsupported: unsupported: tensor \"t\": has element type ") + name);
    EXPECT_EQ(constant_of(float_tensor("t", Dims(9, 1), {1})),
              "unsupported: unsupported: tensor \"t\": has 9 axes, more than 8");
    EXPECT_EQ(error_of(OnnxWriter().initializer(tensor_head("t", kString, {2})).input("x", {})
                           .output("x")),
              "ok");
    OnnxWriter sparse;
    sparse.graph().message(15, Proto().message(1, float_tensor("s", {1}, {1})));
    EXPECT_EQ(error_of(sparse.node("Relu", {"s"}, {"y"}).output("y")),
              "unsupported: unsupported: tensor \"s\": is a sparse tensor");
}

TEST(LoadOnnx, BorrowsWhatIsAligned) {
    std::string raw = Proto::bytes_of<float>({1, 2, 3, 4});
    int borrowed = 0;
    for (int shift = 0; shift < 4; ++shift) {
        OnnxWriter writer;
        writer.metadata("k", std::string(static_cast<size_t>(shift), 'v'));
        std::string graph_first = writer.initializer(raw_tensor("t", kFloat, {4}, raw))
                                      .initializer(raw_tensor("b", kBool, {1}, "\x01"))
                                      .output("t")
                                      .bytes();
        std::string file = std::string(static_cast<size_t>(shift), '\0') + graph_first;
        linnet::Array<unsigned char> aligned; // at 64 bytes
        ASSERT_TRUE(aligned.append({reinterpret_cast<const unsigned char *>(file.data()),
                                    file.size()}).ok());
        linnet::Bytes bytes(aligned.data() + shift, file.size() - static_cast<size_t>(shift));
        LoadOptions options;
        options.borrow = true;
        auto model = linnet::load_onnx(bytes, options);
        ASSERT_TRUE(model.ok()) << model.take_status().message();
        const linnet::Graph &graph = model.value().graph;
        const linnet::Tensor &t = *graph.constant(0), &b = *graph.constant(1);
        EXPECT_EQ(contents(t), "{1 2 3 4}");
        auto inside = [&](const linnet::Tensor &tensor) {
            const unsigned char *at = static_cast<const unsigned char *>(tensor.data());
            return at >= bytes.begin() && at < bytes.end();
        };
        EXPECT_FALSE(inside(b)); // bytes other than 0 and 1 become 1
        borrowed += inside(t);
        EXPECT_TRUE(!inside(t) || reinterpret_cast<uintptr_t>(t.data()) % 4 == 0);

        auto copied = linnet::load_onnx(bytes, LoadOptions());
        EXPECT_FALSE(inside(*copied.value().graph.constant(0)));
    }
    EXPECT_EQ(borrowed, linnet::kLittleEndian ? 1 : 0);
}

// ---- External data ------------------------------------------------------------------------------

class LoadOnnxExternal : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = scratch_folder();
        std::ofstream(folder_ + "linnet_weights.bin", std::ios::binary)
            << "skip" << Proto::bytes_of<float>({1, 2, 3});
    }
    std::string of(const std::vector<std::pair<std::string, std::string>> &entries,
                   int64_t type = kFloat, const Dims &dims = {3}) {
        std::string file = constant_model(external_tensor("t", type, dims, entries)).bytes();
        LoadOptions options;
        options.folder = folder_;
        options.file_bytes = limit_;
        auto model = load(file, options);
        return model.ok() ? contents(*model.value().graph.constant(0)) : error_of(file, options);
    }
    std::string folder_;
    size_t limit_ = 1000;
};

TEST_F(LoadOnnxExternal, IsRead) {
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"offset", "4"}, {"length", "12"}}),
              "{1 2 3}");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"offset", "8"}}, kFloat, {2}), "{2 3}");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}}, kInt8, {4}), "{115 107 105 112}");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}}, kBool, {4}), "{1 1 1 1}");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"offset", "4"}}, kBfloat16, {2}), "{0 1}");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"offset", "16"}}, kFloat, {0}), "{}");
}

TEST_F(LoadOnnxExternal, IsChecked) {
    const std::string usable = "malformed: not a usable ONNX model: tensor \"t\": ";
    EXPECT_EQ(of({}), usable + "its external data have no location");
    for (std::string name : {"../linnet_weights.bin", "/etc/passwd", "a/../../b", "C:\\w", "a\\b"})
        EXPECT_EQ(of({{"location", name}}),
                  usable + "the file name \"" + name + "\" leads out of the model's folder");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"offset", "8"}}),
              usable + "the file \"linnet_weights.bin\" has 16 bytes; 12 from byte 8 are wanted");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"offset", "999999999999999999"}}),
              usable + "the file \"linnet_weights.bin\" has 16 bytes; 12 from byte "
                       "999999999999999999 are wanted");
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"length", "8"}}),
              usable + "[3] needs 12 bytes, not 8");
    for (std::string number : {"-1", "1x", "18446744073709551616"})
        EXPECT_EQ(of({{"location", "linnet_weights.bin"}, {"offset", number}}),
                  usable + "its external data's offset is no number");
    EXPECT_EQ(of({{"location", "linnet_missing.bin"}}).substr(0, 54),
              "io: not a usable ONNX model: tensor \"t\": cannot open \"");
    limit_ = 100;
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}}, kFloat, {20}),
              "limit: not a usable ONNX model: model and external data exceed the limit of 100 "
              "bytes");
    folder_ = "";
    EXPECT_EQ(of({{"location", "linnet_weights.bin"}}),
              "unsupported: not a usable ONNX model: tensor \"t\" lies in the file "
              "\"linnet_weights.bin\", which a model from memory cannot read: open the model by "
              "its path, or save it as one file");
}

// ---- Nodes --------------------------------------------------------------------------------------

TEST(LoadOnnx, SortsNodes) {
    OnnxWriter writer;
    writer.input("x", {1}).node("Exp", {"b"}, {"c"}).node("Neg", {"a"}, {"b"});
    writer.node("Abs", {"x"}, {"a"}).node("Relu", {"x"}, {"d"}).output("c").output("d");
    EXPECT_EQ(graph_of(writer), "Abs(x) -> a; Neg(a) -> b; Exp(b) -> c; Relu(x) -> d");
}

TEST(LoadOnnx, ChecksWhoProducesWhat) {
    const std::string usable = "malformed: not a usable ONNX model: ";
    auto model = [] { return OnnxWriter().input("x", {1}).output("y"); };
    EXPECT_EQ(error_of(model().node("Add", {"x", "w"}, {"y"}, {}, {"add", ""})),
              usable + "node \"add\" (\"Add\"): nothing produces its input \"w\"");
    EXPECT_EQ(error_of(model().node("Abs", {"x"}, {"y"}).node("Neg", {"x"}, {"y"}, {}, {"n", ""})),
              usable + "node \"n\" (\"Neg\"): a second value named \"y\"");
    EXPECT_EQ(error_of(model().node("Abs", {"x"}, {"x"}, {}, {"n", ""})),
              usable + "node \"n\" (\"Abs\"): a second value named \"x\"");
    EXPECT_EQ(error_of(model().node("Add", {"x", "z"}, {"y"}, {}, {"a", ""})
                           .node("Abs", {"y"}, {"z"}, {}, {"b", ""})),
              usable + "node \"b\" (\"Abs\"): a cycle leads through its input \"y\"");
    EXPECT_EQ(error_of(model().node("Abs", {"y"}, {"y"}, {}, {"b", ""})),
              usable + "node \"b\" (\"Abs\"): a cycle leads through its input \"y\"");
    EXPECT_EQ(error_of(model().node("", {"x"}, {"y"}, {}, {"b", ""})),
              usable + "node \"b\": it has no operator");
    EXPECT_EQ(error_of(model().node("\xFF", {"x"}, {"y"})),
              usable + "node \"\": the operator \"?\" is not UTF-8 text");
}

TEST(LoadOnnx, OptionalInputsAndOutputs) {
    OnnxWriter writer;
    writer.input("x", {1}).node("Clip", {"x", "", "x"}, {"y"});
    writer.node("LSTM", {"x", "", ""}, {"", "h"}).output("y").output("h");
    EXPECT_EQ(graph_of(writer), "Clip(x, _, x) -> y; LSTM(x) -> _ h");
}

TEST(LoadOnnx, ReadsAttributes) {
    OnnxWriter writer;
    writer.input("x", {1})
        .node("Op", {"x"}, {"y"},
              {attr("i", -3), attr("f", 0.5f), attr("s", "text"), attr("is", {1, -2}),
               attr("fs", std::vector<float>{1, 2}),
               attr("t", small_tensor("", kFloat16, {1}, {0})),
               attr("none", std::vector<int64_t>{}),
               Proto().text(1, "old").number(3, 5)})
        .output("y");
    EXPECT_EQ(graph_of(writer),
              "Op(x) -> y i=-3 f=0.5 s=text is=1,-2, fs=1,2, t={0} none= old=5");
}

TEST(LoadOnnx, ChecksAttributes) {
    auto of = [](const std::vector<Proto> &attributes) {
        return error_of(OnnxWriter().input("x", {1})
                            .node("Op", {"x"}, {"y"}, attributes, {"n", ""})
                            .output("y"));
    };
    const std::string usable = "malformed: not a usable ONNX model: node \"n\": ";
    EXPECT_EQ(of({attr("a", 1), attr("a", 2)}), usable + "the attribute \"a\" is there twice");
    EXPECT_EQ(of({Proto().number(3, 1)}), usable + "an attribute has no name");
    EXPECT_EQ(of({Proto().text(1, "a").number(3, 1).number(20, 1)}),
              usable + "the attribute \"a\" has another type than its value");
    EXPECT_EQ(of({Proto().text(1, "a").number(20, 4)}),
              usable + "the attribute \"a\" has no tensor");
    EXPECT_EQ(of({ref_attr("a", "b", 2)}), "malformed: node \"n\": its attribute \"a\" refers to "
                                           "a function's, but is in none");
    std::vector<Proto> many;
    for (int i = 0; i < 129; ++i) many.push_back(attr("a" + std::to_string(i), i));
    EXPECT_EQ(of(many), "limit: not a usable ONNX model: node \"n\": more than 128 attributes");
}

TEST(LoadOnnx, ListsAllReasons) {
    OnnxWriter writer;
    writer.input("x", {1});
    writer.node("Scan", {"x"}, {"a"}, {odd_attr("body", 6, 5)}, {"scan1", ""});
    writer.node("Loop", {"x"}, {"b"}, {odd_attr("body", 6, 5)});
    writer.node("Strings", {"x"}, {"c"}, {odd_attr("list", 9, 8)}, {"s", ""});
    writer.node("Op", {"x"}, {"d"}, {attr("t", tensor_head("", kUint16, {}))}, {"t", ""});
    writer.node("Op", {"x"}, {"e"}, {attr("text", "\xFF")}, {"u", ""});
    writer.node("Op", {"x"}, {"f"}, {odd_attr("type", 14, 13)}, {"v", ""});
    writer.node("Op", {"x"}, {"g"}, {odd_attr("sparse", 22, 11)}, {"w", ""});
    writer.node("Op", {"x"}, {"h"}, {Proto().text(1, "what").number(20, 77)}, {"z", ""});
    EXPECT_EQ(error_of(writer.output("a")),
              "unsupported: unsupported: "
              "node \"scan1\" (Scan): its attribute \"body\" has a subgraph; "
              "node with output \"b\" (Loop): its attribute \"body\" has a subgraph; "
              "node \"s\" (Strings): its attribute \"list\" is a list of strings; "
              "node \"t\" (Op): its attribute \"t\" has element type uint16; "
              "node \"u\" (Op): its attribute \"text\" is not UTF-8 text; "
              "node \"v\" (Op): its attribute \"type\" is a type; "
              "node \"w\" (Op): its attribute \"sparse\" is a sparse tensor; "
              "node \"z\" (Op): its attribute \"what\" has an unknown type");
}

TEST(LoadOnnx, CutsTheListOfReasons) {
    OnnxWriter writer;
    writer.input("x", {1}).output("x");
    for (int i = 0; i < 200; ++i)
        writer.node("Scan", {"x"}, {"y" + std::to_string(i)}, {odd_attr("then_branch", 6, 5)});
    std::string message = error_of(writer);
    EXPECT_LT(message.size(), 4020u);
    EXPECT_GT(message.size(), 3800u);
    size_t shown = 0;
    for (size_t at = 0; (at = message.find("(Scan)", at)) != std::string::npos; ++at) ++shown;
    std::string end = "; and " + std::to_string(200 - shown) + " more";
    EXPECT_EQ(message.substr(message.size() - end.size()), end);
}

TEST(LoadOnnx, NamesForeignOperators) {
    OnnxWriter writer;
    writer.import("com.example", 1).input("x", {1});
    writer.node("Op", {"x"}, {"a"}, {attr("k", 1), odd_attr("g", 6, 5)}, {"", "com.example"});
    writer.node("Relu", {"a"}, {"y"}, {}, {"", "ai.onnx"}).output("y");
    EXPECT_EQ(graph_of(writer), "com.example::Op(x) -> a k=1; Relu(a) -> y");
    std::string file = writer.bytes();
    auto model = load(file);
    EXPECT_STREQ(model.value().operators[1].op.c_str(), "com.example::Op");
}

TEST(LoadOnnx, ConstantNodesBecomeConstants) {
    OnnxWriter writer;
    writer.node("Constant", {}, {"a"}, {attr("value", float_tensor("", {1}, {1}))});
    writer.node("Constant", {}, {"b"}, {attr("value_int", 2)});
    writer.node("Constant", {}, {"c"}, {attr("value_float", 3.5f)});
    writer.node("Constant", {}, {"d"}, {attr("value_ints", {4, 5})});
    writer.node("Constant", {}, {"e"}, {attr("value_floats", std::vector<float>{6, 7})});
    writer.node("Op", {"a", "b", "c", "d", "e"}, {"y"}).output("y").output("d", {2}, kInt64);
    EXPECT_EQ(graph_of(writer), "Op({1}, {2}, {3.5}, {4 5}, {6 7}) -> y");
    std::string file = writer.bytes();
    auto model = load(file);
    EXPECT_EQ(model.value().operators[0].nodes, 5);

    auto of = [](const std::vector<Proto> &attributes) {
        return error_of(OnnxWriter().node("Constant", {}, {"y"}, attributes, {"c", ""})
                            .output("y"));
    };
    EXPECT_EQ(of({attr("value_string", "s")}),
              "unsupported: unsupported: node \"c\" (Constant): its value is a text");
    EXPECT_EQ(of({odd_attr("value_strings", 9, 8)}),
              "unsupported: unsupported: node \"c\" (Constant): its value is a list of strings");
    EXPECT_EQ(of({odd_attr("sparse_value", 22, 11)}),
              "unsupported: unsupported: node \"c\" (Constant): its value is a sparse tensor");
    EXPECT_EQ(of({attr("value", tensor_head("", kUint64, {}))}),
              "unsupported: unsupported: node \"c\" (Constant): its value has element type uint64");
    EXPECT_EQ(of({}), "malformed: node \"c\" (Constant) needs one attribute");
    EXPECT_EQ(error_of(OnnxWriter().node("Constant", {}, {""}, {attr("value_int", 2)})
                           .input("x", {}).output("x")),
              "malformed: node \"\" (Constant) needs one output");
}

// ---- Functions ----------------------------------------------------------------------------------

TEST(LoadOnnx, InlinesFunctions) {
    FunctionWriter inner("my", "Inner", {"a", "b"}, {"r"});
    inner.opset(13).attribute("alpha").attribute_default(attr("beta", 9));
    inner.node("Mul", {"a", "b"}, {"m"}, {}, {"mul", ""});
    inner.node("Leaky", {"m"}, {"r"},
               {ref_attr("alpha", "alpha", 1), ref_attr("b", "beta", 2), ref_attr("c", "gone", 2)});
    FunctionWriter outer("my", "Outer", {"p"}, {"q", "same"});
    outer.opset(13).attribute("slope");
    outer.node("Constant", {}, {"k"}, {attr("value_float", 2.0f)});
    outer.node("Inner", {"p", "k"}, {"t"}, {ref_attr("alpha", "slope", 1)}, {"in", "my"});
    outer.node("Inner", {"t"}, {"q"}, {attr("beta", 4)}, {"", "my"});
    outer.node("Identity", {"q"}, {"same"});
    OnnxWriter writer;
    writer.import("my", 1).function(inner).function(outer).input("x", {1});
    writer.node("Outer", {"x"}, {"y", "z"}, {attr("slope", 0.25f)}, {"call", "my"});
    writer.node("Outer", {"y"}, {"w"}, {}, {"call", "my"}).output("w").output("z");
    EXPECT_EQ(graph_of(writer),
              "Mul(x, {2}) -> call/in/m; Leaky(call/in/m) -> call/t alpha=0.25 b=9; "
              "Mul(call/t) -> call/Inner/m; Leaky(call/Inner/m) -> y b=4; Identity(y) -> z; "
              "Mul(y, {2}) -> call/in/m~3; Leaky(call/in/m~3) -> call/t~2 b=9; "
              "Mul(call/t~2) -> call/Inner/m~4; Leaky(call/Inner/m~4) -> w b=4; "
              "Identity(w) -> call/same");
    std::string file = writer.bytes();
    auto model = load(file);
    ASSERT_EQ(model.value().operators.size(), 4u);
    EXPECT_STREQ(model.value().operators[0].op.c_str(), "Constant");
    EXPECT_EQ(model.value().operators[3].nodes, 4);
    EXPECT_STREQ(model.value().graph.nodes[0].name.c_str(), "call/in/mul");
}

TEST(LoadOnnx, FunctionsHaveTheirOwnOpset) {
    FunctionWriter old("my", "Old", {"a"}, {"r"});
    old.opset(7).node("Clip", {"a"}, {"r"}, {attr("min", 0.0f)});
    FunctionWriter inherits("my", "Inherits", {"a"}, {"r"});
    inherits.node("Clip", {"a"}, {"r"}, {attr("min", 0.0f)});
    OnnxWriter writer(22);
    writer.import("my", 1).function(old).function(inherits).input("x", {1}).output("y");
    writer.output("z");
    writer.node("Old", {"x"}, {"y"}, {}, {"", "my"}).node("Inherits", {"x"}, {"z"}, {}, {"", "my"});
    EXPECT_EQ(graph_of(writer), "Clip(x, {0}) -> y; Clip(x) -> z min=0");
    FunctionWriter future("my", "Future", {"a"}, {"r"});
    future.opset(99).node("Abs", {"a"}, {"r"});
    OnnxWriter refused;
    refused.function(future).input("x", {1}).output("y");
    EXPECT_EQ(error_of(refused.node("Future", {"x"}, {"y"}, {}, {"f", "my"})),
              "unsupported: unsupported: node \"f\" (Future): its function is of opset 99; 7 to 22 "
              "are supported");
}

TEST(LoadOnnx, FunctionsHandInputsOn) {
    FunctionWriter pass("my", "Pass", {"a", "b"}, {"a", "c", "c"});
    pass.node("Abs", {"b"}, {"c"});
    OnnxWriter writer;
    writer.function(pass).input("x", {1}).output("p").output("q").output("r");
    writer.node("Pass", {"x", "x"}, {"p", "q", "r"}, {}, {"f", "my"});
    EXPECT_EQ(graph_of(writer), "Abs(x) -> q; Identity(x) -> p; Identity(q) -> r");
}

TEST(LoadOnnx, ChecksFunctions) {
    auto of = [](const FunctionWriter &function, const Names &inputs, const Names &outputs) {
        return error_of(OnnxWriter().function(function).input("x", {1}).output("x")
                            .node("F", inputs, outputs, {}, {"call", "my"}));
    };
    FunctionWriter simple("my", "F", {"a"}, {"r"});
    simple.node("Abs", {"a"}, {"r"});
    EXPECT_EQ(of(simple, {"x", "x"}, {"y"}),
              "malformed: node \"call\": the function \"F\" takes 1 inputs, gives 1");
    EXPECT_EQ(of(simple, {"x"}, {"y", "z"}),
              "malformed: node \"call\": the function \"F\" takes 1 inputs, gives 1");
    FunctionWriter hollow("my", "F", {"a"}, {"r"});
    EXPECT_EQ(of(hollow, {"x"}, {"y"}),
              "malformed: nothing produces the output \"r\" of the function \"F\"");
    FunctionWriter recursive("my", "F", {"a"}, {"r"});
    recursive.node("F", {"a"}, {"r"}, {}, {"", "my"});
    EXPECT_EQ(of(recursive, {"x"}, {"y"}), "malformed: the function \"F\" calls itself");
    FunctionWriter dangling("my", "F", {"a"}, {"r"});
    dangling.node("Abs", {"x"}, {"r"});
    EXPECT_EQ(of(dangling, {"x"}, {"y"}),
              "malformed: not a usable ONNX model: function \"F\": node \"\" (\"Abs\"): nothing "
              "produces its input \"x\"");
    EXPECT_EQ(error_of(OnnxWriter().function(simple).function(simple).input("x", {1}).output("x")),
              "malformed: the function \"F\" is there twice");
}

// ---- Real models --------------------------------------------------------------------------------

TEST(LoadOnnx, ReadsRealModels) {
    const std::string folder = LINNET_SOURCE_DIR "/../shared/data/models/onnx/";
    if (!std::ifstream(folder + "mnist.onnx"))
        GTEST_SKIP() << "no models at " << folder << ": they are not part of the project";
    struct Expected {
        const char *file;
        size_t nodes, constants;
        const char *input, *output;
    };
    const Expected all[] = {
        {"mnist.onnx", 12, 8, "[1, 1, 28, 28]", "[1, 10]"},
        {"mobilenet_v1_0.25_224.onnx", 85, 139, "[1, 3, 224, 224]", "[1, 1000]"},
        {"resnet20_cifar10.onnx", 73, 103, "[?, 3, 32, 32]", "[?, 10]"},
        {"squeezenet1.1.onnx", 65, 52, "[1, 3, 224, 224]", "[1, 1000]"},
        {"tiny_darknet.onnx", 53, 77, "[1, 3, 224, 224]", "[1, 1000]"},
    };
    for (const Expected &expected : all) {
        SCOPED_TRACE(expected.file);
        auto file = linnet::File::open(folder + expected.file);
        ASSERT_TRUE(file.ok());
        auto view = linnet::FileView::of(&file.value());
        ASSERT_TRUE(view.ok());
        LoadOptions options;
        options.borrow = true;
        auto model = linnet::load_onnx(view.value().bytes(), options);
        ASSERT_TRUE(model.ok()) << model.take_status().message();
        const linnet::Graph &graph = model.value().graph;
        EXPECT_EQ(graph.nodes.size(), expected.nodes);
        size_t constants = 0;
        for (const linnet::Value &value : graph.values) constants += value.constant ? 1 : 0;
        EXPECT_EQ(constants, expected.constants);
        EXPECT_STREQ(ShapeText(graph.inputs[0].shape).c_str(), expected.input);
        EXPECT_STREQ(ShapeText(graph.outputs[0].shape).c_str(), expected.output);
    }
}

} // namespace

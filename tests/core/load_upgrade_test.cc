// Every translation of an older opset into the dialect.
// SPDX-License-Identifier: MIT
#include "load_testing.h"

namespace {

using namespace onnx_writer;

// One node in `opset` with the inputs "x" (of unknown shape), "a" and "b": what becomes of it.
std::string upgraded(int64_t opset, const std::string &op, const Names &inputs,
                     const std::vector<Proto> &attributes, const Names &outputs = {"y"}) {
    OnnxWriter writer(opset);
    writer.input("u", {1}).node("linnet_test", {"u"}, {"x"}, {}, {"", "t"});
    writer.input("a", {2}).input("b", {2});
    writer.node(op, inputs, outputs, attributes, {"n", ""});
    for (const std::string &output : outputs)
        if (!output.empty() && output[0] != '-') writer.output(output);
    std::string text = load_testing::graph_of(writer);
    const std::string source = "t::linnet_test(u) -> x; ";
    const std::string refusal = "unsupported: unsupported: node \"n\" (" + op + "): ";
    if (text.compare(0, source.size(), source) == 0) return text.substr(source.size());
    if (text.compare(0, refusal.size(), refusal) == 0) return "! " + text.substr(refusal.size());
    return text;
}

const std::vector<int64_t> kNoInts;

TEST(Upgrade, Clip) {
    auto both = {attr("min", -1.0f), attr("max", 6.0f)};
    EXPECT_EQ(upgraded(7, "Clip", {"x"}, both), "Clip(x, {-1}, {6}) -> y");
    EXPECT_EQ(upgraded(10, "Clip", {"x"}, {attr("max", 6.0f)}), "Clip(x, _, {6}) -> y");
    EXPECT_EQ(upgraded(10, "Clip", {"x"}, {}), "Clip(x) -> y");
    EXPECT_EQ(upgraded(11, "Clip", {"x", "a"}, {}), "Clip(x, a) -> y");
    EXPECT_EQ(upgraded(10, "Clip", {"x"}, {attr("max", 6)}),
              "! its attribute \"max\" has the wrong type");
}

TEST(Upgrade, Dropout) {
    EXPECT_EQ(upgraded(7, "Dropout", {"x"}, {attr("ratio", 0.3f), attr("is_test", 1)}),
              "Dropout(x) -> y");
    EXPECT_EQ(upgraded(7, "Dropout", {"x"}, {}, {"y", "-unread"}), "Dropout(x) -> y");
    EXPECT_EQ(upgraded(7, "Dropout", {"x"}, {}, {"y", "mask"}),
              "! its mask, an output of training, is read");
    EXPECT_EQ(upgraded(10, "Dropout", {"x"}, {}, {"y", "mask"}), "Dropout(x) -> y mask");
    EXPECT_EQ(upgraded(12, "Dropout", {"x", "a"}, {attr("seed", 3)}), "Dropout(x) -> y");
    EXPECT_EQ(upgraded(12, "Dropout", {"x", "a", "b"}, {}),
              "! it drops as in training: export the model for inference");
    OnnxWriter writer(13);
    writer.input("x", {1}).initializer(small_tensor("no", kBool, {}, {0})).output("y");
    EXPECT_EQ(load_testing::graph_of(writer.node("Dropout", {"x", "", "no"}, {"y"})),
              "Dropout(x) -> y");
}

TEST(Upgrade, BatchNormalization) {
    const Names in = {"x", "a", "b", "a", "b"};
    const std::string plain = "BatchNormalization(x, a, b, a, b) -> y";
    EXPECT_EQ(upgraded(7, "BatchNormalization", in,
                       {attr("spatial", 1), attr("is_test", 1), attr("consumed_inputs", {0, 0})}),
              plain);
    EXPECT_EQ(upgraded(8, "BatchNormalization", in, {attr("spatial", 0)}),
              "! statistics for each activation (spatial = 0)");
    EXPECT_EQ(upgraded(9, "BatchNormalization", in, {attr("epsilon", 0.5f)}, {"y", "-m", "-v"}),
              plain + " epsilon=0.5");
    EXPECT_EQ(upgraded(9, "BatchNormalization", in, {}, {"y", "mean"}),
              "! its statistics, an output of training, are read");
    EXPECT_EQ(upgraded(15, "BatchNormalization", in, {attr("training_mode", 0)}), plain);
    const char *training = "! it normalizes as in training: export the model for inference";
    EXPECT_EQ(upgraded(15, "BatchNormalization", in, {attr("training_mode", 1)}), training);
    EXPECT_EQ(upgraded(7, "BatchNormalization", in, {attr("is_test", 0)}), training);
}

TEST(Upgrade, LegacyBroadcast) {
    for (const char *op : {"Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal",
                           "Greater", "Less", "Gemm"}) {
        std::string plain = std::string(op) + "(x, a) -> y";
        EXPECT_EQ(upgraded(7, op, {"x", "a"}, {attr("broadcast", 1)}), plain);
        EXPECT_EQ(upgraded(7, op, {"x", "a"}, {attr("broadcast", 0), attr("axis", 1)}), plain);
        EXPECT_EQ(upgraded(7, op, {"x", "a"}, {attr("broadcast", 1), attr("axis", 1)}),
                  "! it broadcasts along an axis as in opset 6");
    }
}

TEST(Upgrade, ImageScaler) {
    EXPECT_EQ(upgraded(8, "ImageScaler", {"x"},
                       {attr("scale", 0.5f), attr("bias", std::vector<float>{1, 2})}),
              "Mul(x, {0.5}) -> y/scaled; Add(y/scaled, {1 2}) -> y");
    EXPECT_EQ(upgraded(8, "ImageScaler", {"x"}, {}),
              "Mul(x, {1}) -> y/scaled; Identity(y/scaled) -> y");
}

TEST(Upgrade, GroupNormalization) {
    EXPECT_EQ(upgraded(18, "GroupNormalization", {"x", "a", "b"}, {attr("num_groups", 2)}),
              "Shape(x) -> y/shape; Reshape(x, {0 2 -1}) -> y/groups; "
              "InstanceNormalization(y/groups, a, b) -> y/normalized epsilon=9.99999975e-06; "
              "Reshape(y/normalized, y/shape) -> y");
    EXPECT_EQ(upgraded(20, "GroupNormalization", {"x", "a", "b"}, {}),
              "! its attribute num_groups is missing or below 1");
    EXPECT_EQ(upgraded(21, "GroupNormalization", {"x", "a", "b"}, {attr("num_groups", 2)}),
              "GroupNormalization(x, a, b) -> y num_groups=2");
}

TEST(Upgrade, Types) {
    EXPECT_EQ(upgraded(9, "Cast", {"x"}, {attr("to", static_cast<int>(kFloat16))}),
              "Cast(x) -> y to=10");
    EXPECT_EQ(upgraded(9, "Cast", {"x"}, {attr("to", static_cast<int>(kInt64))}),
              "Cast(x) -> y to=7");
    EXPECT_EQ(upgraded(19, "Cast", {"x"}, {attr("to", 11), attr("saturate", 1)}),
              "Cast(x) -> y to=1");
    EXPECT_EQ(upgraded(9, "Cast", {"x"}, {attr("to", static_cast<int>(kUint32))}),
              "! it makes elements of type uint32");
    EXPECT_EQ(upgraded(19, "CastLike", {"x", "a"}, {attr("saturate", 1)}), "CastLike(x, a) -> y");
    EXPECT_EQ(upgraded(9, "EyeLike", {"x"}, {attr("dtype", 10)}), "EyeLike(x) -> y dtype=1");
    EXPECT_EQ(upgraded(21, "QuantizeLinear", {"x", "a"}, {attr("output_dtype", 0)}),
              "QuantizeLinear(x, a) -> y");
    EXPECT_EQ(upgraded(21, "QuantizeLinear", {"x", "a"}, {attr("output_dtype", 3)}),
              "QuantizeLinear(x, a) -> y output_dtype=3");
    EXPECT_EQ(upgraded(21, "QuantizeLinear", {"x", "a"}, {attr("output_dtype", 22)}),
              "! it makes elements of type int4");
}

TEST(Upgrade, ConvTranspose) {
    const char *ambiguous = "! its automatic padding is ambiguous before opset 11";
    EXPECT_EQ(upgraded(7, "ConvTranspose", {"x", "a"}, {}), "ConvTranspose(x, a) -> y");
    EXPECT_EQ(upgraded(7, "ConvTranspose", {"x", "a"}, {attr("auto_pad", "SAME_UPPER")}),
              ambiguous);
    EXPECT_EQ(upgraded(7, "ConvTranspose", {"x", "a"}, {attr("output_shape", {2, 2})}), ambiguous);
    EXPECT_EQ(upgraded(11, "ConvTranspose", {"x", "a"}, {attr("output_shape", {2, 2})}),
              "ConvTranspose(x, a) -> y output_shape=2,2,");
}

TEST(Upgrade, SamplingModes) {
    EXPECT_EQ(upgraded(16, "GridSample", {"x", "a"}, {}), "GridSample(x, a) -> y mode=linear");
    EXPECT_EQ(upgraded(16, "GridSample", {"x", "a"}, {attr("mode", "bicubic")}),
              "GridSample(x, a) -> y mode=cubic");
    EXPECT_EQ(upgraded(16, "GridSample", {"x", "a"}, {attr("mode", "nearest")}),
              "GridSample(x, a) -> y mode=nearest");
    EXPECT_EQ(upgraded(20, "GridSample", {"x", "a"}, {}), "GridSample(x, a) -> y");
    EXPECT_EQ(upgraded(10, "RoiAlign", {"x", "a", "b"}, {}),
              "RoiAlign(x, a, b) -> y coordinate_transformation_mode=output_half_pixel");
    EXPECT_EQ(upgraded(16, "RoiAlign", {"x", "a", "b"}, {}), "RoiAlign(x, a, b) -> y");
}

TEST(Upgrade, Pad) {
    EXPECT_EQ(upgraded(7, "Pad", {"x"}, {attr("pads", {1, 2}), attr("mode", "reflect")}),
              "Pad(x, {1 2}) -> y mode=reflect");
    EXPECT_EQ(upgraded(10, "Pad", {"x"}, {attr("pads", {1, 2}), attr("value", 0.5f)}),
              "Pad(x, {1 2}, {0.5}) -> y");
    EXPECT_EQ(upgraded(10, "Pad", {"x"}, {}), "! its attribute \"pads\" is missing");
    EXPECT_EQ(upgraded(10, "Pad", {"x", "a"}, {attr("pads", {1, 2})}),
              "! it has \"pads\" as an attribute and as an input");
    EXPECT_EQ(upgraded(11, "Pad", {"x", "a"}, {}), "Pad(x, a) -> y");
}

TEST(Upgrade, Reshape) {
    EXPECT_EQ(upgraded(7, "Reshape", {"x"}, {attr("shape", {0, -1})}), "Reshape(x, {0 -1}) -> y");
    EXPECT_EQ(upgraded(14, "Reshape", {"x", "a"}, {attr("allowzero", 1)}),
              "Reshape(x, a) -> y allowzero=1");
}

TEST(Upgrade, Slice) {
    EXPECT_EQ(upgraded(9, "Slice", {"x"},
                       {attr("axes", {1}), attr("ends", {3}), attr("starts", {0})}),
              "Slice(x, {0}, {3}, {1}) -> y");
    EXPECT_EQ(upgraded(9, "Slice", {"x"}, {attr("ends", {3}), attr("starts", {0})}),
              "Slice(x, {0}, {3}) -> y");
    EXPECT_EQ(upgraded(9, "Slice", {"x"}, {attr("starts", {0})}),
              "! its attribute \"ends\" is missing");
    EXPECT_EQ(upgraded(10, "Slice", {"x", "a", "b"}, {}), "Slice(x, a, b) -> y");
}

TEST(Upgrade, Split) {
    const Names two = {"y", "z"};
    EXPECT_EQ(upgraded(7, "Split", {"x"}, {attr("split", {1, 3}), attr("axis", 1)}, two),
              "Split(x, {1 3}) -> y z axis=1");
    EXPECT_EQ(upgraded(11, "Split", {"x"}, {}, two), "Split(x) -> y z num_outputs=2");
    EXPECT_EQ(upgraded(13, "Split", {"x"}, {}, two), "Split(x) -> y z num_outputs=2");
    EXPECT_EQ(upgraded(13, "Split", {"x"}, {}, {"y", "-unread"}),
              "Split(x) -> y -unread num_outputs=2");
    EXPECT_EQ(upgraded(13, "Split", {"x", "a"}, {}, two), "Split(x, a) -> y z");
    EXPECT_EQ(upgraded(18, "Split", {"x"}, {attr("num_outputs", 2)}, two),
              "Split(x) -> y z num_outputs=2");
}

TEST(Upgrade, SqueezeAndUnsqueeze) {
    EXPECT_EQ(upgraded(7, "Squeeze", {"x"}, {attr("axes", {2, 3})}), "Squeeze(x, {2 3}) -> y");
    EXPECT_EQ(upgraded(12, "Squeeze", {"x"}, {}), "Squeeze(x) -> y");
    EXPECT_EQ(upgraded(12, "Squeeze", {"x"}, {attr("axes", kNoInts)}), "Squeeze(x) -> y");
    EXPECT_EQ(upgraded(13, "Squeeze", {"x", "a"}, {}), "Squeeze(x, a) -> y");
    EXPECT_EQ(upgraded(11, "Unsqueeze", {"x"}, {attr("axes", {0})}), "Unsqueeze(x, {0}) -> y");
    EXPECT_EQ(upgraded(11, "Unsqueeze", {"x"}, {}), "! its attribute \"axes\" is missing");
    EXPECT_EQ(upgraded(13, "Unsqueeze", {"x", "a"}, {}), "Unsqueeze(x, a) -> y");
}

TEST(Upgrade, TopK) {
    EXPECT_EQ(upgraded(9, "TopK", {"x"}, {attr("k", 5), attr("axis", 1)}, {"y", "i"}),
              "TopK(x, {5}) -> y i axis=1");
    EXPECT_EQ(upgraded(9, "TopK", {"x"}, {}), "! its attribute \"k\" is missing");
    EXPECT_EQ(upgraded(10, "TopK", {"x", "a"}, {}), "TopK(x, a) -> y");
}

TEST(Upgrade, Scatter) {
    EXPECT_EQ(upgraded(9, "Scatter", {"x", "a", "b"}, {attr("axis", 1)}),
              "ScatterElements(x, a, b) -> y axis=1");
    EXPECT_EQ(upgraded(11, "Scatter", {"x", "a", "b"}, {}), "Scatter(x, a, b) -> y");
}

TEST(Upgrade, Reductions) {
    for (const char *op : {"ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",
                           "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"}) {
        std::string name = op;
        EXPECT_EQ(upgraded(7, op, {"x"}, {attr("axes", {2, 3}), attr("keepdims", 0)}),
                  name + "(x, {2 3}) -> y keepdims=0");
        EXPECT_EQ(upgraded(17, op, {"x"}, {attr("axes", {-1})}), name + "(x, {-1}) -> y");
        EXPECT_EQ(upgraded(17, op, {"x"}, {}), name + "(x) -> y");
        EXPECT_EQ(upgraded(17, op, {"x"}, {attr("axes", kNoInts)}), name + "(x) -> y");
        EXPECT_EQ(upgraded(18, op, {"x", "a"}, {}), name + "(x, a) -> y");
    }
    EXPECT_EQ(upgraded(12, "ReduceSum", {"x"}, {attr("axes", {1})}), "ReduceSum(x, {1}) -> y");
    EXPECT_EQ(upgraded(13, "ReduceSum", {"x", "a"}, {attr("noop_with_empty_axes", 1)}),
              "ReduceSum(x, a) -> y noop_with_empty_axes=1");
    EXPECT_EQ(upgraded(12, "ReduceSum", {"x", "a"}, {attr("axes", {1})}),
              "! it has \"axes\" as an attribute and as an input");
}

std::string softmax_matrix(const std::string &op, int axis) {
    return "Shape(x) -> y/shape; Flatten(x) -> y/matrix axis=" + std::to_string(axis) + "; " + op +
           "(y/matrix) -> y/of_matrix axis=-1; Reshape(y/of_matrix, y/shape) -> y";
}

TEST(Upgrade, SoftmaxOfUnknownRank) {
    for (const char *op : {"Softmax", "LogSoftmax", "Hardmax"}) {
        EXPECT_EQ(upgraded(7, op, {"x"}, {}), softmax_matrix(op, 1));
        EXPECT_EQ(upgraded(12, op, {"x"}, {attr("axis", 0)}), softmax_matrix(op, 0));
        EXPECT_EQ(upgraded(12, op, {"x"}, {attr("axis", -2)}), softmax_matrix(op, -2));
        EXPECT_EQ(upgraded(12, op, {"x"}, {attr("axis", -1)}),
                  std::string(op) + "(x) -> y axis=-1");
        EXPECT_EQ(upgraded(13, op, {"x"}, {attr("axis", 1)}), std::string(op) + "(x) -> y axis=1");
        EXPECT_EQ(upgraded(13, op, {"x"}, {}), std::string(op) + "(x) -> y");
    }
}

// What stands before Softmax, and whether its default axis, 1, is known to be the last one.
bool softmax_is_plain(OnnxWriter *writer) {
    writer->node("Softmax", {"x"}, {"y"}).output("y");
    std::string text = load_testing::graph_of(*writer);
    std::string end = "Softmax(x) -> y axis=-1";
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool softmax_is_plain_after(const std::string &op, const Names &inputs,
                            const std::vector<Proto> &attributes = {}) {
    OnnxWriter writer(9);
    writer.input("m", {1, 10}).input("c", {1, 8, 4, 4}).input("v", {10}).input("s", {2}, kInt64);
    writer.initializer(int64_tensor("shape2", {2}, {1, -1}));
    writer.initializer(int64_tensor("shape3", {3}, {1, 1, -1}));
    writer.node(op, inputs, {"x"}, attributes);
    return softmax_is_plain(&writer);
}

TEST(Upgrade, SoftmaxOfKnownRank) {
    EXPECT_TRUE(softmax_is_plain_after("Flatten", {"c"}));
    EXPECT_TRUE(softmax_is_plain_after("Gemm", {"m", "m"}));
    EXPECT_TRUE(softmax_is_plain_after("MatMul", {"m", "m"}));
    EXPECT_FALSE(softmax_is_plain_after("MatMul", {"v", "m"}));
    EXPECT_TRUE(softmax_is_plain_after("Add", {"m", "v"}));
    EXPECT_FALSE(softmax_is_plain_after("Add", {"m", "c"}));
    EXPECT_TRUE(softmax_is_plain_after("Dropout", {"m"}));
    EXPECT_FALSE(softmax_is_plain_after("Relu", {"c"}));
    EXPECT_TRUE(softmax_is_plain_after("Reshape", {"c", "shape2"}));
    EXPECT_FALSE(softmax_is_plain_after("Reshape", {"c", "shape3"}));
    EXPECT_TRUE(softmax_is_plain_after("Reshape", {"c", "s"}));
    EXPECT_TRUE(softmax_is_plain_after("Squeeze", {"c"}, {attr("axes", {2, 3})}));
    EXPECT_FALSE(softmax_is_plain_after("Squeeze", {"c"}));
    EXPECT_TRUE(softmax_is_plain_after("Unsqueeze", {"v"}, {attr("axes", {0})}));
    EXPECT_TRUE(softmax_is_plain_after("ReduceMean", {"c"},
                                       {attr("axes", {2, 3}), attr("keepdims", 0)}));
    EXPECT_FALSE(softmax_is_plain_after("ReduceMean", {"c"}, {attr("axes", {2, 3})}));
    EXPECT_TRUE(softmax_is_plain_after("Gather", {"v", "m"}));
    EXPECT_FALSE(softmax_is_plain_after("Unknown", {"m"}));
    OnnxWriter input(9);
    EXPECT_TRUE(softmax_is_plain(&input.input("x", {-1, 10})));
    OnnxWriter picture(9);
    EXPECT_FALSE(softmax_is_plain(&picture.input("x", {1, 3, 2, 2})));
}

const char *const kAsymmetric = " coordinate_transformation_mode=asymmetric";
const char *const kFloor = " coordinate_transformation_mode=asymmetric nearest_mode=floor";

TEST(Upgrade, Upsample) {
    auto scales = attr("scales", std::vector<float>{1, 1, 2, 2});
    EXPECT_EQ(upgraded(7, "Upsample", {"x"}, {scales}),
              std::string("Resize(x, _, {1 1 2 2}) -> y") + kFloor);
    EXPECT_EQ(upgraded(7, "Upsample", {"x"}, {attr("mode", "linear"), scales}),
              std::string("Resize(x, _, {1 1 2 2}) -> y mode=linear") + kAsymmetric);
    EXPECT_EQ(upgraded(7, "Upsample", {"x"}, {attr("mode", "bilinear"), scales}),
              std::string("Resize(x, _, {1 1 2 2}) -> y mode=linear") + kAsymmetric);
    EXPECT_EQ(upgraded(9, "Upsample", {"x", "a"}, {attr("mode", "nearest")}),
              std::string("Resize(x, _, a) -> y mode=nearest") + kFloor);
    EXPECT_EQ(upgraded(9, "Upsample", {"x"}, {}), "! it needs scales, once");
    EXPECT_EQ(upgraded(9, "Upsample", {"x", "a"}, {scales}), "! it needs scales, once");
    EXPECT_EQ(upgraded(10, "Upsample", {"x", "a"}, {}), "Upsample(x, a) -> y");
}

std::string resize_10(const std::vector<float> &scales, const char *mode) {
    OnnxWriter writer(10);
    writer.input("x", {1, 1, 8, 8}).output("y");
    writer.initializer(float_tensor("s", {static_cast<int64_t>(scales.size())}, scales));
    return load_testing::graph_of(writer.node("Resize", {"x", "s"}, {"y"}, {attr("mode", mode)}));
}

TEST(Upgrade, Resize) {
    EXPECT_EQ(upgraded(10, "Resize", {"x", "a"}, {}), std::string("Resize(x, _, a) -> y") + kFloor);
    EXPECT_EQ(resize_10({1, 1, 1.7f, 0.5f}, "nearest"),
              std::string("Resize(x, _, {1 1 1.70000005 0.5}) -> y mode=nearest") + kFloor);
    EXPECT_EQ(resize_10({1, 1, 0.6f, 2}, "linear"),
              std::string("Resize(x, _, {1 1 0.600000024 2}) -> y mode=linear") + kAsymmetric);
    EXPECT_EQ(resize_10({1, 1, 0.6f, 2}, "nearest"),
              "unsupported: unsupported: node with output \"y\" (Resize): which pixel is nearest "
              "is ambiguous in opset 10 for such scales");
    EXPECT_EQ(upgraded(11, "Resize", {"x", "a", "b"},
                       {attr("coordinate_transformation_mode", "tf_half_pixel_for_nn")}),
              "! its mode tf_half_pixel_for_nn is gone since opset 13");
    OnnxWriter writer(11);
    writer.input("x", {1, 1, 8, 8}).initializer(float_tensor("none", {0}, {})).output("y");
    writer.initializer(int64_tensor("sizes", {4}, {1, 1, 4, 4}));
    EXPECT_EQ(load_testing::graph_of(writer.node("Resize", {"x", "none", "none", "sizes"}, {"y"})),
              "Resize(x, _, _, {1 1 4 4}) -> y");
}

TEST(Upgrade, OthersStayAsTheyAre) {
    EXPECT_EQ(upgraded(7, "AveragePool", {"x"}, {attr("kernel_shape", {2, 2})}),
              "AveragePool(x) -> y kernel_shape=2,2,");
    EXPECT_EQ(upgraded(7, "PRelu", {"x", "a"}, {}), "PRelu(x, a) -> y");
    EXPECT_EQ(upgraded(8, "MaxPool", {"x"}, {}, {"y", "-indices"}), "MaxPool(x) -> y");
    EXPECT_EQ(upgraded(8, "MaxPool", {"x"}, {}, {"y", "indices"}), "MaxPool(x) -> y indices");
    EXPECT_EQ(upgraded(7, "Relu", {"x"}, {attr("consumed_inputs", {0})}), "Relu(x) -> y");
}

} // namespace

// Convolutions of three axes along one of which the window does not reach.
// SPDX-License-Identifier: MIT
#include <utility>

#include "load/onnx_upgrade.h"

namespace linnet {
namespace {

constexpr int kConvSpatialAxes = 3;

int64_t conv_setting(const Node &node, const char *attribute, size_t at, int64_t otherwise) {
    Span<const int64_t> list = node.get_ints(attribute);
    return at < list.size() ? list[at] : otherwise;
}

int64_t conv_window(const Graph &graph, const Node &node, size_t axis) {
    const Tensor *weights = graph.constant(node.input(1));
    int64_t known = weights ? weights->shape()[static_cast<int>(axis) + 2] : -1;
    return conv_setting(node, "kernel_shape", axis, known);
}

// The first spatial axis along which each result comes from one place alone, or -1.
int conv_flat_axis(OnnxUpgrade &upgrade) {
    const Node &node = upgrade.node();
    if (upgrade.rank(node.input(1)) != kConvSpatialAxes + 2) return -1;
    for (size_t axis = 0; axis < kConvSpatialAxes; ++axis) {
        bool flat = conv_window(upgrade.graph(), node, axis) == 1 &&
                    conv_setting(node, "strides", axis, 1) == 1 &&
                    conv_setting(node, "pads", axis, 0) == 0 &&
                    conv_setting(node, "pads", axis + kConvSpatialAxes, 0) == 0;
        if (flat) return static_cast<int>(axis);
    }
    return -1;
}

// Takes the axis out of a list of one number, or two, for each spatial axis.
Status drop_conv_axis(Node *node, const char *attribute, int axis) {
    Span<const int64_t> list = node->get_ints(attribute);
    Array<int64_t> kept;
    for (size_t i = 0; i < list.size(); ++i)
        if (i % kConvSpatialAxes != static_cast<size_t>(axis)) LINNET_TRY(kept.push(list[i]));
    return list.empty() ? Status() : node->set_ints(attribute, kept.span());
}

// x with a spatial axis behind the batch.
Result<ValueId> emit_front(OnnxUpgrade &upgrade, int axis) {
    LINNET_ASSIGN(ValueId front, upgrade.emit("Transpose", "front", {upgrade.node().input(0)}));
    int64_t order[kConvSpatialAxes + 2] = {0, axis + 2, 1, 2, 3};
    for (int at = axis + 3; at < kConvSpatialAxes + 2; ++at) order[at] = at;
    LINNET_TRY(upgrade.emitted().set_ints("perm", order));
    return front;
}

Result<ValueId> emit_shape(OnnxUpgrade &upgrade, const char *what, ValueId x, int64_t start,
                           int64_t end) {
    LINNET_ASSIGN(ValueId shape, upgrade.emit("Shape", what, {x}));
    LINNET_TRY(upgrade.emitted().set_int("start", start));
    LINNET_TRY(upgrade.emitted().set_int("end", end));
    return shape;
}

Result<ValueId> emit_joined_shape(OnnxUpgrade &upgrade, const char *what, ValueId a, ValueId b) {
    LINNET_ASSIGN(ValueId shape, upgrade.emit("Concat", what, {a, b}));
    LINNET_TRY(upgrade.emitted().set_int("axis", 0));
    return shape;
}

// x as pictures, one for each place along the axis, which is axis 1 of `front`.
Result<ValueId> emit_slices(OnnxUpgrade &upgrade, ValueId front) {
    const int64_t all[] = {-1};
    LINNET_ASSIGN(ValueId count, upgrade.constant("count", Span<const int64_t>(all)));
    LINNET_ASSIGN(ValueId picture, emit_shape(upgrade, "picture", front, 2, 5));
    LINNET_ASSIGN(ValueId shape, emit_joined_shape(upgrade, "slices_shape", count, picture));
    return upgrade.emit("Reshape", "slices", {front, shape});
}

Result<ValueId> emit_flat_conv(OnnxUpgrade &upgrade, ValueId slices, int axis) {
    const int64_t axes[] = {axis + 2};
    LINNET_ASSIGN(ValueId dropped, upgrade.constant("axis", Span<const int64_t>(axes)));
    LINNET_ASSIGN(ValueId weights,
                  upgrade.emit("Squeeze", "weights", {upgrade.node().input(1), dropped}));
    LINNET_ASSIGN(ValueId y,
                  upgrade.emit("Conv", "flat", {slices, weights, upgrade.node().input(2)}));
    Node &conv = upgrade.emitted();
    std::swap(conv.attributes, upgrade.node().attributes);
    for (const char *list : {"dilations", "kernel_shape", "pads", "strides"})
        LINNET_TRY(drop_conv_axis(&conv, list, axis));
    return y;
}

// The places along such an axis are convolved apart, as pictures of a batch.
Status upgrade_flat_conv(OnnxUpgrade &upgrade) {
    int axis = conv_flat_axis(upgrade);
    if (axis < 0) return Status();
    LINNET_ASSIGN(ValueId front, emit_front(upgrade, axis));
    LINNET_ASSIGN(ValueId slices, emit_slices(upgrade, front));
    LINNET_ASSIGN(ValueId flat, emit_flat_conv(upgrade, slices, axis));
    LINNET_ASSIGN(ValueId outer, emit_shape(upgrade, "outer", front, 0, 2));
    LINNET_ASSIGN(ValueId inner, emit_shape(upgrade, "inner", flat, 1, 4));
    LINNET_ASSIGN(ValueId shape, emit_joined_shape(upgrade, "result_shape", outer, inner));
    LINNET_ASSIGN(ValueId apart, upgrade.emit("Reshape", "apart", {flat, shape}));
    LINNET_TRY(upgrade.node().inputs.assign({apart}));
    int64_t order[kConvSpatialAxes + 2] = {0, 2, 3, 4, 1};
    for (int at = kConvSpatialAxes + 1; at > axis + 2; --at) std::swap(order[at], order[at - 1]);
    LINNET_TRY(upgrade.node().set_ints("perm", order));
    return upgrade.node().op.assign("Transpose");
}

constexpr OnnxUpgradeRule kOnnxConvRules[] = {{"Conv", kOnnxAnyOpset, upgrade_flat_conv}};

} // namespace

Span<const OnnxUpgradeRule> onnx_upgrade_conv_rules() { return kOnnxConvRules; }

} // namespace linnet

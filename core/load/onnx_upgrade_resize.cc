// Upsample and Resize.
// SPDX-License-Identifier: MIT
#include "load/onnx_upgrade.h"

namespace linnet {
namespace {

// Coordinates of the output are divided by the scale; nearest takes the pixel to the left.
Status upgrade_resize_set_asymmetric(Node *node) {
    LINNET_TRY(node->set_text("coordinate_transformation_mode", "asymmetric"));
    if (node->get_text("mode", "nearest") != "nearest") return Status();
    return node->set_text("nearest_mode", "floor");
}

// Resize of opset 11 has a region of interest as its second input.
Status upgrade_resize_set_scales(OnnxUpgrade &upgrade, ValueId scales) {
    return upgrade.node().inputs.assign({upgrade.node().input(0), kNoValue, scales});
}

Status upgrade_upsample_finish(OnnxUpgrade &upgrade, ValueId scales) {
    Node &node = upgrade.node();
    LINNET_TRY(upgrade_resize_set_scales(upgrade, scales));
    if (node.get_text("mode", "nearest") == "bilinear")
        LINNET_TRY(node.set_text("mode", "linear"));
    LINNET_TRY(upgrade_resize_set_asymmetric(&node));
    return node.op.assign("Resize");
}

// Upsample has its scales as an attribute in opset 8 and before, and as an input in opset 9.
Status upgrade_upsample(OnnxUpgrade &upgrade) {
    Array<float> list;
    LINNET_ASSIGN(bool found, upgrade.take_floats("scales", &list));
    ValueId scales = upgrade.node().input(1);
    if (found == (scales != kNoValue)) return upgrade.refuse("it needs scales, once");
    if (found) {
        Shape shape{static_cast<int64_t>(list.size())};
        LINNET_ASSIGN(scales, upgrade.constant("scales", shape, list.span()));
    }
    return upgrade_upsample_finish(upgrade, scales);
}

// Where an axis is made shorter, and not by a whole number, opset 10 leaves open which pixel is the
// nearest, and runtimes differ.
bool upgrade_resize_is_ambiguous(const Tensor &scales) {
    if (scales.dtype() != DType::kFloat32) return false;
    for (float scale : scales.floats()) {
        if (scale >= 1 || !(scale > 0)) continue;
        float step = 1 / scale;
        if (step > 1e6f || step != static_cast<float>(static_cast<int>(step))) return true;
    }
    return false;
}

Status upgrade_resize_10(OnnxUpgrade &upgrade) {
    ValueId scales = upgrade.node().input(1);
    const Tensor *known = upgrade.graph().constant(scales);
    bool nearest = upgrade.node().get_text("mode", "nearest") == "nearest";
    if (nearest && known && upgrade_resize_is_ambiguous(*known))
        return upgrade.refuse("which pixel is nearest is ambiguous in opset 10 for such scales");
    LINNET_TRY(upgrade_resize_set_scales(upgrade, scales));
    return upgrade_resize_set_asymmetric(&upgrade.node());
}

Status upgrade_resize_tf_nearest(OnnxUpgrade &upgrade) {
    if (upgrade.node().get_text("coordinate_transformation_mode", "") == "tf_half_pixel_for_nn")
        return upgrade.refuse("its mode tf_half_pixel_for_nn is gone since opset 13");
    return Status();
}

// Opset 11 and 12 need roi and scales even where they mean nothing: files give empty tensors.
Status upgrade_resize_empty_inputs(OnnxUpgrade &upgrade) {
    for (size_t i = 1; i < upgrade.node().inputs.size(); ++i) {
        const Tensor *known = upgrade.graph().constant(upgrade.node().input(i));
        if (known && known->elements() == 0) upgrade.node().inputs[i] = kNoValue;
    }
    return Status();
}

constexpr OnnxUpgradeRule kOnnxResizeRules[] = {
    {"Resize", 11, upgrade_resize_10},
    {"Resize", 13, upgrade_resize_tf_nearest},
    {"Resize", kOnnxAnyOpset, upgrade_resize_empty_inputs},
    {"Upsample", 10, upgrade_upsample},
};

} // namespace

Span<const OnnxUpgradeRule> onnx_upgrade_resize_rules() { return kOnnxResizeRules; }

} // namespace linnet

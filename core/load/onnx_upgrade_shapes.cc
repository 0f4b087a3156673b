// Operators that move elements: what were attributes has become inputs.
// SPDX-License-Identifier: MIT
#include "load/onnx_upgrade.h"

namespace linnet {
namespace {

// Turns the attribute, a list, into input `at`.
Status upgrade_list_to_input(OnnxUpgrade &upgrade, const char *attribute, size_t at,
                             bool required) {
    Array<int64_t> list;
    LINNET_ASSIGN(bool found, upgrade.take_ints(attribute, &list));
    if (!found) {
        if (!required || upgrade.node().has_input(at)) return Status();
        return upgrade.refuse("its attribute \"%s\" is missing", attribute);
    }
    if (upgrade.node().has_input(at))
        return upgrade.refuse("it has \"%s\" as an attribute and as an input", attribute);
    LINNET_ASSIGN(ValueId id, upgrade.constant(attribute, list.span()));
    return upgrade.set_input(at, id);
}

Status upgrade_pad(OnnxUpgrade &upgrade) {
    LINNET_TRY(upgrade_list_to_input(upgrade, "pads", 1, true));
    float value = 0;
    LINNET_TRY(upgrade.take_float("value", &value).take_status());
    if (value == 0) return Status();
    LINNET_ASSIGN(ValueId id, upgrade.constant("value", {}, {&value, 1}));
    return upgrade.set_input(2, id);
}

// The form of opset 4, which some exporters keep.
Status upgrade_reshape(OnnxUpgrade &upgrade) {
    return upgrade_list_to_input(upgrade, "shape", 1, false);
}

Status upgrade_slice(OnnxUpgrade &upgrade) {
    LINNET_TRY(upgrade_list_to_input(upgrade, "starts", 1, true));
    LINNET_TRY(upgrade_list_to_input(upgrade, "ends", 2, true));
    return upgrade_list_to_input(upgrade, "axes", 3, false);
}

Status upgrade_split(OnnxUpgrade &upgrade) {
    return upgrade_list_to_input(upgrade, "split", 1, false);
}

// Equal parts, as many as there are outputs.
Status upgrade_split_equal(OnnxUpgrade &upgrade) {
    if (upgrade.node().has_input(1)) return Status();
    return upgrade.node().set_int("num_outputs",
                                  static_cast<int64_t>(upgrade.node().outputs.size()));
}

// No axes, or an empty list of them: all axes of length 1.
Status upgrade_squeeze(OnnxUpgrade &upgrade) {
    if (upgrade.node().find("axes") && upgrade.node().get_ints("axes").empty())
        upgrade.remove("axes");
    return upgrade_list_to_input(upgrade, "axes", 1, false);
}

Status upgrade_unsqueeze(OnnxUpgrade &upgrade) {
    return upgrade_list_to_input(upgrade, "axes", 1, true);
}

Status upgrade_top_k(OnnxUpgrade &upgrade) {
    int64_t k = 0;
    LINNET_ASSIGN(bool found, upgrade.take_int("k", &k));
    if (!found) return upgrade.refuse("its attribute \"k\" is missing");
    LINNET_ASSIGN(ValueId id, upgrade.constant("k", Span<const int64_t>(&k, 1)));
    return upgrade.set_input(1, id);
}

Status upgrade_scatter(OnnxUpgrade &upgrade) { return upgrade.node().op.assign("ScatterElements"); }

constexpr OnnxUpgradeRule kOnnxShapeRules[] = {
    {"Pad", 11, upgrade_pad},
    {"Reshape", kOnnxAnyOpset, upgrade_reshape},
    {"Scatter", 11, upgrade_scatter},
    {"Slice", 10, upgrade_slice},
    {"Split", 13, upgrade_split},
    {"Split", 18, upgrade_split_equal},
    {"Squeeze", 13, upgrade_squeeze},
    {"TopK", 10, upgrade_top_k},
    {"Unsqueeze", 13, upgrade_unsqueeze},
};

} // namespace

Span<const OnnxUpgradeRule> onnx_upgrade_shape_rules() { return kOnnxShapeRules; }

} // namespace linnet

// Layers: normalization, activation, arithmetic, types.
// SPDX-License-Identifier: MIT
#include "load/onnx_format.h"
#include "load/onnx_upgrade.h"

namespace linnet {
namespace {

// ---- BatchNormalization -------------------------------------------------------------------------

Status upgrade_batch_norm_spatial(OnnxUpgrade &upgrade) {
    int64_t spatial = 1;
    LINNET_TRY(upgrade.take_int("spatial", &spatial).take_status());
    if (spatial == 0) return upgrade.refuse("statistics for each activation (spatial = 0)");
    return Status();
}

// Of data, the statistics are those of training. Of weights, they are part of the model: networks
// without normalization standardize their weights in this way.
Status upgrade_batch_norm_training(OnnxUpgrade &upgrade) {
    int64_t training = 0, is_test = 1;
    LINNET_TRY(upgrade.take_int("training_mode", &training).take_status());
    LINNET_TRY(upgrade.take_int("is_test", &is_test).take_status());
    bool trains = training != 0 || is_test == 0;
    if (trains && !upgrade.is_fixed(upgrade.node().input(0)))
        return upgrade.refuse("it normalizes as in training: export the model for inference");
    if (trains) LINNET_TRY(upgrade.node().set_int("training_mode", 1));
    for (size_t i = 1; i < upgrade.node().outputs.size(); ++i)
        if (upgrade.node().outputs[i] != kNoValue)
            return upgrade.refuse("its statistics, an output of training, are read");
    upgrade.node().outputs.shrink(1);
    return Status();
}

// ---- Dropout ------------------------------------------------------------------------------------

// The mask was of the type of the data.
Status upgrade_dropout_mask(OnnxUpgrade &upgrade) {
    const Node &node = upgrade.node();
    if (node.outputs.size() > 1 && node.outputs[1] != kNoValue)
        return upgrade.refuse("its mask, an output of training, is read");
    return Status();
}

// At inference it passes its data on, whatever the ratio and the seed.
Status upgrade_dropout(OnnxUpgrade &upgrade) {
    for (const char *unused : {"ratio", "is_test", "seed"}) upgrade.remove(unused);
    Node &node = upgrade.node();
    if (node.has_input(2)) {
        const Tensor *training = upgrade.graph().constant(node.input(2));
        bool inference = training && training->dtype() == DType::kBool &&
                         training->elements() == 1 && training->integer(0) == 0;
        if (!inference)
            return upgrade.refuse("it drops as in training: export the model for inference");
    }
    if (node.inputs.size() > 1) node.inputs.shrink(1);
    return Status();
}

// ---- Clip ---------------------------------------------------------------------------------------

Status upgrade_clip(OnnxUpgrade &upgrade) {
    const char *const names[] = {"min", "max"};
    for (size_t i = 0; i < 2; ++i) {
        float bound = 0;
        LINNET_ASSIGN(bool found, upgrade.take_float(names[i], &bound));
        if (!found) continue;
        LINNET_ASSIGN(ValueId id, upgrade.constant(names[i], {}, {&bound, 1}));
        LINNET_TRY(upgrade.set_input(i + 1, id));
    }
    return Status();
}

// ---- Arithmetic ---------------------------------------------------------------------------------

// Attributes of opset 6 that later exporters still wrote. Without an axis they mean what has become
// the rule.
Status upgrade_broadcast(OnnxUpgrade &upgrade) {
    int64_t broadcast = 0;
    LINNET_ASSIGN(bool found, upgrade.take_int("broadcast", &broadcast));
    if (!found) return Status();
    if (broadcast != 0 && upgrade.node().find("axis"))
        return upgrade.refuse("it broadcasts along an axis as in opset 6");
    upgrade.remove("axis");
    return Status();
}

// An experimental operator, gone since opset 10: x * scale + bias[channel]
Status upgrade_image_scaler(OnnxUpgrade &upgrade) {
    float scale = 1;
    Array<float> bias;
    LINNET_TRY(upgrade.take_float("scale", &scale).take_status());
    LINNET_TRY(upgrade.take_floats("bias", &bias).take_status());
    Shape channels{static_cast<int64_t>(bias.size()), 1, 1};
    LINNET_ASSIGN(ValueId factor, upgrade.constant("scale", {}, {&scale, 1}));
    LINNET_ASSIGN(ValueId scaled,
                  upgrade.emit("Mul", "scaled", {upgrade.node().input(0), factor}));
    LINNET_TRY(upgrade.set_input(0, scaled));
    if (bias.empty()) return upgrade.node().op.assign("Identity");
    LINNET_ASSIGN(ValueId offset, upgrade.constant("bias", channels, bias.span()));
    LINNET_TRY(upgrade.set_input(1, offset));
    return upgrade.node().op.assign("Add");
}

// ---- GroupNormalization -------------------------------------------------------------------------

// Before opset 21 scale and bias were for each group: instance normalization of the groups.
Status upgrade_group_norm(OnnxUpgrade &upgrade) {
    int64_t groups = 0;
    LINNET_TRY(upgrade.take_int("num_groups", &groups).take_status());
    if (groups < 1) return upgrade.refuse("its attribute num_groups is missing or below 1");
    float epsilon = upgrade.node().get_float("epsilon", 1e-5f);
    upgrade.remove("epsilon");
    upgrade.remove("stash_type");
    ValueId x = upgrade.node().input(0);
    LINNET_ASSIGN(ValueId shape, upgrade.emit("Shape", "shape", {x}));
    const int64_t grouped[] = {0, groups, -1};
    LINNET_ASSIGN(ValueId group_shape,
                  upgrade.constant("group_shape", Span<const int64_t>(grouped)));
    LINNET_ASSIGN(ValueId parts, upgrade.emit("Reshape", "groups", {x, group_shape}));
    LINNET_ASSIGN(ValueId normal,
                  upgrade.emit("InstanceNormalization", "normalized",
                               {parts, upgrade.node().input(1), upgrade.node().input(2)}));
    LINNET_TRY(upgrade.emitted().set_float("epsilon", epsilon));
    LINNET_TRY(upgrade.node().inputs.assign({normal, shape}));
    return upgrade.node().op.assign("Reshape");
}

// ---- Types --------------------------------------------------------------------------------------

// A graph has one floating-point type; casts between them do nothing.
// `none` stands for an attribute that is absent.
Status upgrade_type_attribute(OnnxUpgrade &upgrade, string_view attribute, int64_t none) {
    int64_t type = none;
    LINNET_TRY(upgrade.take_int(attribute, &type).take_status());
    if (type == none) return Status();
    DType dtype = onnx_graph_dtype(type);
    if (dtype == DType::kNone)
        return upgrade.refuse("it makes elements of type %s", onnx_dtype_name(type));
    return upgrade.node().set_int(attribute, static_cast<int64_t>(dtype));
}

// `saturate` is about 8-bit floating point. A cast to half precision keeps its type number, since
// it rounds; what it makes is float32 all the same.
Status upgrade_cast(OnnxUpgrade &upgrade) {
    upgrade.remove("saturate");
    int64_t to = upgrade.node().get_int("to", 0);
    for (DType half : {DType::kFloat16, DType::kBfloat16})
        if (to == static_cast<int64_t>(half)) return Status();
    return upgrade_type_attribute(upgrade, "to", -1);
}

Status upgrade_cast_like(OnnxUpgrade &upgrade) {
    upgrade.remove("saturate");
    return Status();
}

Status upgrade_eye_like(OnnxUpgrade &upgrade) {
    return upgrade_type_attribute(upgrade, "dtype", -1);
}

Status upgrade_quantize(OnnxUpgrade &upgrade) {
    upgrade.remove("saturate");
    return upgrade_type_attribute(upgrade, "output_dtype", 0); // 0: that of the zero point
}

// ---- Others -------------------------------------------------------------------------------------

// Opset 11 swapped the sides that get the odd element of automatic padding, and runtimes disagree
// on what older files mean.
Status upgrade_conv_transpose(OnnxUpgrade &upgrade) {
    string_view mode = upgrade.node().get_text("auto_pad", "NOTSET");
    if (mode == "SAME_UPPER" || mode == "SAME_LOWER" || upgrade.node().find("output_shape"))
        return upgrade.refuse("its automatic padding is ambiguous before opset 11");
    return Status();
}

Status upgrade_grid_sample(OnnxUpgrade &upgrade) {
    string_view mode = upgrade.node().get_text("mode", "bilinear");
    if (mode == "bilinear") return upgrade.node().set_text("mode", "linear");
    if (mode == "bicubic") return upgrade.node().set_text("mode", "cubic");
    return Status();
}

Status upgrade_roi_align(OnnxUpgrade &upgrade) {
    if (upgrade.node().find("coordinate_transformation_mode")) return Status();
    return upgrade.node().set_text("coordinate_transformation_mode", "output_half_pixel");
}

constexpr OnnxUpgradeRule kOnnxLayerRules[] = {
    {"Add", kOnnxAnyOpset, upgrade_broadcast},
    {"And", kOnnxAnyOpset, upgrade_broadcast},
    {"BatchNormalization", 9, upgrade_batch_norm_spatial},
    {"BatchNormalization", kOnnxAnyOpset, upgrade_batch_norm_training},
    {"Cast", kOnnxAnyOpset, upgrade_cast},
    {"CastLike", kOnnxAnyOpset, upgrade_cast_like},
    {"Clip", 11, upgrade_clip},
    {"ConvTranspose", 11, upgrade_conv_transpose},
    {"Div", kOnnxAnyOpset, upgrade_broadcast},
    {"Dropout", 10, upgrade_dropout_mask},
    {"Dropout", kOnnxAnyOpset, upgrade_dropout},
    {"Equal", kOnnxAnyOpset, upgrade_broadcast},
    {"EyeLike", kOnnxAnyOpset, upgrade_eye_like},
    {"Gemm", kOnnxAnyOpset, upgrade_broadcast},
    {"Greater", kOnnxAnyOpset, upgrade_broadcast},
    {"GridSample", 20, upgrade_grid_sample},
    {"GroupNormalization", 21, upgrade_group_norm},
    {"ImageScaler", 10, upgrade_image_scaler},
    {"Less", kOnnxAnyOpset, upgrade_broadcast},
    {"Mul", kOnnxAnyOpset, upgrade_broadcast},
    {"Or", kOnnxAnyOpset, upgrade_broadcast},
    {"Pow", kOnnxAnyOpset, upgrade_broadcast},
    {"QuantizeLinear", kOnnxAnyOpset, upgrade_quantize},
    {"RoiAlign", 16, upgrade_roi_align},
    {"Sub", kOnnxAnyOpset, upgrade_broadcast},
    {"Xor", kOnnxAnyOpset, upgrade_broadcast},
};

} // namespace

Span<const OnnxUpgradeRule> onnx_upgrade_layer_rules() { return kOnnxLayerRules; }

} // namespace linnet

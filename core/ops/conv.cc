// SPDX-License-Identifier: MIT
#include "ops/activations.h"
#include "ops/convolution.h"
#include "ops/window.h"

namespace linnet {

static Status check_conv(const Inference &inference, const Shape &x, const Shape &w) {
    int64_t group = inference.node().get_int("group", 1);
    if (x.has_rank() && (x.rank() < 3 || x.rank() > 4))
        return inference.unsupported("its input has the shape %s; 1-D and 2-D are supported",
                                     ShapeText(x).c_str());
    bool both = x.has_rank() && w.has_rank();
    bool divides = group >= 1 && (!w.has_rank() || w.rank() < 1 || w[0] < 0 || w[0] % group == 0);
    if (!divides || (both && (x.rank() != w.rank() ||
                              (x[1] >= 0 && w[1] >= 0 && x[1] != w[1] * group))))
        return inference.fail("its input %s and weights %s do not go together with group %lld",
                              ShapeText(x).c_str(), ShapeText(w).c_str(),
                              static_cast<long long>(group));
    if (inference.has_input(2) && inference.shape(2).is_known() && w.is_known() &&
        inference.shape(2) != Shape{w[0]})
        return inference.fail("its bias has the shape %s, expected [%lld]",
                              ShapeText(inference.shape(2)).c_str(), static_cast<long long>(w[0]));
    return Status();
}

// Inputs: x [N,C,(H,)W], w [M,C/group,(kH,)kW], bias [M], and Linnet's own fourth: a tensor of the
// output's shape that is added before the activation.
static Status infer_conv(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    const Shape &x = inference.shape(0), &w = inference.shape(1);
    LINNET_TRY(check_conv(inference, x, w));
    Shape y = x;
    if (x.has_rank()) {
        y = Shape::of_rank(x.rank());
        y[0] = x[0];
    }
    if (x.has_rank() && w.has_rank()) y[1] = w[0];
    if (x.has_rank() && w.is_known()) {
        Window window;
        LINNET_TRY(read_window(inference, x, w, &window));
        for (int i = 0; i < window.axes; ++i) y[i + 2] = window.out[i];
    }
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

// As ONNX has them, without gaps.
static void set_conv_weights(Pack2dParams *packing) {
    const Conv2dParams &conv = packing->conv;
    WeightStrides &strides = packing->strides;
    strides.w = 1;
    strides.h = conv.kernel_w;
    strides.in = strides.h * conv.kernel_h;
    strides.out = strides.in * (conv.in_c / conv.groups);
    packing->group_stride = strides.out * (conv.out_c / conv.groups);
}

static Status lower_conv(Lowering &lowering) {
    LINNET_ASSIGN(PictureView x, lowering.picture_input(0));
    ConvolutionViews views;
    Pack2dParams packing;
    if (lowering.has_input(2)) {
        LINNET_ASSIGN(views.bias, lowering.dense_input(2));
    }
    if (lowering.has_input(3)) {
        LINNET_ASSIGN(PictureView added, lowering.picture_input(3));
        views.residual = added.view;
        packing.conv.residual = added.strides;
    }
    // Not over the input itself (x + conv(x)): its pixels are read again after the first is written.
    bool over_residual = lowering.has_input(3) && !shares_block(views.residual, x.view);
    LINNET_ASSIGN(PictureView y, over_residual ? lowering.picture_output_like(0, views.residual)
                                               : lowering.picture_output(0));
    views.x = x.view;
    views.y = y.view;
    set_pictures(x, y, &packing.conv);
    set_window(known_window(lowering.node(), x.view.shape, lowering.input_shape(1)), &packing.conv);
    packing.conv.groups = static_cast<int32_t>(lowering.node().get_int("group", 1));
    packing.conv.activation = fused_activation(lowering.node());
    set_conv_weights(&packing);
    return emit_convolution(lowering, packing, 1, views);
}

static int64_t conv_macs(const Graph &graph, const Node &node) {
    const Shape &w = graph.value(node.inputs[1]).shape;
    return graph.value(node.outputs[0]).shape.elements() * w.elements(1, w.rank());
}

static const AttributeRule kConvAttributes[] = {
    {"auto_pad", Attribute::Kind::kText}, {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},     {"kernel_shape", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},     {"strides", Attribute::Kind::kInts},
    LINNET_FUSED_RULES};
extern const Operator conv_operator;
const Operator conv_operator = {"Conv", 2,    4,          1,          1, kConvAttributes,
                                true,   infer_conv, lower_conv, conv_macs};

} // namespace linnet

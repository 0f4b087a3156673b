// A transposed convolution with stride s is s convolutions per axis, each of which computes every
// s-th pixel of the result from every s-th tap of the kernel, read from its end.
// SPDX-License-Identifier: MIT
#include "ops/activations.h"
#include "ops/convolution.h"
#include "ops/single_steps.h"
#include "ops/window.h"

namespace linnet {

constexpr int64_t kMostPhases = 64; // of an axis: each is a step, or as many as the other axis has

static Status check_conv_transpose(const Inference &inference, const Shape &x, const Shape &w) {
    int64_t group = inference.node().get_int("group", 1);
    if (x.has_rank() && (x.rank() < 3 || x.rank() > 4))
        return inference.unsupported("its input has the shape %s; 1-D and 2-D are supported",
                                     ShapeText(x).c_str());
    bool both = x.has_rank() && w.has_rank();
    bool divides = group >= 1 && (!w.has_rank() || w.rank() < 1 || w[0] < 0 || w[0] % group == 0);
    if (!divides || (both && (x.rank() != w.rank() || (x[1] >= 0 && w[0] >= 0 && x[1] != w[0]))))
        return inference.fail("its input %s and weights %s do not go together with group %lld",
                              ShapeText(x).c_str(), ShapeText(w).c_str(),
                              static_cast<long long>(group));
    if (inference.has_input(2) && inference.shape(2).is_known() && w.is_known() &&
        inference.shape(2) != Shape{w[1] * group})
        return inference.fail("its bias has the shape %s, expected [%lld]",
                              ShapeText(inference.shape(2)).c_str(),
                              static_cast<long long>(w[1] * group));
    return Status();
}

// Inputs: x [N,C,(H,)W], w [C,M/group,(kH,)kW], bias [M].
static Status infer_conv_transpose(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    const Shape &x = inference.shape(0), &w = inference.shape(1);
    LINNET_TRY(check_conv_transpose(inference, x, w));
    Shape y = x;
    if (x.has_rank()) {
        y = Shape::of_rank(x.rank());
        y[0] = x[0];
    }
    if (x.has_rank() && w.has_rank() && w[1] >= 0)
        y[1] = w[1] * inference.node().get_int("group", 1);
    if (x.has_rank() && w.is_known()) {
        Window window;
        LINNET_TRY(read_transposed_window(inference, x, w, &window));
        for (int i = 0; i < window.axes; ++i) {
            if (window.stride[i] > kMostPhases)
                return inference.unsupported("its stride %lld is larger than %lld",
                                             static_cast<long long>(window.stride[i]),
                                             static_cast<long long>(kMostPhases));
            y[i + 2] = window.out[i];
        }
    }
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

// The convolution along one axis that computes the pixels phase, phase + stride, ... of the result:
// its taps are first, first + step, ... of the kernel, `taps` of them, used from the last.
struct TransposedPhase {
    int64_t taps = 0, first = 0, step = 1, dilation = 1, pad = 0, out = 0;
};

static int64_t greatest_divisor(int64_t a, int64_t b) {
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

// Pixel phase + j * stride is reached by tap k from input pixel j + (phase + pad - k * dilation) /
// stride, where that is whole.
static TransposedPhase transposed_phase(const Window &window, int axis, int64_t phase) {
    int64_t stride = window.stride[axis], dilation = window.dilation[axis];
    int64_t kernel = window.kernel[axis], at = phase + window.pad_before[axis];
    int64_t common = greatest_divisor(stride, dilation);
    TransposedPhase part;
    part.step = stride / common;
    part.dilation = dilation / common;
    part.out = (window.out[axis] - phase + stride - 1) / stride;
    while (part.first < kernel && (at - part.first * dilation) % stride != 0) ++part.first;
    if (part.first >= kernel) return part;
    part.taps = (kernel - part.first + part.step - 1) / part.step;
    part.pad = (part.taps - 1) * part.dilation - (at - part.first * dilation) / stride;
    return part;
}

// The pixels of a picture that belong to a phase of each axis.
static PictureView every_nth(const PictureView &y, const Window &window, const int64_t *phase,
                             int64_t height, int64_t width) {
    int w = window.axes - 1;
    int64_t step_h = w ? window.stride[0] : 1, step_w = window.stride[w];
    PictureView part = y;
    part.view.offset += phase[0] * y.strides.row + phase[1] * y.strides.pixel;
    part.height = static_cast<int32_t>(height);
    part.width = static_cast<int32_t>(width);
    part.strides.row *= step_h;
    part.strides.pixel *= step_w;
    // The view of these pixels, for steps that know no pictures.
    int last = part.view.shape.rank() - 1;
    part.view.shape[last] = width;
    part.view.stride[last] = part.strides.pixel;
    if (w == 0) return part;
    part.view.shape[2] = height;
    part.view.stride[2] = part.strides.row;
    return part;
}

// Pixels that no tap reaches are the bias.
static Status emit_untouched(Lowering &lowering, const View &y, const View &bias) {
    LINNET_ASSIGN(View value, scalar_weights(lowering, 0));
    View addend = value;
    if (bias.space != Space::kNone) {
        addend = bias;
        for (int axis = 2; axis < y.shape.rank(); ++axis) addend = insert_axis(addend, 1);
    }
    return emit_binary_step(lowering, y, value, addend, BinaryFunction::kAdd,
                            fused_activation(lowering.node()));
}

static void set_transposed_weights(const Window &window, const TransposedPhase &h,
                                   const TransposedPhase &w, Pack2dParams *packing) {
    int axis_w = window.axes - 1;
    int64_t kernel_w = window.kernel[axis_w];
    int64_t taps = kernel_w * (axis_w ? window.kernel[0] : 1);
    const Conv2dParams &conv = packing->conv;
    int64_t out = conv.out_c / conv.groups;
    packing->strides.out = taps;
    packing->strides.in = taps * out;
    packing->strides.h = -h.step * kernel_w;
    packing->strides.w = -w.step;
    int64_t last_h = h.first + (h.taps - 1) * h.step, last_w = w.first + (w.taps - 1) * w.step;
    packing->offset = last_h * kernel_w + last_w;
    packing->group_stride = taps * out * (conv.in_c / conv.groups);
}

static Status emit_phase(Lowering &lowering, const Window &window, const PictureView &x,
                         const PictureView &y, const View &bias, const TransposedPhase &h,
                         const TransposedPhase &w) {
    if (h.taps == 0 || w.taps == 0) return emit_untouched(lowering, y.view, bias);
    Pack2dParams packing;
    Conv2dParams &conv = packing.conv;
    set_pictures(x, y, &conv);
    conv.kernel_h = static_cast<int32_t>(h.taps);
    conv.kernel_w = static_cast<int32_t>(w.taps);
    conv.dilation_h = static_cast<int32_t>(h.dilation);
    conv.dilation_w = static_cast<int32_t>(w.dilation);
    conv.pad_top = static_cast<int32_t>(h.pad);
    conv.pad_left = static_cast<int32_t>(w.pad);
    conv.groups = static_cast<int32_t>(lowering.node().get_int("group", 1));
    conv.activation = fused_activation(lowering.node());
    set_transposed_weights(window, h, w, &packing);
    return emit_convolution(lowering, packing, 1, {x.view, bias, View(), y.view});
}

static Status lower_conv_transpose(Lowering &lowering) {
    LINNET_ASSIGN(PictureView x, lowering.picture_input(0));
    LINNET_ASSIGN(PictureView y, lowering.picture_output(0));
    View bias;
    if (lowering.has_input(2)) {
        LINNET_ASSIGN(bias, lowering.dense_input(2));
    }
    Window window =
        known_transposed_window(lowering.node(), x.view.shape, lowering.input_shape(1));
    int axis_w = window.axes - 1;
    int64_t phases_h = axis_w ? window.stride[0] : 1;
    TransposedPhase flat;
    flat.taps = flat.out = 1;
    for (int64_t i = 0; i < phases_h; ++i) {
        TransposedPhase h = axis_w ? transposed_phase(window, 0, i) : flat;
        for (int64_t j = 0; j < window.stride[axis_w]; ++j) {
            TransposedPhase w = transposed_phase(window, axis_w, j);
            if (h.out <= 0 || w.out <= 0) continue;
            const int64_t phase[] = {i, j};
            PictureView part = every_nth(y, window, phase, h.out, w.out);
            LINNET_TRY(emit_phase(lowering, window, x, part, bias, h, w));
        }
    }
    return Status();
}

// Every input element meets every tap of its group once; borders are not taken off.
static int64_t conv_transpose_macs(const Graph &graph, const Node &node) {
    const Shape &w = graph.value(node.inputs[1]).shape;
    return graph.value(node.inputs[0]).shape.elements() * w.elements(1, w.rank());
}

static const AttributeRule kConvTransposeAttributes[] = {
    {"auto_pad", Attribute::Kind::kText},       {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},           {"kernel_shape", Attribute::Kind::kInts},
    {"output_padding", Attribute::Kind::kInts}, {"output_shape", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},           {"strides", Attribute::Kind::kInts},
    LINNET_FUSED_RULES};
extern const Operator conv_transpose_operator;
const Operator conv_transpose_operator = {
    "ConvTranspose", 2, 3, 1, 1, kConvTransposeAttributes, true,
    infer_conv_transpose, lower_conv_transpose, conv_transpose_macs};

} // namespace linnet

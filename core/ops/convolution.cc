// SPDX-License-Identifier: MIT
#include "ops/convolution.h"

#include <algorithm>
#include <cstring>

#include "kernels/winograd2d.h"

namespace linnet {

void set_pictures(const PictureView &x, const PictureView &y, Conv2dParams *params) {
    params->batch = x.batch;
    params->in_h = x.height;
    params->in_w = x.width;
    params->in_c = x.channels;
    params->out_h = y.height;
    params->out_w = y.width;
    params->out_c = y.channels;
    params->in = x.strides;
    params->out = y.strides;
}

// Whether the weights of some panels of output channels lie together, apart from those of others.
static bool has_rows_of_outputs(const Pack2dParams &params) {
    const Conv2dParams &conv = params.conv;
    int64_t taps = int64_t(conv.kernel_h) * conv.kernel_w;
    return params.method != ConvMethod::kDepthwise && conv.groups == 1 && params.offset == 0 &&
           params.strides.out == conv.in_c * taps && params.strides.in > 0 &&
           params.strides.h >= 0 && params.strides.w >= 0;
}

// Deferred weights are made a megabyte at a time, if they can be.
static Status pack_constant(const void *context, const Tensor &source, float *packed) {
    constexpr int64_t kPieceFloats = 256 << 10;
    const Pack2dParams &params = *static_cast<const Pack2dParams *>(context);
    if (!source.is_deferred() || !has_rows_of_outputs(params)) {
        LINNET_ASSIGN(Ref<Tensor> present, Tensor::present(&source));
        pack2d(params, present->floats().data(), packed);
        return Status();
    }
    int64_t row = params.strides.out, outputs = params.conv.out_c;
    int64_t step = std::max<int64_t>(1, kPieceFloats / row / kPanel) * kPanel;
    Array<float> piece;
    LINNET_TRY(piece.resize_for_overwrite(
        static_cast<size_t>(std::min(step, outputs) * row)));
    for (int64_t out = 0; out < outputs; out += step) {
        Pack2dParams part = params;
        part.conv.out_c = static_cast<int32_t>(std::min(step, outputs - out));
        size_t bytes = static_cast<size_t>(part.conv.out_c * row) * sizeof(float);
        LINNET_TRY(source.write_to(static_cast<size_t>(out * row) * sizeof(float),
                                   {reinterpret_cast<unsigned char *>(piece.data()), bytes}));
        pack2d(part, piece.data(), packed);
        packed += pack2d_floats(part);
    }
    return Status();
}

static int64_t bits_of(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

static Result<View> pack_now(Lowering &lowering, const Pack2dParams &params, const Tensor *source) {
    const Conv2dParams &conv = params.conv;
    const int64_t key[] = {conv.in_c,          conv.out_c,         conv.groups,
                           conv.kernel_h,      conv.kernel_w,      params.offset,
                           params.strides.out, params.strides.in,  params.strides.h,
                           params.strides.w,   params.group_stride, bits_of(params.factor),
                           int64_t(params.method)};
    return lowering.packed_weights(source, key, pack2d_floats(params), pack_constant, &params);
}

#if defined(LINNET_TELL_USES)
bool find_packing(Span<const int64_t> key, Pack2dParams *params) {
    if (key.size() != 13) return false; // what the other packers make has shorter keys
    Conv2dParams &conv = params->conv;
    int32_t *const lengths[] = {&conv.in_c, &conv.out_c, &conv.groups, &conv.kernel_h,
                                &conv.kernel_w};
    for (size_t i = 0; i < 5; ++i) *lengths[i] = static_cast<int32_t>(key[i]);
    params->offset = key[5];
    params->strides = {key[6], key[7], key[8], key[9]};
    params->group_stride = key[10];
    uint32_t bits = static_cast<uint32_t>(key[11]);
    std::memcpy(&params->factor, &bits, sizeof bits);
    params->method = static_cast<ConvMethod>(key[12]);
    return true;
}
#endif

static Result<View> pack_at_run(Lowering &lowering, const Pack2dParams &params, size_t weights) {
    LINNET_ASSIGN(View source, lowering.dense_input(weights));
    LINNET_ASSIGN(View packed, lowering.temporary(DType::kFloat32, {pack2d_floats(params)},
                                                  Order::kDense));
    LINNET_TRY(lowering.emit(KernelId::pack2d, params, {packed, source}));
    return packed;
}

Status emit_convolution(Lowering &lowering, const Pack2dParams &packing, size_t weights,
                        const ConvolutionViews &views) {
    Pack2dParams params = packing;
    const Tensor *source = lowering.constant(weights);
    params.method = choose_conv_method(params.conv, source != nullptr,
                                       lowering.conv_choices());
    LINNET_ASSIGN(View packed, source ? pack_now(lowering, params, source)
                                      : pack_at_run(lowering, params, weights));
    auto emit = [&](KernelId kernel, const auto &kernel_params, int64_t scratch_bytes) {
        return lowering.emit(kernel, kernel_params,
                             {views.x, packed, views.bias, views.residual, views.y},
                             scratch_bytes);
    };
    switch (params.method) {
    case ConvMethod::kPanels: break;
    case ConvMethod::kDepthwise: return emit(KernelId::depthwise2d, params.conv, 0);
    case ConvMethod::kWinograd2:
    case ConvMethod::kWinograd4:
    case ConvMethod::kWinograd6: {
        Winograd2dParams winograd = {params.conv, winograd_tile_of(params.method)};
        return emit(KernelId::winograd2d, winograd, winograd2d_scratch_bytes(winograd));
    }
    }
    return emit(KernelId::conv2d, params.conv, conv2d_scratch_bytes(params.conv));
}

} // namespace linnet

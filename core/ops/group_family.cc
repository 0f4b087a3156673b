// SPDX-License-Identifier: MIT
#include "ops/group_family.h"

#include "kernels/normalize_channels.h"
#include "kernels/rows.h"

namespace linnet {

Status infer_group_family(Inference &inference) {
    for (size_t i = 0; i < 3; ++i) LINNET_TRY(inference.require_dtype(i, {DType::kFloat32}));
    const Shape &x = inference.shape(0);
    if (x.has_rank() && x.rank() < 3)
        return inference.fail("its input has the shape %s, expected rank 3 or more",
                              ShapeText(x).c_str());
    for (size_t i = 1; i < 3; ++i) {
        const Shape &one = inference.shape(i);
        if (!x.has_rank() || !one.is_known() || x[1] < 0 || one == Shape{x[1]}) continue;
        return inference.fail("its %s has the shape %s, expected [%lld]", i == 1 ? "scale" : "bias",
                              ShapeText(one).c_str(), static_cast<long long>(x[1]));
    }
    inference.set_output(0, DType::kFloat32, x);
    return Status();
}

static bool is_channels_last_picture(const View &view) {
    return view.shape.rank() <= 4 && order_of(view) == Order::kChannelsLast;
}

static Status emit_by_channels(Lowering &lowering, int64_t groups, const View &scale,
                               const View &bias) {
    LINNET_ASSIGN(PictureView x, lowering.picture_input(0));
    LINNET_ASSIGN(PictureView y, lowering.picture_output_like(0, x.view));
    NormalizeChannelsParams params;
    params.batch = x.batch;
    params.height = x.height;
    params.width = x.width;
    params.channels = x.channels;
    params.groups = static_cast<int32_t>(groups);
    params.in = x.strides;
    params.out = y.strides;
    params.epsilon = lowering.node().get_float("epsilon", 1e-5f);
    return lowering.emit(KernelId::normalize_channels, params, {y.view, x.view, scale, bias},
                         normalize_channels_scratch_bytes(params));
}

// Row-major, a group of channels is one row.
static Status emit_by_rows(Lowering &lowering, int64_t groups, const View &scale,
                           const View &bias) {
    LINNET_ASSIGN(View x, lowering.dense_input(0));
    LINNET_ASSIGN(View y, lowering.dense_output(0));
    NormalizeParams params;
    int64_t pixels = x.shape.elements(2, x.shape.rank());
    params.groups = groups;
    params.length = x.shape[1] / groups * pixels;
    params.repeat = pixels;
    params.epsilon = lowering.node().get_float("epsilon", 1e-5f);
    params.outer.rank = 1;
    params.outer.extent[0] = x.shape[0] * groups;
    params.outer.stride[0][0] = params.outer.stride[1][0] = params.length;
    return lowering.emit(KernelId::normalize, params, {y, x, scale, bias});
}

Status lower_group_family(Lowering &lowering, int64_t groups) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View scale, lowering.dense_input(1));
    LINNET_ASSIGN(View bias, lowering.dense_input(2));
    if (x.shape.elements() == 0) return lowering.alias(0, x);
    if (is_channels_last_picture(x)) return emit_by_channels(lowering, groups, scale, bias);
    return emit_by_rows(lowering, groups, scale, bias);
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/pool_family.h"

#include "ops/reduce_family.h"
#include "ops/single_steps.h"
#include "ops/window.h"

namespace linnet {

// A window that lies in the pads altogether has neither a maximum nor an average.
static Status check_pool_pads(const Inference &inference, const Window &window) {
    for (int i = 0; i < window.axes; ++i) {
        int64_t extent = (window.kernel[i] - 1) * window.dilation[i] + 1;
        if (window.pad_before[i] >= extent || window.pad_after[i] >= extent)
            return inference.unsupported("its pads %lld and %lld are not smaller than its kernel "
                                         "of %lld",
                                         static_cast<long long>(window.pad_before[i]),
                                         static_cast<long long>(window.pad_after[i]),
                                         static_cast<long long>(extent));
    }
    return Status();
}

Status infer_pool(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    const Shape &x = inference.shape(0);
    Shape y = x;
    if (x.has_rank()) {
        if (x.rank() < 3 || x.rank() > 4)
            return inference.unsupported("its input has the shape %s; 1-D and 2-D are supported",
                                         ShapeText(x).c_str());
        Window window;
        LINNET_TRY(read_window(inference, x, Shape::unknown(), &window));
        LINNET_TRY(check_pool_pads(inference, window));
        for (int i = 0; i < window.axes; ++i) y[i + 2] = window.out[i];
    }
    inference.set_output(0, DType::kFloat32, y);
    if (inference.output_count() > 1) inference.set_output(1, DType::kInt64, y);
    return Status();
}

static Pool2dParams pool_params(const PictureView &x, const PictureView &y) {
    Pool2dParams params;
    params.batch = x.batch;
    params.in_h = x.height;
    params.in_w = x.width;
    params.channels = x.channels;
    params.out_h = y.height;
    params.out_w = y.width;
    params.in = x.strides;
    params.out = y.strides;
    return params;
}

Status lower_pool(Lowering &lowering, bool average) {
    LINNET_ASSIGN(bool indices, is_output_read(lowering, 1));
    if (indices) return lowering.unsupported("its second output, the indices, is used");
    LINNET_ASSIGN(PictureView x, lowering.picture_input(0));
    LINNET_ASSIGN(PictureView y, lowering.picture_output(0));
    Window window = known_window(lowering.node(), x.view.shape, Shape::unknown());
    Pool2dParams params = pool_params(x, y);
    set_window(window, &params);
    params.pad_right = static_cast<int32_t>(window.pad_after[window.axes - 1]);
    if (window.axes == 2) params.pad_bottom = static_cast<int32_t>(window.pad_after[0]);
    params.average = average;
    params.count_pads = lowering.node().get_int("count_include_pad", 0) != 0;
    return lowering.emit(KernelId::pool2d, params, {x.view, y.view});
}

Status infer_global_pool(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    Shape y = inference.shape(0);
    if (y.has_rank() && y.rank() < 3)
        return inference.fail("its input has the shape %s, expected rank 3 or more",
                              ShapeText(y).c_str());
    for (int axis = 2; axis < y.rank(); ++axis) y[axis] = 1;
    inference.set_output(0, DType::kFloat32, y);
    return Status();
}

Status lower_global_pool(Lowering &lowering, bool average) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output(0, order_of(x)));
    bool reduced[kMaxRank] = {};
    for (int axis = 2; axis < x.shape.rank(); ++axis) reduced[axis] = true;
    return emit_reduction(lowering, x, y, reduced, average ? Reduction::kMean : Reduction::kMax);
}

// The axes of a tensor by the part that they play in a pool; -1: none.
struct PoolAxes {
    int channel = -1, batch = -1, h = -1, w = -1;
    bool possible = true;
};

static PoolAxes pool_axes(const View &x, const View &y, const bool *reduced) {
    PoolAxes axes;
    for (int axis = x.shape.rank() - 1; axis >= 0; --axis) {
        if (x.shape[axis] == 1) continue;
        axes.possible = axes.possible && x.shape[axis] <= INT32_MAX;
        bool contiguous = !reduced[axis] && x.stride[axis] == 1 && y.stride[axis] == 1;
        int &part = contiguous ? axes.channel
                    : !reduced[axis] ? axes.batch
                    : axes.w < 0     ? axes.w
                                     : axes.h;
        if (part >= 0) axes.possible = false;
        part = axis;
    }
    if (axes.channel < 0 || axes.w < 0) axes.possible = false;
    return axes;
}

Status emit_pool_over(Lowering &lowering, const View &x, const View &y, const bool *reduced,
                      bool average, bool *done) {
    PoolAxes axes = pool_axes(x, y, reduced);
    *done = axes.possible;
    if (!axes.possible) return Status();
    Pool2dParams params;
    params.channels = static_cast<int32_t>(x.shape[axes.channel]);
    if (axes.batch >= 0) {
        params.batch = static_cast<int32_t>(x.shape[axes.batch]);
        params.in.image = x.stride[axes.batch];
        params.out.image = y.stride[axes.batch];
    }
    if (axes.h >= 0) {
        params.in_h = params.kernel_h = static_cast<int32_t>(x.shape[axes.h]);
        params.in.row = x.stride[axes.h];
    }
    params.in_w = params.kernel_w = static_cast<int32_t>(x.shape[axes.w]);
    params.in.pixel = x.stride[axes.w];
    params.average = average;
    return lowering.emit(KernelId::pool2d, params, {x, y});
}

} // namespace linnet

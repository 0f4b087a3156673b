// SPDX-License-Identifier: MIT
#include "kernels/interleave.h"

#include "ops/operator.h"

namespace linnet {

// The channels of some pictures of one shape, one of each in turn: made by find_shuffles().
static Status infer_channel_shuffle(Inference &inference) {
    Shape y = inference.shape(0);
    for (size_t i = 1; i < inference.input_count(); ++i)
        if (inference.shape(i) != y)
            return inference.fail("its inputs have the shapes %s and %s", ShapeText(y).c_str(),
                                  ShapeText(inference.shape(i)).c_str());
    if (y.has_rank() && y[1] >= 0) y[1] *= static_cast<int64_t>(inference.input_count());
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

// Whether all pixels lie at one distance from the next.
static bool is_row_of_pixels(const PictureView &x) {
    return (x.height == 1 || x.strides.row == x.strides.pixel * x.width) &&
           (x.batch == 1 || x.strides.image == x.strides.pixel * x.width * x.height);
}

static Status lower_channel_shuffle(Lowering &lowering) {
    InterleaveParams params;
    View x[kMostInterleaved];
    params.parts = static_cast<int32_t>(lowering.input_count());
    for (size_t i = 0; i < lowering.input_count(); ++i) {
        LINNET_ASSIGN(PictureView part, lowering.picture_input(i));
        x[i] = part.view;
        params.x_row[i] = part.strides.pixel;
        if (is_row_of_pixels(part)) continue;
        LINNET_ASSIGN(x[i], lowering.arranged(part.view, Order::kChannelsLast));
        params.x_row[i] = part.channels;
    }
    LINNET_ASSIGN(PictureView y, lowering.picture_output(0));
    params.rows = int64_t(y.batch) * y.height * y.width;
    params.length = y.channels / params.parts;
    params.y_row = y.strides.pixel;
    return lowering.emit(KernelId::interleave, params, {y.view, x[0], x[1], x[2], x[3]});
}

extern const Operator channel_shuffle_operator;
const Operator channel_shuffle_operator = {
    "linnet.ChannelShuffle", 2, kMostInterleaved, 1, 1, {}, true, infer_channel_shuffle,
    lower_channel_shuffle};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include <cmath>

#include "ops/activations.h"
#include "ops/convolution.h"
#include "ops/reduce_family.h"
#include "ops/single_steps.h"

namespace linnet {

// Inputs: x [N,C,...], scale [C], bias [C], mean [C], variance [C]. The last two are not used where
// `training_mode` is set, which takes those of x; loaders let that pass for weights.
static Status infer_batch_normalization(Inference &inference) {
    const Shape &x = inference.shape(0);
    for (size_t i = 0; i < 5; ++i) LINNET_TRY(inference.require_dtype(i, {DType::kFloat32}));
    if (x.has_rank() && x.rank() < 2)
        return inference.fail("its input has the shape %s, expected rank 2 or more",
                              ShapeText(x).c_str());
    for (size_t i = 1; i < 5; ++i) {
        const Shape &one = inference.shape(i);
        if (!x.has_rank() || !one.is_known() || x[1] < 0 || one == Shape{x[1]}) continue;
        return inference.fail("its input %d has the shape %s, expected [%lld]",
                              static_cast<int>(i), ShapeText(one).c_str(),
                              static_cast<long long>(x[1]));
    }
    inference.set_output(0, DType::kFloat32, x);
    return Status();
}

// y = x * factor + shift, for each channel.
struct ChannelLine {
    View factor, shift;
};

// Filled up to the 16 channels that depthwise2d reads at a time.
static Result<Ref<Tensor>> channel_numbers(int64_t channels) {
    return Tensor::create(DType::kFloat32, {(channels + 15) / 16 * 16});
}

static Result<ChannelLine> constant_line(Lowering &lowering, int64_t channels) {
    const float *given[4];
    for (size_t i = 0; i < 4; ++i) given[i] = lowering.constant(i + 1)->floats().data();
    float epsilon = lowering.node().get_float("epsilon", 1e-5f);
    LINNET_ASSIGN(Ref<Tensor> factor, channel_numbers(channels));
    LINNET_ASSIGN(Ref<Tensor> shift, channel_numbers(channels));
    Span<float> factors = factor->writable<float>(), shifts = shift->writable<float>();
    for (size_t c = 0; c < static_cast<size_t>(channels); ++c) {
        factors[c] = given[0][c] / std::sqrt(given[3][c] + epsilon);
        shifts[c] = given[1][c] - given[2][c] * factors[c];
    }
    ChannelLine line;
    LINNET_ASSIGN(line.factor, lowering.weights(std::move(factor)));
    LINNET_ASSIGN(line.shift, lowering.weights(std::move(shift)));
    line.factor.shape = line.shift.shape = Shape{channels};
    return line;
}

// Scale, bias, mean and variance.
struct ChannelStatistics {
    View part[4];
};

// The mean and the population variance of all axes but the channels.
static Status measure_channels(Lowering &lowering, const View &x, ChannelStatistics *statistics) {
    bool reduced[kMaxRank] = {};
    for (int axis = 0; axis < x.shape.rank(); ++axis) reduced[axis] = axis != 1;
    Shape one = Shape::of_rank(x.shape.rank(), 1);
    one[1] = x.shape[1];
    LINNET_ASSIGN(View mean, lowering.temporary(DType::kFloat32, one, Order::kDense));
    LINNET_ASSIGN(View variance, lowering.temporary(DType::kFloat32, one, Order::kDense));
    LINNET_ASSIGN(View square, lowering.temporary(DType::kFloat32, x.shape, order_of(x)));
    LINNET_TRY(emit_reduction(lowering, x, mean, reduced, Reduction::kMean));
    LINNET_TRY(emit_binary_step(lowering, square, x, mean, BinaryFunction::kSub));
    LINNET_TRY(emit_binary_step(lowering, square, square, square, BinaryFunction::kMul));
    LINNET_TRY(emit_reduction(lowering, square, variance, reduced, Reduction::kMean));
    reshape_view(mean, {x.shape[1]}, &statistics->part[2]);
    reshape_view(variance, {x.shape[1]}, &statistics->part[3]);
    return Status();
}

static Result<ChannelStatistics> channel_statistics(Lowering &lowering, const View &x) {
    bool training = lowering.node().get_int("training_mode", 0) != 0;
    ChannelStatistics statistics;
    for (size_t i = 0; i < (training ? 2 : 4); ++i) {
        LINNET_ASSIGN(statistics.part[i], lowering.input(i + 1));
    }
    if (training) LINNET_TRY(measure_channels(lowering, x, &statistics));
    return statistics;
}

static Result<ChannelLine> computed_line(Lowering &lowering, const View &x) {
    LINNET_ASSIGN(ChannelStatistics statistics, channel_statistics(lowering, x));
    const View *given = statistics.part;
    LINNET_ASSIGN(View epsilon,
                  scalar_weights(lowering, lowering.node().get_float("epsilon", 1e-5f)));
    ChannelLine line;
    Shape channels = {x.shape[1]};
    LINNET_ASSIGN(line.factor, lowering.temporary(DType::kFloat32, channels, Order::kDense));
    LINNET_ASSIGN(line.shift, lowering.temporary(DType::kFloat32, channels, Order::kDense));
    const View &factor = line.factor, &shift = line.shift;
    LINNET_TRY(emit_binary_step(lowering, factor, given[3], epsilon, BinaryFunction::kAdd,
                                Activation{Function::kSqrt, 0, 0}));
    LINNET_TRY(emit_binary_step(lowering, factor, given[0], factor, BinaryFunction::kDiv));
    LINNET_TRY(emit_binary_step(lowering, shift, given[2], factor, BinaryFunction::kMul));
    LINNET_TRY(emit_binary_step(lowering, shift, given[1], shift, BinaryFunction::kSub));
    return line;
}

// A matrix [N, C] as a picture of N pixels.
static PictureView channels_as_picture(const View &view) {
    PictureView picture;
    picture.view = view;
    picture.width = static_cast<int32_t>(view.shape[0]);
    picture.channels = static_cast<int32_t>(view.shape[1]);
    picture.strides.pixel = view.stride[0];
    return picture;
}

static bool has_channels_inside(const View &view) {
    int rank = view.shape.rank();
    if (rank > 4 || view.shape[1] < 2 || view.stride[1] != 1) return false;
    for (int64_t dim : view.shape.dims())
        if (dim > INT32_MAX) return false;
    return true;
}

// Where channels lie innermost, a depthwise convolution with one tap does it in one step.
static Status emit_line_in_one(Lowering &lowering, const ChannelLine &line) {
    bool matrix = lowering.input_shape(0).rank() == 2;
    PictureView x, y;
    if (matrix) {
        LINNET_ASSIGN(View rows, lowering.input(0));
        LINNET_ASSIGN(View to, lowering.output(0, Order::kDense));
        x = channels_as_picture(rows);
        y = channels_as_picture(to);
    } else {
        LINNET_ASSIGN(x, lowering.picture_input(0));
        LINNET_ASSIGN(y, lowering.picture_output(0));
    }
    Conv2dParams params;
    set_pictures(x, y, &params);
    params.groups = params.in_c;
    params.activation = fused_activation(lowering.node());
    return lowering.emit(KernelId::depthwise2d, params,
                         {x.view, line.factor, line.shift, View(), y.view});
}

static View beside_channels(const View &line, int rank) {
    View view = line;
    for (int axis = 2; axis < rank; ++axis) view = insert_axis(view, view.shape.rank());
    return view;
}

static Status emit_line_in_two(Lowering &lowering, const View &x, const ChannelLine &line) {
    LINNET_ASSIGN(View y, lowering.output_like(0, x));
    View factor = beside_channels(line.factor, x.shape.rank());
    View shift = beside_channels(line.shift, x.shape.rank());
    LINNET_TRY(emit_binary_step(lowering, y, x, factor, BinaryFunction::kMul));
    return emit_binary_step(lowering, y, y, shift, BinaryFunction::kAdd,
                            fused_activation(lowering.node()));
}

static Status lower_batch_normalization(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    bool constant = lowering.node().get_int("training_mode", 0) == 0;
    for (size_t i = 1; i < 5; ++i) constant = constant && lowering.constant(i);
    LINNET_ASSIGN(ChannelLine line, constant ? constant_line(lowering, x.shape[1])
                                             : computed_line(lowering, x));
    if (constant && has_channels_inside(x)) return emit_line_in_one(lowering, line);
    return emit_line_in_two(lowering, x, line);
}

static const AttributeRule kBatchNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"momentum", Attribute::Kind::kFloat},
    {"training_mode", Attribute::Kind::kInt},
    LINNET_FUSED_RULES};
extern const Operator batch_normalization_operator;
const Operator batch_normalization_operator = {
    "BatchNormalization",      5,    5, 1, 1, kBatchNormalizationAttributes, true,
    infer_batch_normalization, lower_batch_normalization};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "optimize/channel_affine.h"

#include <cmath>

namespace linnet {
namespace {

const Tensor *float_constant(const GraphEditor &editor, ValueId id) {
    const Tensor *contents = editor.constant(id);
    return contents && contents->dtype() == DType::kFloat32 ? contents : nullptr;
}

bool is_arithmetic(string_view op) {
    return op == "Add" || op == "Sub" || op == "Mul" || op == "Div";
}

// One number, or one per channel: all axes but the channels' have length 1, and the constant has no
// more axes than the tensor, so that broadcasting leaves the tensor's shape as it is.
bool is_per_channel(const Shape &shape, const ChannelLayout &layout) {
    int known_rank = layout.rank < 0 ? 1 : layout.rank;
    if (shape.rank() > known_rank) return false;
    int from_end = layout.axis < 0 ? -layout.axis : layout.rank - layout.axis;
    if (layout.rank < 0 && layout.axis >= 0 && shape.elements() != 1) return false;
    for (int i = 0; i < shape.rank(); ++i) {
        bool is_channel_axis = shape.rank() - i == from_end;
        if (shape[i] != 1 && !(is_channel_axis && shape[i] == layout.channels)) return false;
    }
    return true;
}

Status spread(const Tensor &constant, int64_t channels, Array<double> *numbers) {
    LINNET_TRY(numbers->resize(static_cast<size_t>(channels)));
    LINNET_ASSIGN(Ref<Tensor> present, Tensor::present(&constant));
    Span<const float> given = present->floats();
    for (size_t c = 0; c < numbers->size(); ++c) (*numbers)[c] = given[given.size() == 1 ? 0 : c];
    return Status();
}

bool are_finite(Span<const double> numbers) {
    for (double number : numbers)
        if (!std::isfinite(number) || std::fabs(number) > 1e30) return false;
    return true;
}

Status read_arithmetic(const GraphEditor &editor, const Node &node, const ChannelLayout &layout,
                       ChannelAffine *affine, bool *found) {
    size_t at = node.inputs[0] == affine->x ? 1 : 0;
    const Tensor *constant = float_constant(editor, node.inputs[at]);
    if (!constant || !is_per_channel(constant->shape(), layout)) return Status();
    string_view op = node.op.view();
    bool adds = op == "Add" || op == "Sub";
    Array<double> &numbers = adds ? affine->shift : affine->scale;
    LINNET_TRY(spread(*constant, layout.channels, &numbers));
    for (double &number : numbers) {
        if (op == "Div") number = 1 / number;
        if (op == "Sub" && at == 1) number = -number;
    }
    if (op == "Sub" && at == 0) LINNET_TRY(affine->scale.fill(numbers.size(), -1));
    *found = true;
    return Status();
}

Status read_batch_norm(const GraphEditor &editor, const Node &node, const ChannelLayout &layout,
                       ChannelAffine *affine, bool *found) {
    if (node.get_int("training_mode", 0) != 0) return Status();
    int axis = layout.axis < 0 ? layout.rank + layout.axis : layout.axis;
    if (axis != 1) return Status();
    const Tensor *parameters[4]; // scale, bias, mean, variance
    for (size_t i = 0; i < 4; ++i) {
        parameters[i] = float_constant(editor, node.input(i + 1));
        if (!parameters[i] || parameters[i]->shape() != Shape{layout.channels}) return Status();
    }
    double epsilon = node.get_float("epsilon", 1e-5f);
    size_t channels = static_cast<size_t>(layout.channels);
    LINNET_TRY(affine->scale.resize(channels));
    LINNET_TRY(affine->shift.resize(channels));
    for (size_t c = 0; c < channels; ++c) {
        double deviation = std::sqrt(static_cast<double>(parameters[3]->floats()[c]) + epsilon);
        affine->scale[c] = static_cast<double>(parameters[0]->floats()[c]) / deviation;
        affine->shift[c] = static_cast<double>(parameters[1]->floats()[c]) -
                           static_cast<double>(parameters[2]->floats()[c]) * affine->scale[c];
    }
    *found = true;
    return Status();
}

} // namespace

ValueId affine_input(const GraphEditor &editor, const Node &node) {
    if (node.op.view() == "BatchNormalization") return node.input(0);
    if (!is_arithmetic(node.op) || node.inputs.size() != 2) return kNoValue;
    if (float_constant(editor, node.inputs[1])) return node.inputs[0];
    bool reversible = node.op.view() != "Div";
    return reversible && float_constant(editor, node.inputs[0]) ? node.inputs[1] : kNoValue;
}

Status read_affine(const GraphEditor &editor, const Node &node, const ChannelLayout &layout,
                   ChannelAffine *affine, bool *found) {
    *found = false;
    affine->x = affine_input(editor, node);
    if (affine->x == kNoValue) return Status();
    if (node.op.view() == "BatchNormalization")
        LINNET_TRY(read_batch_norm(editor, node, layout, affine, found));
    else
        LINNET_TRY(read_arithmetic(editor, node, layout, affine, found));
    *found = *found && are_finite(affine->scale.span()) && are_finite(affine->shift.span());
    return Status();
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include <limits>

#include "ops/binary_family.h"

namespace linnet {

static Status infer_clip(Inference &inference) {
    for (size_t i = 1; i < inference.input_count(); ++i) {
        if (!inference.has_input(i)) continue;
        if (inference.dtype(i) != inference.dtype(0))
            return inference.fail("its bound has type %s, its input %s; they must be the same",
                                  name_of(inference.dtype(i)), name_of(inference.dtype(0)));
        if (inference.shape(i).is_known() && inference.shape(i).elements() != 1)
            return inference.fail("its bound has the shape %s; a scalar is expected",
                                  ShapeText(inference.shape(i)).c_str());
    }
    return infer_unary(inference);
}

// An absent bound is the type's own; false if the bound is computed.
static bool clip_bound(const Graph &graph, ValueId input, float absent, float *bound) {
    *bound = absent;
    if (input == kNoValue) return true;
    const Tensor *constant = graph.constant(input);
    if (!constant || constant->elements() != 1) return false;
    *bound = constant->floats()[0];
    return true;
}

static bool clip_activation(const Graph &graph, const Node &node, Activation *activation) {
    constexpr float kGreatest = std::numeric_limits<float>::max();
    activation->function = Function::kClip;
    return clip_bound(graph, node.input(1), -kGreatest, &activation->a) &&
           clip_bound(graph, node.input(2), kGreatest, &activation->b);
}

// Computed bounds, or integers: a maximum, then a minimum. Each is a step of the binary kernel, the
// second one in place.
static Status lower_clip(Lowering &lowering) {
    Activation activation;
    if (activation_of(lowering.graph(), lowering.node(), &activation))
        return lower_function(lowering, activation);
    LINNET_ASSIGN(View x, lowering.input(0));
    if (!lowering.has_input(1) && !lowering.has_input(2)) return lowering.alias(0, x);
    // Not over x where a bound is x itself: the second step would read what the first has written.
    bool shared = false;
    for (size_t i = 1; i < lowering.input_count(); ++i) {
        if (!lowering.has_input(i)) continue;
        LINNET_ASSIGN(View bound, lowering.input(i));
        shared = shared || shares_block(x, bound);
    }
    LINNET_ASSIGN(View y, shared ? lowering.output(0, order_of(x)) : lowering.output_like(0, x));
    for (size_t i = 1; i < lowering.input_count(); ++i) {
        if (!lowering.has_input(i)) continue;
        LINNET_ASSIGN(View bound, lowering.input(i));
        BinaryFunction function = i == 1 ? BinaryFunction::kMax : BinaryFunction::kMin;
        reshape_view(bound, Shape(), &bound);
        LINNET_TRY(emit_binary(lowering, y, x, bound, function));
        x = y;
    }
    return Status();
}

extern const Operator clip_operator;
const Operator clip_operator = {
    "Clip", 1, 3, 1, 1, {}, false, infer_clip, lower_clip, nullptr, clip_activation};

} // namespace linnet

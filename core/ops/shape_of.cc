// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

// The axes [first, last) that the attributes choose, cut to those that exist.
static void chosen_axes(const Node &node, int rank, int *first, int *last) {
    int64_t bounds[2] = {node.get_int("start", 0), node.get_int("end", rank)};
    for (int64_t &bound : bounds) {
        if (bound < 0) bound += rank;
        bound = bound < 0 ? 0 : bound > rank ? rank : bound;
    }
    *first = static_cast<int>(bounds[0]);
    *last = static_cast<int>(bounds[1]);
}

static Status infer_shape_of(Inference &inference) {
    int first = 0, last = 0;
    Shape length = Shape::of_rank(1);
    if (inference.shape(0).has_rank()) {
        chosen_axes(inference.node(), inference.shape(0).rank(), &first, &last);
        length[0] = last > first ? last - first : 0;
    }
    inference.set_output(0, DType::kInt64, length);
    return Status();
}

// The shape is a constant of the program.
static Status lower_shape_of(Lowering &lowering) {
    const Shape &shape = lowering.input_shape(0);
    if (!shape.is_known()) return lowering.unsupported("the shape of its input is not known");
    int first = 0, last = 0;
    chosen_axes(lowering.node(), shape.rank(), &first, &last);
    Span<const int64_t> dims;
    if (last > first)
        dims = shape.dims().part(static_cast<size_t>(first), static_cast<size_t>(last - first));
    LINNET_ASSIGN(Ref<Tensor> contents,
                  Tensor::of_int64({static_cast<int64_t>(dims.size())}, dims));
    LINNET_ASSIGN(View view, lowering.weights(std::move(contents)));
    return lowering.alias(0, view);
}

static const AttributeRule kShapeOfAttributes[] = {{"end", Attribute::Kind::kInt},
                                                   {"start", Attribute::Kind::kInt}};
extern const Operator shape_of_operator;
const Operator shape_of_operator = {
    "Shape", 1, 1, 1, 1, kShapeOfAttributes, false, infer_shape_of, lower_shape_of};

} // namespace linnet

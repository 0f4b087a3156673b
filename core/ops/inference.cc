// SPDX-License-Identifier: MIT
#include "ops/inference.h"

#include <cstdio>

#include "ops/operator.h"

namespace linnet {

Result<Text> describe_node(const Node &node) {
    Text text;
    if (node.name.empty() && !node.outputs.empty())
        LINNET_TRY(text.appendf("node %s", node.op.c_str()));
    else
        LINNET_TRY(text.appendf("node '%s' (%s)", node.name.c_str(), node.op.c_str()));
    return text;
}

static Status node_error(const Node &node, Code code, const char *format, va_list arguments) {
    Status status = Status::make(code, format, arguments);
    LINNET_ASSIGN(Text where, describe_node(node));
    return status.within("%s", where.c_str());
}

Status Inference::fail(const char *format, ...) const {
    va_list arguments;
    va_start(arguments, format);
    Status status = node_error(node_, Code::kMalformed, format, arguments);
    va_end(arguments);
    return status;
}

Status Inference::unsupported(const char *format, ...) const {
    va_list arguments;
    va_start(arguments, format);
    Status status = node_error(node_, Code::kUnsupported, format, arguments);
    va_end(arguments);
    return status;
}

Status Lowering::fail(const char *format, ...) const {
    va_list arguments;
    va_start(arguments, format);
    Status status = node_error(node(), Code::kMalformed, format, arguments);
    va_end(arguments);
    return status;
}

Status Lowering::unsupported(const char *format, ...) const {
    va_list arguments;
    va_start(arguments, format);
    Status status = node_error(node(), Code::kUnsupported, format, arguments);
    va_end(arguments);
    return status;
}

void Inference::set_output(size_t i, DType dtype, const Shape &shape) {
    if (i >= node_.outputs.size() || node_.outputs[i] == kNoValue) return;
    Value &value = graph_->value(node_.outputs[i]);
    value.dtype = dtype;
    if (shape.has_rank()) value.shape = shape;
}

Result<int> Inference::axis(int64_t axis, int rank) const {
    if (axis < -rank || axis >= rank)
        return fail("axis %lld is out of range for a tensor of rank %d",
                    static_cast<long long>(axis), rank);
    return static_cast<int>(axis < 0 ? axis + rank : axis);
}

Result<Array<int>> Inference::axes_input(size_t i, int rank) const {
    bool chosen[kMaxRank] = {};
    bool any = has_input(i) && constant(i) && constant(i)->elements() > 0;
    if (has_input(i) && !constant(i)) return unsupported("its axes are not constant");
    for (size_t k = 0; any && k < constant(i)->elements(); ++k) {
        LINNET_ASSIGN(int at, axis(constant(i)->integer(k), rank));
        chosen[at] = true;
    }
    Array<int> axes;
    for (int at = 0; at < rank; ++at)
        if (chosen[at] || !any) LINNET_TRY(axes.push(at));
    return axes;
}

bool broadcast_shapes(const Shape &a, const Shape &b, Shape *result) {
    if (!a.has_rank() || !b.has_rank()) {
        *result = Shape::unknown();
        return true;
    }
    int rank = a.rank() > b.rank() ? a.rank() : b.rank();
    *result = Shape::of_rank(rank);
    for (int i = 0; i < rank; ++i) {
        int at_a = i - (rank - a.rank()), at_b = i - (rank - b.rank());
        int64_t x = at_a < 0 ? 1 : a[at_a], y = at_b < 0 ? 1 : b[at_b];
        if (x == y || y == 1)
            (*result)[i] = x;
        else if (x == 1)
            (*result)[i] = y;
        else if (x == kUnknown || y == kUnknown)
            (*result)[i] = x == kUnknown ? y : x; // the unknown one is 1 or the same
        else
            return false;
    }
    return true;
}

Result<Shape> Inference::broadcast(const Shape &a, const Shape &b) const {
    Shape result;
    if (!broadcast_shapes(a, b, &result))
        return fail("the shapes %s and %s cannot be broadcast together", ShapeText(a).c_str(),
                    ShapeText(b).c_str());
    return result;
}

Status Inference::require_dtype(size_t input, std::initializer_list<DType> allowed) const {
    for (DType candidate : allowed)
        if (dtype(input) == candidate) return Status();
    return unsupported("input %d has type %s, which this operator does not take here",
                       static_cast<int>(input), name_of(dtype(input)));
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/reshaping.h"

namespace linnet {

// The shape that input 1 asks for: 0 copies the axis (unless allowzero), -1 is what remains.
static Status infer_reshape(Inference &inference) {
    const Shape &from = inference.shape(0);
    const Tensor *wanted = inference.constant(1);
    if (!wanted) {
        inference.set_output(0, inference.dtype(0), shape_of_length(inference.shape(1)));
        return Status();
    }
    if (wanted->elements() > kMaxRank)
        return inference.unsupported("its result would have rank %zu, more than %d",
                                     wanted->elements(), kMaxRank);
    bool keep_zero = inference.node().get_int("allowzero", 0) != 0;
    Shape to;
    int rest = -1;
    int64_t known = 1;
    for (size_t i = 0; i < wanted->elements(); ++i) {
        int64_t dim = wanted->integer(i);
        int axis = static_cast<int>(i);
        if (dim == 0 && !keep_zero) {
            if (!from.has_rank()) dim = kUnknown;
            else if (axis >= from.rank())
                return inference.fail("axis %d of the new shape is 0, but its input %s has no such "
                                      "axis", axis, ShapeText(from).c_str());
            else dim = from[axis];
        } else if (dim == -1) {
            if (rest >= 0) return inference.fail("the new shape has more than one -1");
            rest = axis;
        } else if (dim < 0) {
            return inference.fail("axis %d of the new shape is %lld", axis,
                                  static_cast<long long>(dim));
        }
        to.append(dim);
        if (dim > 0 && known > INT64_MAX / dim)
            return inference.fail("axis %d of the new shape is %lld, which is too large", axis,
                                  static_cast<long long>(dim));
        if (rest != axis) known = known < 0 || dim < 0 ? kUnknown : known * dim;
    }
    int64_t elements = from.elements();
    if (rest >= 0 && elements >= 0 && known > 0 && elements % known == 0) to[rest] = elements / known;
    if (elements >= 0 && known >= 0 && (to.elements() != elements))
        return inference.fail("it cannot reshape %s to %s", ShapeText(from).c_str(),
                              ShapeText(to).c_str());
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

static const AttributeRule kReshapeAttributes[] = {{"allowzero", Attribute::Kind::kInt}};
extern const Operator reshape_operator;
const Operator reshape_operator = {"Reshape", 2,     2,           1,        1, kReshapeAttributes,
                                   false, infer_reshape, lower_reshaped, nullptr};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

static DType eye_dtype(const Node &node, DType otherwise) {
    const Attribute *given = node.find("dtype");
    if (!given) return otherwise;
    return given->i > 0 && given->i < 256 ? static_cast<DType>(given->i) : DType::kNone;
}

static Status infer_eye_like(Inference &inference) {
    const Shape &x = inference.shape(0);
    DType dtype = eye_dtype(inference.node(), inference.dtype(0));
    if (size_of(dtype) == 0)
        return inference.unsupported("its attribute 'dtype' is ONNX's type number %lld",
                                     static_cast<long long>(inference.node().get_int("dtype", 0)));
    if (x.has_rank() && x.rank() != 2)
        return inference.fail("its input has the shape %s, expected rank 2",
                              ShapeText(x).c_str());
    inference.set_output(0, graph_dtype(dtype), x);
    return Status();
}

template <class T> static void set_ones(Tensor *eye, int64_t k) {
    int64_t rows = eye->shape()[0], columns = eye->shape()[1];
    Span<T> contents = eye->writable<T>();
    for (int64_t i = 0, at = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j, ++at)
            contents[static_cast<size_t>(at)] = static_cast<T>(j - i == k);
}

// A constant of the program: ones along a diagonal.
static Status lower_eye_like(Lowering &lowering) {
    const Shape &shape = lowering.output_shape(0);
    int64_t k = lowering.node().get_int("k", 0);
    k = k < -shape[0] ? -shape[0] : k > shape[1] ? shape[1] : k;
    LINNET_ASSIGN(Ref<Tensor> eye, Tensor::create(lowering.output_dtype(0), shape));
    switch (lowering.output_dtype(0)) {
    case DType::kFloat32: set_ones<float>(eye.get(), k); break;
    case DType::kInt64: set_ones<int64_t>(eye.get(), k); break;
    case DType::kInt32: set_ones<int32_t>(eye.get(), k); break;
    default: set_ones<uint8_t>(eye.get(), k); break; // one byte: int8, uint8, bool
    }
    LINNET_ASSIGN(View view, lowering.weights(std::move(eye)));
    return lowering.alias(0, view);
}

static const AttributeRule kEyeLikeAttributes[] = {{"dtype", Attribute::Kind::kInt},
                                                   {"k", Attribute::Kind::kInt}};
extern const Operator eye_like_operator;
const Operator eye_like_operator = {
    "EyeLike", 1, 1, 1, 1, kEyeLikeAttributes, false, infer_eye_like, lower_eye_like};

} // namespace linnet

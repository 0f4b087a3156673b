// SPDX-License-Identifier: MIT
#include "ops/map_family.h"

namespace linnet {

Status infer_float_map(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    return infer_unary(inference);
}

Status infer_number_map(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32, DType::kInt64, DType::kInt32,
                                           DType::kInt8, DType::kUint8}));
    return infer_unary(inference);
}

Status infer_float_test(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32}));
    inference.set_output(0, DType::kBool, inference.shape(0));
    return Status();
}

Status lower_map(Lowering &lowering, MapFunction function, float a, float b) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output_like(0, x));
    MapParams params;
    params.loop = loop_over(y.shape, {&y, &x});
    params.function = function;
    params.dtype = x.dtype;
    params.a = a;
    params.b = b;
    return lowering.emit(KernelId::map, params, {y, x});
}

Status lower_unary_or_map(Lowering &lowering, MapFunction function) {
    if (lowering.input_dtype(0) == DType::kFloat32) return lower_unary(lowering);
    return lower_map(lowering, function);
}

} // namespace linnet

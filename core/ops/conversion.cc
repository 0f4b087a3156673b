// SPDX-License-Identifier: MIT
#include "ops/conversion.h"

#include "kernels/convert.h"

namespace linnet {

static Status emit_conversion(Lowering &lowering, const View &from, const View &to, DType through) {
    ConvertParams params;
    params.loop = loop_over(to.shape, {&to, &from});
    params.from = from.dtype;
    params.to = to.dtype;
    params.through = through;
    return lowering.emit(KernelId::convert, params, {to, from});
}

Status lower_conversion(Lowering &lowering, DType through) {
    LINNET_ASSIGN(View x, lowering.input(0));
    bool rounds = through == DType::kFloat16 || through == DType::kBfloat16;
    if (x.dtype == lowering.output_dtype(0) && !rounds) return lowering.alias(0, x);
    LINNET_ASSIGN(View y, lowering.output_like(0, x));
    return emit_conversion(lowering, x, y, rounds ? through : DType::kNone);
}

Result<View> converted(Lowering &lowering, const View &view, DType to) {
    if (view.dtype == to) return view;
    LINNET_ASSIGN(View result, lowering.temporary(to, view.shape, order_of(view)));
    LINNET_TRY(emit_conversion(lowering, view, result, DType::kNone));
    return result;
}

} // namespace linnet

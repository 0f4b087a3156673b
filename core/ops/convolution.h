// The step that Conv, ConvTranspose, Gemm and MatMul have in common.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/pack2d.h"
#include "ops/operator.h"

namespace linnet {

// What a convolution reads and writes besides its weights. View(): none.
struct ConvolutionViews {
    View x, bias, residual, y;
};

// Sets the sizes and strides of both pictures.
void set_pictures(const PictureView &x, const PictureView &y, Conv2dParams *params);

// One step, of the kernel that choose_conv_method names. The weights are input `weights` of
// the node and lie as `packing` says; they are packed now if they are constant, or else by a step
// of their own.
Status emit_convolution(Lowering &lowering, const Pack2dParams &packing, size_t weights,
                        const ConvolutionViews &views);

#if defined(LINNET_TELL_USES)
// Whether a block of packed weights (WeightCache) is one that emit_convolution() made, and what
// pack2d() makes it with.
bool find_packing(Span<const int64_t> key, Pack2dParams *params);
#endif

} // namespace linnet

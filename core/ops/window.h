// The sliding window of convolutions and pools: kernel, strides, dilations, pads, and the output's
// size by the rules of ONNX.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/conv2d.h"
#include "ops/inference.h"

namespace linnet {

struct Window {
    int axes = 0; // 1 or 2
    int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, dilation[2] = {1, 1};
    int64_t pad_before[2] = {}, pad_after[2] = {};
    int64_t out[2] = {}; // kUnknown where the input's axis is
};

// Reads the attributes kernel_shape, strides, dilations, pads, auto_pad and ceil_mode of a node
// whose input has the shape `x`, of rank 3 or 4. `w` gives the kernel where kernel_shape does not,
// and must be known; for pools it is an unknown shape. Fails where the attributes contradict each
// other or the kernel exceeds the padded input.
Status read_window(const Inference &inference, const Shape &x, const Shape &w, Window *window);

// The same for a node that has passed read_window.
Window known_window(const Node &node, const Shape &x, const Shape &w);

// The same for a transposed convolution, which adds output_padding and output_shape: `out` is the
// larger picture, from which the window goes back to the input.
Status read_transposed_window(const Inference &inference, const Shape &x, const Shape &w,
                              Window *window);
Window known_transposed_window(const Node &node, const Shape &x, const Shape &w);

// Writes kernel, strides, dilations and pads into params whose picture axes are h and w; one axis
// is w.
template <class Params> void set_window(const Window &window, Params *params) {
    int h = window.axes == 2 ? 0 : -1, w = window.axes - 1;
    params->kernel_w = static_cast<int32_t>(window.kernel[w]);
    params->stride_w = static_cast<int32_t>(window.stride[w]);
    params->dilation_w = static_cast<int32_t>(window.dilation[w]);
    params->pad_left = static_cast<int32_t>(window.pad_before[w]);
    if (h < 0) return;
    params->kernel_h = static_cast<int32_t>(window.kernel[h]);
    params->stride_h = static_cast<int32_t>(window.stride[h]);
    params->dilation_h = static_cast<int32_t>(window.dilation[h]);
    params->pad_top = static_cast<int32_t>(window.pad_before[h]);
}

} // namespace linnet

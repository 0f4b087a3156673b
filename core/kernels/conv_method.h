// The ways to compute a convolution, and which one is the fastest.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/span.h"
#include "kernels/conv2d.h"

namespace linnet {

// Trimmed, as Function.
enum class ConvMethod : uint8_t {
    kPanels,    // conv2d
    kDepthwise, // depthwise2d
    kWinograd2, // winograd2d with tiles of 2x2
    kWinograd4, // of 4x4
    kWinograd6, // and of 6x6
};

inline bool is_winograd(ConvMethod method) { return method >= ConvMethod::kWinograd2; }
inline int32_t winograd_tile_of(ConvMethod method) {
    return 2 * (static_cast<int32_t>(method) - static_cast<int32_t>(ConvMethod::kWinograd2) + 1);
}

// Each group has one input and one output channel, so that depthwise2d takes it.
bool is_depthwise(const Conv2dParams &params);

// Whether there is a choice, which is between kPanels and the ways of Winograd.
// `has_constant_weights`: they are packed once, so that what it costs to transform them does not
// count.
bool has_conv_choice(const Conv2dParams &params, bool has_constant_weights);

// The method for the convolutions whose pictures have these sizes, whatever the batch.
struct ConvChoice {
    int32_t in_c = 0, in_h = 0, in_w = 0;
    int32_t out_c = 0, out_h = 0, out_w = 0;
    ConvMethod method = ConvMethod::kPanels;

    static ConvChoice of(const Conv2dParams &params, ConvMethod method);
    bool is_for(const Conv2dParams &params) const;
};

// By the first of `stated` that is for such a convolution; or else by a model of the time that each
// takes (conv_method.cc) for one picture, so that a picture has the same bits alone and in a batch;
// and from the params alone, so that machines agree.
ConvMethod choose_conv_method(const Conv2dParams &params, bool has_constant_weights,
                              Span<const ConvChoice> stated);

} // namespace linnet

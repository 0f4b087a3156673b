// Nodes that compute y = x * scale + shift with constants for each channel.
// SPDX-License-Identifier: MIT
#pragma once

#include "optimize/graph_editor.h"

namespace linnet {

struct ChannelAffine {
    ValueId x = kNoValue;
    Array<double> scale; // empty: 1 for all channels
    Array<double> shift; // empty: 0 for all channels
};

// The tensor whose channels are meant, of which some may not be known.
struct ChannelLayout {
    int64_t channels = 0;
    int axis = 1;  // counted from the end if negative
    int rank = -1; // -1: not known, but at least one axis
};

// The input that a node of such an operator (BatchNormalization, Add, Sub, Mul, Div) applies
// constants to, or kNoValue.
ValueId affine_input(const GraphEditor &editor, const Node &node);

// Sets *found if the node computes such a function of a tensor of this layout, and does not
// broadcast it to another shape. All numbers are finite.
Status read_affine(const GraphEditor &editor, const Node &node, const ChannelLayout &layout,
                   ChannelAffine *affine, bool *found);

} // namespace linnet

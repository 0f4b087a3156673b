// The methods of convolutions as text: the metadata entry linnet.convolutions. capi/METADATA.md
// documents it.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/text.h"
#include "kernels/conv_method.h"

namespace linnet {

constexpr string_view kConvChoicesKey = "linnet.convolutions";

// kMalformed, with the entry that breaks the grammar.
Status read_conv_choices(string_view text, Array<ConvChoice> *choices);

Result<Text> write_conv_choices(Span<const ConvChoice> choices);

} // namespace linnet

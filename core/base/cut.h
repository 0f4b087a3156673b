// What a build says of parts that it does not have. `linnet single-file --model` cuts the single file
// to some models, and changes the two texts and the flag.
// SPDX-License-Identifier: MIT
#pragma once

namespace linnet {

// Behind the name of the part.
constexpr char kNotHere[] = "is not supported";
// What to do about it, at the end of the message.
constexpr char kCutHint[] = "";
// Whether the portable bodies can run models, or only fold constants.
constexpr bool kPlainRunsModels = true;

} // namespace linnet

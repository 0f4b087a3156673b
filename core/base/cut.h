// What a build says of parts that it does not have. `linnet single-file --model` cuts the single
// file to some models, and changes these constants.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/status.h"

namespace linnet {

// Behind the name of the part.
constexpr char kNotHere[] = "is not supported";
// What to do about it, at the end of the message.
constexpr char kCutHint[] = "";
// Whether it is cut at all.
constexpr bool kIsCut = false;
// The error in place of a function that no model of the cut called, and whether an error is that.
Status not_here();
bool is_not_here(const Status &status);
// Whether the portable bodies can run models, or only fold constants.
constexpr bool kPlainRunsModels = true;
// Whether it runs planned models, and nothing else; the SHA-256 digests of their plans.
constexpr bool kIsPlanned = false;
constexpr const char *kPlans[] = {""};

} // namespace linnet

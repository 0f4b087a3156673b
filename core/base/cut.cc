// SPDX-License-Identifier: MIT
#include "base/cut.h"

#include <cstring>

namespace linnet {

static const char kMissingPart[] = "a part of the library that is needed here";

Status not_here() {
    return error(Code::kUnsupported, "%s %s%s", kMissingPart, kNotHere, kCutHint);
}

bool is_not_here(const Status &status) {
    return std::strncmp(status.message(), kMissingPart, sizeof kMissingPart - 1) == 0;
}

} // namespace linnet

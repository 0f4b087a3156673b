// The SHA-256 digest (FIPS 180-4).
// SPDX-License-Identifier: MIT
#pragma once

#include "base/span.h"

namespace linnet {

// 64 hexadecimal digits in lower case.
struct Sha256Text {
    char text[65];
};

Sha256Text sha256(Bytes message);

} // namespace linnet

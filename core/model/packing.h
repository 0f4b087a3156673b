// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace linnet {

// Names the forms in which weights are packed and the way to fold scales into them, which are the
// same for every instruction set. One higher with every change of either: packed weights in files
// of another revision are not used but made anew. tests/core/save_test.cc tells when it is due.
constexpr uint32_t kPackingRevision = 1;

} // namespace linnet

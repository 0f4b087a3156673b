// A name from a file, made fit for a message.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/text.h"

namespace linnet {

// The name in quotes, in a buffer that belongs to the object: valid UTF-8 without control
// characters, cut after about 100 bytes.
class Quoted {
public:
    explicit Quoted(string_view name);
    const char *c_str() const { return text_; }

private:
    char text_[112];
};

} // namespace linnet

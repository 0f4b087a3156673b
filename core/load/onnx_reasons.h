// All that keeps an ONNX model from being run faithfully, collected into one error.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/text.h"

namespace linnet {

class OnnxReasons {
public:
    // Adds "node 'name' (Op): reason". A node without a name is known by `output`.
    Status add_node(string_view name, string_view op, string_view output, const char *reason);
    // Adds "input 'name': reason", where `what` is "input".
    Status add(const char *what, string_view name, const char *reason);

    bool empty() const { return count_ == 0; }
    // kUnsupported with all reasons, or success if there are none.
    Status as_status() const;

private:
    Status add_text(string_view text);

    Text text_; // at most about 4000 bytes; the others are only counted
    size_t count_ = 0;
    size_t shown_ = 0;
};

} // namespace linnet

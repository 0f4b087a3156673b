// SPDX-License-Identifier: MIT
#include "load/onnx_reasons.h"

#include "load/quoted.h"

namespace linnet {

constexpr size_t kOnnxReasonBytes = 3900; // with the frame around it, below 4000

Status OnnxReasons::add_node(string_view name, string_view op, string_view output,
                             const char *reason) {
    Text text;
    LINNET_TRY(text.appendf("%s %s (%.*s): %s", name.empty() ? "node with output" : "node",
                            Quoted(name.empty() ? output : name).c_str(),
                            static_cast<int>(op.size() < 100 ? op.size() : 100), op.data(),
                            reason));
    return add_text(text);
}

Status OnnxReasons::add(const char *what, string_view name, const char *reason) {
    Text text;
    LINNET_TRY(text.appendf("%s %s: %s", what, Quoted(name).c_str(), reason));
    return add_text(text);
}

Status OnnxReasons::add_text(string_view text) {
    ++count_;
    // Once one is left out all later ones are, so that the list is a beginning without gaps.
    if (shown_ + 1 < count_ || text_.size() + text.size() > kOnnxReasonBytes) return Status();
    ++shown_;
    if (!text_.empty()) LINNET_TRY(text_.append("; "));
    return text_.append(text);
}

Status OnnxReasons::as_status() const {
    if (count_ == 0) return Status();
    if (shown_ == count_) return error(Code::kUnsupported, "unsupported: %s", text_.c_str());
    return error(Code::kUnsupported, "unsupported: %s; and %llu more", text_.c_str(),
                 static_cast<unsigned long long>(count_ - shown_));
}

} // namespace linnet

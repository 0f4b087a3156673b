// SPDX-License-Identifier: MIT
#include "load/quoted.h"

#include <cstring>

namespace linnet {

Quoted::Quoted(string_view name) {
    constexpr size_t kLongest = 100;
    size_t shown = name.size() < kLongest ? name.size() : kLongest;
    // A cut never falls into a character.
    auto inside = [&](size_t at) { return (static_cast<unsigned char>(name[at]) & 0xC0) == 0x80; };
    while (shown < name.size() && shown > 0 && inside(shown)) --shown;
    bool text = is_utf8(string_view(name.data(), shown));
    size_t used = 0;
    text_[used++] = '"';
    for (size_t i = 0; i < shown; ++i) {
        unsigned char c = static_cast<unsigned char>(name[i]);
        text_[used++] = c < 0x20 || c == 0x7F || (!text && c > 0x7F) ? '?' : static_cast<char>(c);
    }
    std::strcpy(text_ + used, shown < name.size() ? "...\"" : "\"");
}

} // namespace linnet

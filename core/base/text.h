// Owned text, and an index from names to numbers. Views are std::string_view.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/array.h"

namespace linnet {

using std::string_view;

// Text that ends in a zero byte. Copies are explicit because they can fail.
class Text {
public:
    Text() = default;

    Status assign(string_view text);
    Status append(string_view text);
    Status appendf(const char *format, ...) LINNET_PRINTF(2, 3);

    const char *c_str() const { return bytes_.empty() ? "" : bytes_.data(); }
    size_t size() const { return bytes_.empty() ? 0 : bytes_.size() - 1; }
    bool empty() const { return size() == 0; }
    string_view view() const { return string_view(c_str(), size()); }
    operator string_view() const { return view(); }

    static Result<Text> of(string_view text);

private:
    Array<char> bytes_; // with the zero byte, or empty
};

// How many bytes the character at the front takes: 1 to 4, or 0 if there is no well-formed UTF-8.
size_t utf8_length(string_view text);

// Whether the bytes are valid UTF-8 without zero bytes.
bool is_utf8(string_view text);

// From names to numbers.
class NameIndex {
public:
    // The number of a name, or -1.
    int64_t find(string_view name) const;
    // Adds a name, which is copied, or changes its number.
    Status insert(string_view name, uint32_t number);
    size_t size() const { return used_; }

private:
    struct Slot {
        Text name;
        uint32_t number = 0;
        bool taken = false;
    };
    Slot *slot(string_view name);
    Status grow();

    Array<Slot> slots_; // a power of two of them, open addressing
    size_t used_ = 0;
};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <cstdio>

namespace linnet {

Status Text::assign(string_view text) {
    Array<char> bytes;
    LINNET_TRY(bytes.reserve(text.size() + 1));
    LINNET_TRY(bytes.append(Span<const char>(text.data(), text.size())));
    LINNET_TRY(bytes.push('\0'));
    bytes_ = std::move(bytes);
    return Status();
}

Status Text::append(string_view text) {
    LINNET_TRY(bytes_.reserve(size() + text.size() + 1));
    bytes_.shrink(size());
    LINNET_TRY(bytes_.append(Span<const char>(text.data(), text.size())));
    return bytes_.push('\0');
}

Status Text::appendf(const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    size_t from = size(), bytes = length < 0 ? 0 : static_cast<size_t>(length);
    Status status = bytes_.resize(from + bytes + 1);
    if (status.ok()) std::vsnprintf(bytes_.data() + from, bytes + 1, format, arguments);
    va_end(arguments);
    return status;
}

Result<Text> Text::of(string_view text) {
    Text copy;
    LINNET_TRY(copy.assign(text));
    return copy;
}

// The well-formed sequences of the Unicode Standard, table 3-7.
size_t utf8_length(string_view text) {
    auto byte = [&](size_t at) -> unsigned {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
    };
    auto tail = [&](size_t at) { return (byte(at) & 0xC0) == 0x80; };
    unsigned lead = byte(0), next = byte(1);
    if (lead >= 0x01 && lead <= 0x7F) return 1;
    if (lead >= 0xC2 && lead <= 0xDF && tail(1)) return 2;
    if ((lead & 0xF0) == 0xE0 && tail(1) && tail(2) && !(lead == 0xE0 && next < 0xA0) &&
        !(lead == 0xED && next > 0x9F))
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4 && tail(1) && tail(2) && tail(3) &&
        !(lead == 0xF0 && next < 0x90) && !(lead == 0xF4 && next > 0x8F))
        return 4;
    return 0;
}

bool is_utf8(string_view text) {
    while (!text.empty()) {
        size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
static uint64_t hash_of(string_view name) {
    uint64_t hash = 14695981039346656037u;
    for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return hash ^ (hash >> 32);
}

NameIndex::Slot *NameIndex::slot(string_view name) {
    size_t mask = slots_.size() - 1, at = static_cast<size_t>(hash_of(name)) & mask;
    while (slots_[at].taken && slots_[at].name.view() != name) at = (at + 1) & mask;
    return &slots_[at];
}

int64_t NameIndex::find(string_view name) const {
    if (slots_.empty()) return -1;
    const Slot *found = const_cast<NameIndex *>(this)->slot(name);
    return found->taken ? static_cast<int64_t>(found->number) : -1;
}

Status NameIndex::grow() {
    NameIndex larger;
    LINNET_TRY(larger.slots_.resize(slots_.empty() ? 16 : slots_.size() * 2));
    for (Slot &old : slots_)
        if (old.taken) *larger.slot(old.name) = std::move(old);
    slots_ = std::move(larger.slots_);
    return Status();
}

Status NameIndex::insert(string_view name, uint32_t number) {
    if (2 * (used_ + 1) > slots_.size()) LINNET_TRY(grow());
    Slot *place = slot(name);
    if (!place->taken) {
        LINNET_TRY(place->name.assign(name));
        place->taken = true;
        ++used_;
    }
    place->number = number;
    return Status();
}

} // namespace linnet

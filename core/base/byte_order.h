// Files hold numbers with the lowest byte first, whatever the order of the machine.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include "base/span.h"

namespace linnet {

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
constexpr bool kLittleEndian = false;
#else
constexpr bool kLittleEndian = true;
#endif

// So short on most machines that it becomes part of its caller, also where that is small.
template <class Number> Number read_little_endian(const unsigned char *at) {
    Number number = 0;
    if constexpr (kLittleEndian)
        std::memcpy(&number, at, sizeof number);
    else
        for (size_t i = sizeof number; i-- > 0;) number = number << 8 | at[i];
    return number;
}
inline uint32_t little_endian32(const unsigned char *at) { return read_little_endian<uint32_t>(at); }
inline uint64_t little_endian64(const unsigned char *at) { return read_little_endian<uint64_t>(at); }

inline void put_little_endian(uint64_t number, int bytes, unsigned char *at) {
    for (int i = 0; i < bytes; ++i) at[i] = static_cast<unsigned char>(number >> (8 * i));
}

// Turns elements of so many bytes round, each in its place.
inline void turn_in_place(Span<unsigned char> elements, size_t element_bytes) {
    for (size_t first = 0; first < elements.size(); first += element_bytes)
        for (size_t i = 0; i < element_bytes / 2; ++i)
            std::swap(elements[first + i], elements[first + element_bytes - 1 - i]);
}

// Hands elements of so many bytes from the order of files to that of the machine, or back: calls
// visit(bytes, from) for one piece after the other, the first of which is byte `from` of them. All
// of them are one piece, and lie where they were, if the orders are the same.
template <class Visit> void visit_turned(Bytes elements, size_t element_bytes, Visit visit) {
    if (kLittleEndian || element_bytes == 1) {
        visit(elements, size_t{0});
        return;
    }
    unsigned char piece[1024];
    for (size_t from = 0; from < elements.size(); from += sizeof piece) {
        size_t rest = elements.size() - from, size = rest < sizeof piece ? rest : sizeof piece;
        std::memcpy(piece, elements.data() + from, size);
        turn_in_place({piece, size}, element_bytes);
        visit(Bytes(piece, size), from);
    }
}

} // namespace linnet

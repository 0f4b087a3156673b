// Writes the protobuf wire format (https://protobuf.dev/programming-guides/encoding).
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/text.h"

namespace linnet {

// One message. Its fields stand in the order of the calls. An allocation that fails is kept, and
// what comes after it does nothing: it is asked for once, at the end.
class ProtobufWriter {
public:
    void varint(uint32_t field, int64_t value);
    void fixed32(uint32_t field, float value);
    void fixed64(uint32_t field, uint64_t value);
    void bytes(uint32_t field, Bytes value);
    // Numbers of this machine, in the byte order of files.
    void elements(uint32_t field, Bytes value, size_t element_bytes);
    void text(uint32_t field, string_view value);
    void message(uint32_t field, const ProtobufWriter &message);
    // Repeated fields, packed.
    void varints(uint32_t field, Span<const int64_t> values);
    void floats(uint32_t field, Span<const float> values);

    Bytes written() const { return bytes_.span(); }
    Status take_status() { return std::move(status_); }

private:
    void key(uint32_t field, unsigned wire);
    void number(uint64_t value);
    void little_endian(uint64_t value, int bytes);
    void append(Bytes bytes);

    Array<unsigned char> bytes_;
    Status status_;
};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "save/protobuf_writer.h"

#include <cstring>

#include "base/byte_order.h"

namespace linnet {

// Wire types.
constexpr unsigned kProtobufVarint = 0, kProtobufFixed64 = 1, kProtobufBytes = 2,
                   kProtobufFixed32 = 5;

void ProtobufWriter::append(Bytes bytes) {
    if (status_.ok()) status_ = bytes_.append(bytes);
}

void ProtobufWriter::number(uint64_t value) {
    unsigned char digits[10];
    size_t count = 0;
    for (; value >= 0x80; value >>= 7)
        digits[count++] = static_cast<unsigned char>(value | 0x80);
    digits[count++] = static_cast<unsigned char>(value);
    append({digits, count});
}

void ProtobufWriter::little_endian(uint64_t value, int bytes) {
    unsigned char digits[8];
    put_little_endian(value, bytes, digits);
    append({digits, static_cast<size_t>(bytes)});
}

void ProtobufWriter::key(uint32_t field, unsigned wire) { number(uint64_t{field} << 3 | wire); }

void ProtobufWriter::varint(uint32_t field, int64_t value) {
    key(field, kProtobufVarint);
    number(static_cast<uint64_t>(value));
}

static uint32_t protobuf_bits(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

void ProtobufWriter::fixed32(uint32_t field, float value) {
    key(field, kProtobufFixed32);
    little_endian(protobuf_bits(value), 4);
}

void ProtobufWriter::fixed64(uint32_t field, uint64_t value) {
    key(field, kProtobufFixed64);
    little_endian(value, 8);
}

void ProtobufWriter::bytes(uint32_t field, Bytes value) {
    key(field, kProtobufBytes);
    number(value.size());
    append(value);
}

void ProtobufWriter::elements(uint32_t field, Bytes value, size_t element_bytes) {
    key(field, kProtobufBytes);
    number(value.size());
    visit_turned(value, element_bytes, [this](Bytes piece, size_t) { append(piece); });
}

void ProtobufWriter::text(uint32_t field, string_view value) {
    bytes(field, {reinterpret_cast<const unsigned char *>(value.data()), value.size()});
}

void ProtobufWriter::message(uint32_t field, const ProtobufWriter &message) {
    if (!message.status_.ok() && status_.ok()) status_ = out_of_memory();
    bytes(field, message.written());
}

void ProtobufWriter::varints(uint32_t field, Span<const int64_t> values) {
    ProtobufWriter list;
    for (int64_t value : values) list.number(static_cast<uint64_t>(value));
    message(field, list);
}

void ProtobufWriter::floats(uint32_t field, Span<const float> values) {
    ProtobufWriter list;
    for (float value : values) list.little_endian(protobuf_bits(value), 4);
    message(field, list);
}

} // namespace linnet

// Reads the protobuf wire format in place (https://protobuf.dev/programming-guides/encoding).
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/text.h"

namespace linnet {

// How deep messages may lie in messages.
constexpr int kProtobufDepth = 32;

class ProtobufReader;

// One field as it stands in the message. Views into the message live as long as its bytes.
// The getters fail with kMalformed where the field has another wire type than they ask for.
class ProtobufField {
public:
    uint32_t number() const { return number_; }
    // Where the field begins in the file: for messages.
    size_t offset() const { return offset_; }

    Status get_int64(int64_t *value) const; // also enums and int32: a varint
    Status get_float(float *value) const;   // fixed32
    Status get_bytes(Bytes *value) const;
    Status get_text(string_view *value) const; // any bytes, see is_utf8()
    Status get_message(ProtobufReader *message) const;

    // Elements of a repeated field: one, or a packed list. The count is exact and needs no memory.
    Status count_varints(size_t *count) const;
    Status append_varints(Array<int64_t> *values) const;
    Status append_floats(Array<float> *values) const;
    // The elements of a repeated fixed32 (bytes == 4) or fixed64 (bytes == 8) field, little-endian.
    Status get_fixed(size_t bytes, Bytes *elements) const;

    Status malformed(const char *what) const;

private:
    friend class ProtobufReader;
    enum class Wire : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
    Status expect(Wire wire) const;

    uint32_t number_ = 0;
    Wire wire_ = Wire::kVarint;
    int depth_ = 0;
    uint64_t varint_ = 0;
    Bytes bytes_; // the payload of every other wire type
    size_t offset_ = 0;
    const unsigned char *origin_ = nullptr;
};

// Walks over the fields of one message:
//     while (reader.next(&field)) switch (field.number()) { ... }
//     return reader.take_status();
class ProtobufReader {
public:
    ProtobufReader() = default;
    explicit ProtobufReader(Bytes file) : ProtobufReader(file, file.data(), 0) {}

    // False at the end of the message, and where it is malformed.
    bool next(ProtobufField *field);
    Status take_status() const { return status_; }
    size_t size() const { return size_; } // bytes of the whole message

private:
    friend class ProtobufField;
    ProtobufReader(Bytes message, const unsigned char *origin, int depth)
        : at_(message.data()), end_(message.end()), origin_(origin), size_(message.size()),
          depth_(depth) {}
    bool fail(const char *what);
    bool read_payload(uint64_t wire, ProtobufField *field);

    const unsigned char *at_ = nullptr;
    const unsigned char *end_ = nullptr;
    const unsigned char *origin_ = nullptr; // the first byte of the file
    size_t size_ = 0;
    int depth_ = 0;
    Status status_;
};

} // namespace linnet

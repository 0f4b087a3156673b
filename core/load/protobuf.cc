// SPDX-License-Identifier: MIT
#include "load/protobuf.h"

#include <cstring>

#include "base/byte_order.h"

namespace linnet {

// Reads a varint of at most 10 bytes and moves `at` behind it. False if it does not end.
static bool protobuf_varint(const unsigned char **at, const unsigned char *end, uint64_t *value) {
    uint64_t result = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        if (*at == end) return false;
        unsigned char byte = *(*at)++;
        if (shift < 64) result |= uint64_t{byte & 0x7Fu} << shift;
        if (byte < 0x80) {
            *value = result;
            return true;
        }
    }
    return false;
}

static float protobuf_float(const unsigned char *bytes) {
    uint32_t bits = little_endian32(bytes);
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

static Status protobuf_error(size_t offset, const char *what) {
    return error(Code::kMalformed, "malformed protobuf at byte %llu: %s",
                 static_cast<unsigned long long>(offset), what);
}

bool ProtobufReader::fail(const char *what) {
    status_ = protobuf_error(static_cast<size_t>(at_ - origin_), what);
    return false;
}

bool ProtobufReader::next(ProtobufField *field) {
    if (at_ == end_ || !status_.ok()) return false;
    const unsigned char *start = at_;
    uint64_t key = 0;
    if (!protobuf_varint(&at_, end_, &key)) return fail("a field does not end");
    uint64_t number = key >> 3;
    if (number == 0 || number > 0x1FFFFFFF) return fail("a field has an invalid number");
    field->number_ = static_cast<uint32_t>(number);
    field->depth_ = depth_;
    field->offset_ = static_cast<size_t>(start - origin_);
    field->origin_ = origin_;
    return read_payload(key & 7, field);
}

bool ProtobufReader::read_payload(uint64_t wire, ProtobufField *field) {
    uint64_t bytes = 0;
    switch (wire) {
    case 0:
        field->wire_ = ProtobufField::Wire::kVarint;
        field->bytes_ = Bytes();
        return protobuf_varint(&at_, end_, &field->varint_) || fail("a number does not end");
    case 1:
        field->wire_ = ProtobufField::Wire::kFixed64;
        bytes = 8;
        break;
    case 2:
        field->wire_ = ProtobufField::Wire::kBytes;
        if (!protobuf_varint(&at_, end_, &bytes)) return fail("a length does not end");
        break;
    case 5:
        field->wire_ = ProtobufField::Wire::kFixed32;
        bytes = 4;
        break;
    case 3:
    case 4: return fail("groups are not supported");
    default: return fail("a field has an invalid type");
    }
    if (bytes > static_cast<uint64_t>(end_ - at_)) return fail("a field ends behind its message");
    field->bytes_ = Bytes(at_, static_cast<size_t>(bytes));
    at_ += bytes;
    return true;
}

Status ProtobufField::malformed(const char *what) const { return protobuf_error(offset_, what); }

Status ProtobufField::expect(Wire wire) const {
    if (wire_ == wire) return Status();
    return error(Code::kMalformed, "malformed protobuf at byte %llu: field %u has the wrong type",
                 static_cast<unsigned long long>(offset_), static_cast<unsigned>(number_));
}

Status ProtobufField::get_int64(int64_t *value) const {
    LINNET_TRY(expect(Wire::kVarint));
    *value = static_cast<int64_t>(varint_);
    return Status();
}

Status ProtobufField::get_float(float *value) const {
    LINNET_TRY(expect(Wire::kFixed32));
    *value = protobuf_float(bytes_.data());
    return Status();
}

Status ProtobufField::get_bytes(Bytes *value) const {
    LINNET_TRY(expect(Wire::kBytes));
    *value = bytes_;
    return Status();
}

Status ProtobufField::get_text(string_view *value) const {
    LINNET_TRY(expect(Wire::kBytes));
    *value = string_view(reinterpret_cast<const char *>(bytes_.data()), bytes_.size());
    return Status();
}

Status ProtobufField::get_message(ProtobufReader *message) const {
    LINNET_TRY(expect(Wire::kBytes));
    if (depth_ + 1 > kProtobufDepth) return malformed("messages lie too deep in messages");
    *message = ProtobufReader(bytes_, origin_, depth_ + 1);
    return Status();
}

// Every varint ends in its only byte below 0x80.
Status ProtobufField::count_varints(size_t *count) const {
    *count = 1;
    if (wire_ == Wire::kVarint) return Status();
    LINNET_TRY(expect(Wire::kBytes));
    *count = 0;
    for (unsigned char byte : bytes_) *count += byte < 0x80;
    return Status();
}

Status ProtobufField::append_varints(Array<int64_t> *values) const {
    if (wire_ == Wire::kVarint) return values->push(static_cast<int64_t>(varint_));
    size_t count = 0;
    LINNET_TRY(count_varints(&count));
    if (values->empty()) LINNET_TRY(values->reserve(count));
    for (const unsigned char *at = bytes_.begin(); at != bytes_.end();) {
        uint64_t value = 0;
        if (!protobuf_varint(&at, bytes_.end(), &value))
            return malformed("a number in a list does not end");
        LINNET_TRY(values->push(static_cast<int64_t>(value)));
    }
    return Status();
}

Status ProtobufField::append_floats(Array<float> *values) const {
    Bytes elements;
    LINNET_TRY(get_fixed(4, &elements));
    if (values->empty()) LINNET_TRY(values->reserve(elements.size() / 4));
    for (size_t i = 0; i < elements.size(); i += 4)
        LINNET_TRY(values->push(protobuf_float(elements.data() + i)));
    return Status();
}

Status ProtobufField::get_fixed(size_t bytes, Bytes *elements) const {
    if (wire_ != (bytes == 4 ? Wire::kFixed32 : Wire::kFixed64)) {
        LINNET_TRY(expect(Wire::kBytes));
        if (bytes_.size() % bytes != 0) return malformed("a list ends within an element");
    }
    *elements = bytes_;
    return Status();
}

} // namespace linnet

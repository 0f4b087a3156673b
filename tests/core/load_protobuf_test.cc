// The reader of the protobuf wire format.
// SPDX-License-Identifier: MIT
#include "load/protobuf.h"
#include "load_testing.h"

namespace {

using linnet::Array;
using linnet::ProtobufField;
using linnet::ProtobufReader;
using linnet::Status;
using onnx_writer::Proto;

// Reads all fields; the error, or "".
std::string protobuf_fault(const std::string &bytes) {
    ProtobufReader reader(load_testing::view(bytes));
    ProtobufField field;
    while (reader.next(&field)) {
    }
    return reader.take_status().message();
}

ProtobufField first_field(const std::string &bytes) {
    ProtobufReader reader(load_testing::view(bytes));
    ProtobufField field;
    EXPECT_TRUE(reader.next(&field));
    return field;
}

TEST(Protobuf, ReadsEveryType) {
    std::string bytes =
        Proto().number(1, -2).real(2, 1.5f).text(3, "abc").key(4, 1).raw("12345678", 8).bytes();
    ProtobufReader reader(load_testing::view(bytes));
    ProtobufField field;
    ASSERT_TRUE(reader.next(&field));
    int64_t number = 0;
    EXPECT_TRUE(field.get_int64(&number).ok());
    EXPECT_EQ(number, -2);
    ASSERT_TRUE(reader.next(&field));
    float real = 0;
    EXPECT_TRUE(field.get_float(&real).ok());
    EXPECT_EQ(real, 1.5f);
    ASSERT_TRUE(reader.next(&field));
    linnet::string_view text;
    EXPECT_TRUE(field.get_text(&text).ok());
    EXPECT_EQ(text, "abc");
    EXPECT_EQ(field.number(), 3u);
    EXPECT_EQ(field.offset(), 16u);
    ASSERT_TRUE(reader.next(&field));
    linnet::Bytes fixed;
    EXPECT_TRUE(field.get_fixed(8, &fixed).ok());
    EXPECT_EQ(fixed.size(), 8u);
    EXPECT_FALSE(reader.next(&field));
    EXPECT_TRUE(reader.take_status().ok());
}

TEST(Protobuf, RefusesOtherTypes) {
    std::string bytes = Proto().text(5, "abc").bytes();
    int64_t number = 0;
    Status status = first_field(bytes).get_int64(&number);
    EXPECT_STREQ(status.message(), "malformed protobuf at byte 0: field 5 has the wrong type");
    float real = 0;
    EXPECT_FALSE(first_field(bytes).get_float(&real).ok());
    linnet::string_view text;
    EXPECT_FALSE(first_field(Proto().number(1, 1).bytes()).get_text(&text).ok());
}

TEST(Protobuf, ReadsListsPackedOrNot) {
    Array<int64_t> numbers;
    std::string packed = Proto().packed_numbers(1, {1, 300, -1}).bytes();
    size_t count = 0;
    EXPECT_TRUE(first_field(packed).count_varints(&count).ok());
    EXPECT_EQ(count, 3u);
    EXPECT_TRUE(first_field(packed).append_varints(&numbers).ok());
    std::string single = Proto().number(1, 7).bytes();
    EXPECT_TRUE(first_field(single).append_varints(&numbers).ok());
    ASSERT_EQ(numbers.size(), 4u);
    EXPECT_EQ(numbers[1], 300);
    EXPECT_EQ(numbers[2], -1);
    EXPECT_EQ(numbers[3], 7);
    Array<float> reals;
    EXPECT_TRUE(first_field(Proto().packed_reals(1, {1, 2}).bytes()).append_floats(&reals).ok());
    EXPECT_TRUE(first_field(Proto().real(1, 3).bytes()).append_floats(&reals).ok());
    ASSERT_EQ(reals.size(), 3u);
    EXPECT_EQ(reals[2], 3.0f);
    EXPECT_STREQ(first_field(Proto().text(1, "12345").bytes()).append_floats(&reals).message(),
                 "malformed protobuf at byte 0: a list ends within an element");
    EXPECT_STREQ(first_field(Proto().text(1, "\x80").bytes()).append_varints(&numbers).message(),
                 "malformed protobuf at byte 0: a number in a list does not end");
}

TEST(Protobuf, TellsWhereItIsMalformed) {
    const std::string before = Proto().number(1, 1).bytes(); // two bytes
    auto fault = [&](const std::string &bytes) { return protobuf_fault(before + bytes); };
    EXPECT_EQ(fault(""), "");
    EXPECT_EQ(fault("\x80"), "malformed protobuf at byte 3: a field does not end");
    EXPECT_EQ(fault(std::string("\x00\x01", 2)),
              "malformed protobuf at byte 3: a field has an invalid number");
    EXPECT_EQ(fault("\x08"), "malformed protobuf at byte 3: a number does not end");
    EXPECT_EQ(fault("\x0A"), "malformed protobuf at byte 3: a length does not end");
    EXPECT_EQ(fault("\x0A\x05" "abc"),
              "malformed protobuf at byte 4: a field ends behind its message");
    EXPECT_EQ(fault("\x0D" "abc"), "malformed protobuf at byte 3: a field ends behind its message");
    EXPECT_EQ(fault("\x0B"), "malformed protobuf at byte 3: groups are not supported");
    EXPECT_EQ(fault("\x0C"), "malformed protobuf at byte 3: groups are not supported");
    EXPECT_EQ(fault("\x0E"), "malformed protobuf at byte 3: a field has an invalid type");
    EXPECT_EQ(fault("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"),
              "malformed protobuf at byte 13: a field ends behind its message");
    EXPECT_EQ(fault("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"),
              "malformed protobuf at byte 13: a number does not end");
}

TEST(Protobuf, LimitsDepth) {
    Proto inner;
    for (int i = 0; i < 100; ++i) inner = Proto().message(1, inner);
    ProtobufReader reader(load_testing::view(inner.bytes()));
    ProtobufField field;
    int depth = 0;
    for (; reader.next(&field); ++depth) {
        ProtobufReader next;
        Status status = field.get_message(&next);
        if (!status.ok()) {
            EXPECT_NE(std::string(status.message()).find("too deep"), std::string::npos);
            break;
        }
        reader = std::move(next);
    }
    EXPECT_EQ(depth, linnet::kProtobufDepth);
}

} // namespace

// SPDX-License-Identifier: MIT
#include "predictor/conv_choices.h"

#include <algorithm>

namespace linnet {
namespace {

struct NamedMethod {
    string_view name;
    ConvMethod method;
};
constexpr NamedMethod kNamedMethods[] = {
    {"direct", ConvMethod::kPanels},
    {"winograd2", ConvMethod::kWinograd2},
    {"winograd4", ConvMethod::kWinograd4},
    {"winograd6", ConvMethod::kWinograd6},
};

// Takes `expected` from the front of the text.
bool take(string_view *text, string_view expected) {
    if (text->size() < expected.size() ||
        string_view(text->data(), expected.size()) != expected)
        return false;
    text->remove_prefix(expected.size());
    return true;
}

// Takes a number from 1 to INT32_MAX, in digits without leading zeros.
bool take_length(string_view *text, int32_t *length) {
    int64_t value = 0;
    if (take(text, "0")) return false;
    while (!text->empty() && text->front() >= '0' && text->front() <= '9' && value <= INT32_MAX) {
        value = value * 10 + (text->front() - '0');
        text->remove_prefix(1);
    }
    *length = static_cast<int32_t>(value);
    return value > 0 && value <= INT32_MAX;
}

bool take_picture(string_view *text, int32_t *channels, int32_t *height, int32_t *width) {
    return take_length(text, channels) && take(text, "x") && take_length(text, height) &&
           take(text, "x") && take_length(text, width);
}

bool parse_choice(string_view text, ConvChoice *choice) {
    if (!take_picture(&text, &choice->in_c, &choice->in_h, &choice->in_w) || !take(&text, ">") ||
        !take_picture(&text, &choice->out_c, &choice->out_h, &choice->out_w) || !take(&text, ":"))
        return false;
    for (const NamedMethod &named : kNamedMethods) {
        if (named.name != text) continue;
        choice->method = named.method;
        return true;
    }
    return false;
}

} // namespace

Status read_conv_choices(string_view text, Array<ConvChoice> *choices) {
    choices->clear();
    for (bool more = !text.empty(); more;) {
        size_t length = std::min(text.find(','), text.size());
        ConvChoice choice;
        if (!parse_choice(string_view(text.data(), length), &choice))
            return error(Code::kMalformed, "metadata \"%s\" has the entry \"%.*s\"; expected one "
                         "such as 64x56x56>64x56x56:winograd4, with direct, winograd2, winograd4 "
                         "or winograd6 at its end (see capi/METADATA.md)", kConvChoicesKey.data(),
                         static_cast<int>(std::min<size_t>(length, 60)), text.data());
        LINNET_TRY(choices->push(choice));
        more = length < text.size();
        text.remove_prefix(length + more);
    }
    return Status();
}

Result<Text> write_conv_choices(Span<const ConvChoice> choices) {
    Text text;
    for (const ConvChoice &c : choices) {
        const char *name = "";
        for (const NamedMethod &named : kNamedMethods)
            if (named.method == c.method) name = named.name.data();
        LINNET_TRY(text.appendf("%s%dx%dx%d>%dx%dx%d:%s", text.empty() ? "" : ",", c.in_c, c.in_h,
                                c.in_w, c.out_c, c.out_h, c.out_w, name));
    }
    return text;
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "image/preprocessing.h"

#include <cfloat>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace linnet {
namespace {

constexpr string_view kKeyPrefix = "linnet.";

// The number of the choice that `value` is, counted from 0; -1 if it is none.
int choice_of(string_view value, std::initializer_list<string_view> choices) {
    int at = 0;
    for (string_view choice : choices) {
        if (value == choice) return at;
        ++at;
    }
    return -1;
}

// For enumerations whose number 0 means unstated.
template <class Enum>
bool set_choice(Enum *target, string_view value, std::initializer_list<string_view> choices) {
    int found = choice_of(value, choices);
    if (found >= 0) *target = static_cast<Enum>(found + 1);
    return found >= 0;
}

bool is_digit_at(string_view text, size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// A length from 1 to kMaxTensorSide, in digits without leading zeros.
bool parse_side(string_view text, int32_t *side) {
    if (text.empty() || text.size() > 5 || text[0] == '0') return false;
    int32_t value = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (!is_digit_at(text, i)) return false;
        value = value * 10 + (text[i] - '0');
    }
    if (value > kMaxTensorSide) return false;
    *side = value;
    return true;
}

// A finite number as RFC 8259 (JSON) writes it, correctly rounded. The locale has no say: strtod
// is handed the digits and an exponent, never the decimal point.
bool parse_finite_number(string_view text, double *value) {
    constexpr size_t kLongest = 64;
    char plain[kLongest + 16];
    size_t at = 0, used = 0;
    int point_shift = 0, exponent = 0;
    if (text.size() > kLongest) return false;
    if (at < text.size() && text[at] == '-') plain[used++] = text[at++];
    if (!is_digit_at(text, at)) return false;
    if (text[at] == '0' && is_digit_at(text, at + 1)) return false;
    while (is_digit_at(text, at)) plain[used++] = text[at++];
    if (at < text.size() && text[at] == '.') {
        if (!is_digit_at(text, ++at)) return false;
        for (; is_digit_at(text, at); --point_shift) plain[used++] = text[at++];
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        bool negative = ++at < text.size() && text[at] == '-';
        if (negative || (at < text.size() && text[at] == '+')) ++at;
        if (!is_digit_at(text, at)) return false;
        for (; is_digit_at(text, at); ++at)
            if (exponent < 10000) exponent = exponent * 10 + (text[at] - '0');
        if (negative) exponent = -exponent;
    }
    if (at != text.size()) return false;
    std::snprintf(plain + used, sizeof plain - used, "e%d", exponent + point_shift);
    *value = std::strtod(plain, nullptr);
    return std::isfinite(*value);
}

bool parse_per_channel(string_view text, PerChannel *numbers) {
    PerChannel parsed;
    for (;;) {
        size_t comma = text.find(',');
        if (parsed.count == 3) return false;
        if (!parse_finite_number(text.substr(0, comma), &parsed.value[parsed.count++]))
            return false;
        if (comma == string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    if (parsed.count == 2) return false;
    *numbers = parsed;
    return true;
}

bool set_color(Preprocessing *target, string_view value) {
    return set_choice(&target->color, value, {"RGB", "BGR", "GRAY"});
}

bool set_layout(Preprocessing *target, string_view value) {
    return set_choice(&target->layout, value, {"NCHW", "NHWC"});
}

bool set_resize(Preprocessing *target, string_view value) {
    return set_choice(&target->resize, value, {"none", "exact", "shorter"});
}

bool set_interpolation(Preprocessing *target, string_view value) {
    int found = choice_of(value, {"bilinear", "plain", "nearest"});
    if (found >= 0) target->filter = static_cast<PixelFilter>(found);
    return found >= 0;
}

bool set_scores(Preprocessing *target, string_view value) {
    return set_choice(&target->scores, value, {"logits", "probabilities", "raw"});
}

bool set_size(Preprocessing *target, string_view value) {
    PictureExtent size;
    size_t comma = value.find(',');
    if (!parse_side(value.substr(0, comma), &size.height)) return false;
    size.width = size.height;
    if (comma != string_view::npos) {
        value.remove_prefix(comma + 1);
        if (!parse_side(value, &size.width)) return false;
    }
    target->size = size;
    return true;
}

bool set_resize_to(Preprocessing *target, string_view value) {
    return parse_side(value, &target->resize_to);
}

bool set_scale(Preprocessing *target, string_view value) {
    return parse_per_channel(value, &target->scale);
}

bool set_mean(Preprocessing *target, string_view value) {
    return parse_per_channel(value, &target->mean);
}

bool set_std(Preprocessing *target, string_view value) {
    PerChannel parsed;
    if (!parse_per_channel(value, &parsed)) return false;
    for (int i = 0; i < parsed.count; ++i)
        if (parsed.value[i] == 0) return false;
    target->deviation = parsed;
    return true;
}

// The key's name, what its value must be, and the function that takes it: false if it is not that.
// No function: the value is not looked at here.
struct MetadataKey {
    string_view name;
    const char *expected;
    bool (*set)(Preprocessing *target, string_view value);
};

constexpr char kInputKey[] = "linnet.input";
constexpr char kSideGrammar[] = "a number from 1 to 32768";
constexpr char kNumbersGrammar[] =
    "one number or three, separated by commas without blanks, such as 0.485,0.456,0.406";

constexpr MetadataKey kMetadataKeys[] = {
    {"linnet.name", "", nullptr},
    {"linnet.description", "", nullptr},
    {"linnet.license", "", nullptr},
    {"linnet.labels", "", nullptr},
    {"linnet.convolutions", "", nullptr},
    {kInputKey, "the name of an input", nullptr},
    {"linnet.color", "RGB, BGR or GRAY", set_color},
    {"linnet.layout", "NCHW or NHWC", set_layout},
    {"linnet.resize", "none, exact or shorter", set_resize},
    {"linnet.size", "height,width or one number for both, each from 1 to 32768", set_size},
    {"linnet.resize_to", kSideGrammar, set_resize_to},
    {"linnet.interpolation", "bilinear, plain or nearest", set_interpolation},
    {"linnet.scale", kNumbersGrammar, set_scale},
    {"linnet.mean", kNumbersGrammar, set_mean},
    {"linnet.std", "one number or three, not 0, separated by commas without blanks", set_std},
    {"linnet.scores", "logits, probabilities or raw", set_scores},
};

// A value as a message can show it: at most 60 bytes, all of them printable ASCII.
class ShownValue {
public:
    explicit ShownValue(string_view value) {
        size_t shown = value.size() <= kLongest ? value.size() : kLongest - 3, at = 0;
        for (; at < shown; ++at) text_[at] = value[at] >= ' ' && value[at] <= '~' ? value[at] : '?';
        for (; shown < value.size() && at < kLongest; ++at) text_[at] = '.';
        text_[at] = '\0';
    }
    const char *c_str() const { return text_; }

private:
    static constexpr size_t kLongest = 60;
    char text_[kLongest + 1];
};

Status unknown_key(string_view key) {
    Text known;
    for (const MetadataKey &entry : kMetadataKeys)
        LINNET_TRY(known.appendf("%s%s", known.empty() ? "" : ", ", entry.name.data()));
    return error(Code::kMalformed, "metadata key \"%s\" is unknown; the keys are %s",
                 ShownValue(key).c_str(), known.c_str());
}

Status wrong_value(string_view key, string_view value, const char *expected) {
    return error(Code::kMalformed, "metadata \"%s\" is \"%s\"; expected %s",
                 ShownValue(key).c_str(), ShownValue(value).c_str(), expected);
}

Status add_missing(Text *list, bool stated, const char *key) {
    return stated ? Status() : list->appendf("%s%s", list->empty() ? "" : ", ", key);
}

Status check_count(const Preprocessing &values, const PerChannel &numbers, const char *key) {
    if (values.color != ChannelOrder::kGray || numbers.count <= 1) return Status();
    return error(Code::kMalformed,
                 "metadata \"%s\" has %d numbers, but \"linnet.color\" is GRAY; expected one",
                 key, static_cast<int>(numbers.count));
}

// The greatest and the least sample decide for all between them.
Status check_range(const Preprocessing &values) {
    for (int channel = 0; channel < 3; ++channel)
        for (int sample : {0, 255})
            if (!(std::fabs(values.normalised(sample, channel)) <= double{FLT_MAX}))
                return error(Code::kMalformed,
                             "metadata \"linnet.scale\", \"linnet.mean\" and \"linnet.std\" turn "
                             "sample %d of channel %d into a number that float32 cannot hold",
                             sample, channel);
    return Status();
}

Result<int32_t> tensor_side(const char *axis, int64_t fixed, int32_t stated) {
    if (fixed < 0 && stated == 0)
        return error(Code::kNotFound,
                     "the model leaves the %s of its pictures free; state it as metadata "
                     "\"linnet.size\" (see capi/METADATA.md)",
                     axis);
    if (fixed >= 0 && stated != 0 && fixed != stated)
        return error(Code::kMalformed,
                     "metadata \"linnet.size\" states %s %d, but the model's input has %lld", axis,
                     static_cast<int>(stated), static_cast<long long>(fixed));
    if (fixed == 0 || fixed > kMaxTensorSide)
        return error(Code::kUnsupported, "pictures of %s %lld are not possible; expected 1 to %d",
                     axis, static_cast<long long>(fixed), static_cast<int>(kMaxTensorSide));
    return fixed < 0 ? stated : static_cast<int32_t>(fixed);
}

} // namespace

Status Preprocessing::set(string_view key, string_view value) {
    if (key.substr(0, kKeyPrefix.size()) != kKeyPrefix) return Status();
    for (const MetadataKey &entry : kMetadataKeys) {
        if (entry.name != key) continue;
        if (key == kInputKey) {
            if (value.empty() || !is_utf8(value)) return wrong_value(key, value, entry.expected);
            return input.assign(value);
        }
        if (entry.set && !entry.set(this, value)) return wrong_value(key, value, entry.expected);
        return Status();
    }
    return unknown_key(key);
}

Status Preprocessing::check() const {
    LINNET_TRY(check_count(*this, scale, "linnet.scale"));
    LINNET_TRY(check_count(*this, mean, "linnet.mean"));
    LINNET_TRY(check_count(*this, deviation, "linnet.std"));
    LINNET_TRY(check_range(*this));
    if (resize_to == 0) return Status();
    if (resize == ResizeRule::kNone || resize == ResizeRule::kExact)
        return error(Code::kMalformed,
                     "metadata \"linnet.resize_to\" is for \"linnet.resize\" = shorter only; "
                     "\"linnet.resize\" is %s",
                     resize == ResizeRule::kNone ? "none" : "exact");
    if (size.height > resize_to && size.width > resize_to)
        return error(Code::kMalformed,
                     "metadata \"linnet.resize_to\" is %d, too short for the crop of "
                     "\"linnet.size\" %d,%d",
                     static_cast<int>(resize_to), static_cast<int>(size.height),
                     static_cast<int>(size.width));
    return Status();
}

Status Preprocessing::check_complete() const {
    LINNET_TRY(check());
    Text missing;
    LINNET_TRY(add_missing(&missing, color != ChannelOrder::kUnstated,
                           "linnet.color (RGB, BGR or GRAY)"));
    LINNET_TRY(add_missing(&missing, resize != ResizeRule::kUnstated,
                           "linnet.resize (none, exact or shorter)"));
    LINNET_TRY(add_missing(&missing, resize != ResizeRule::kShorter || resize_to != 0,
                           "linnet.resize_to (the length of the shorter side)"));
    LINNET_TRY(add_missing(&missing, scale.count + mean.count + deviation.count != 0,
                           "linnet.scale, linnet.mean or linnet.std (at least one of the three)"));
    if (missing.empty()) return Status();
    return error(Code::kNotFound,
                 "the model does not say how it wants its pictures; missing metadata: %s. State "
                 "it in the file or in the options (see capi/METADATA.md)",
                 missing.c_str());
}

Result<PictureExtent> Preprocessing::extent(int64_t height, int64_t width) const {
    PictureExtent result;
    LINNET_ASSIGN(result.height, tensor_side("height", height, size.height));
    LINNET_ASSIGN(result.width, tensor_side("width", width, size.width));
    return result;
}

int32_t Preprocessing::channels() const {
    if (color == ChannelOrder::kUnstated) return 0;
    return color == ChannelOrder::kGray ? 1 : 3;
}

double Preprocessing::normalised(int sample, int channel) const {
    // Stored, so that no compiler fuses it with the subtraction: the same bits on every machine.
    volatile double product = sample * scale.of(channel, 1);
    return (product - mean.of(channel, 0)) / deviation.of(channel, 1);
}

} // namespace linnet

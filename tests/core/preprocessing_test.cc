// The grammar of the metadata keys "linnet.*" and the errors that name what is wrong.
// SPDX-License-Identifier: MIT
#include "image/preprocessing.h"

#include <clocale>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace linnet {
namespace {

using ::testing::Test;

bool contains(const Status &status, const std::string &part) {
    return std::string(status.message()).find(part) != std::string::npos;
}

// Sets an entry that must be good.
void good(Preprocessing *values, const char *key, string_view value) {
    Status status = values->set(key, value);
    ASSERT_TRUE(status.ok()) << status.message();
}

void expect_refused(const char *key, string_view value, const char *expected) {
    Preprocessing values;
    Status status = values.set(key, value);
    EXPECT_EQ(status.code(), Code::kMalformed) << key << " = " << value;
    EXPECT_TRUE(contains(status, std::string("\"") + key + "\"")) << status.message();
    EXPECT_TRUE(contains(status, expected)) << status.message();
}

Preprocessing complete() {
    Preprocessing values;
    good(&values, "linnet.color", "RGB");
    good(&values, "linnet.resize", "exact");
    good(&values, "linnet.scale", "1");
    return values;
}

TEST(Preprocessing, ReadsEveryKey) {
    Preprocessing values;
    good(&values, "linnet.name", "x");
    good(&values, "linnet.description", "");
    good(&values, "linnet.license", "MIT");
    good(&values, "linnet.labels", "cat\ndog");
    good(&values, "linnet.input", "data");
    good(&values, "linnet.color", "BGR");
    good(&values, "linnet.layout", "NHWC");
    good(&values, "linnet.resize", "shorter");
    good(&values, "linnet.size", "224,192");
    good(&values, "linnet.resize_to", "256");
    good(&values, "linnet.interpolation", "plain");
    good(&values, "linnet.scale", "0.5");
    good(&values, "linnet.mean", "1,-2.5,3e1");
    good(&values, "linnet.std", "2,4,8");
    good(&values, "linnet.scores", "probabilities");
    EXPECT_EQ(values.input.view(), "data");
    EXPECT_EQ(values.color, ChannelOrder::kBgr);
    EXPECT_EQ(values.layout, PictureLayout::kNhwc);
    EXPECT_EQ(values.resize, ResizeRule::kShorter);
    EXPECT_EQ(values.size.height, 224);
    EXPECT_EQ(values.size.width, 192);
    EXPECT_EQ(values.resize_to, 256);
    EXPECT_EQ(values.filter, PixelFilter::kPlain);
    EXPECT_EQ(values.scores, ScoreKind::kProbabilities);
    EXPECT_EQ(values.channels(), 3);
    EXPECT_TRUE(values.check_complete().ok());
    EXPECT_EQ(values.normalised(10, 0), (10 * 0.5 - 1) / 2);
    EXPECT_EQ(values.normalised(10, 1), (10 * 0.5 + 2.5) / 4);
    EXPECT_EQ(values.normalised(10, 2), (10 * 0.5 - 30) / 8);
}

TEST(Preprocessing, AcceptsEveryChoice) {
    for (const char *value : {"RGB", "BGR", "GRAY"}) {
        Preprocessing values;
        good(&values, "linnet.color", value);
        EXPECT_EQ(values.channels(), value[0] == 'G' ? 1 : 3);
    }
    for (const char *value : {"none", "exact", "shorter"}) {
        Preprocessing values;
        good(&values, "linnet.resize", value);
        EXPECT_NE(values.resize, ResizeRule::kUnstated);
    }
    Preprocessing values;
    good(&values, "linnet.interpolation", "nearest");
    EXPECT_EQ(values.filter, PixelFilter::kNearest);
    good(&values, "linnet.interpolation", "bilinear");
    EXPECT_EQ(values.filter, PixelFilter::kBilinear);
    good(&values, "linnet.layout", "NCHW");
    EXPECT_EQ(values.layout, PictureLayout::kNchw);
    good(&values, "linnet.scores", "raw");
    EXPECT_EQ(values.scores, ScoreKind::kRaw);
    good(&values, "linnet.scores", "logits");
    EXPECT_EQ(values.scores, ScoreKind::kLogits);
}

TEST(Preprocessing, RefusesValuesOutsideTheGrammar) {
    for (const char *value : {"", "rgb", "RGBA", " RGB", "RGB ", "RG"})
        expect_refused("linnet.color", value, "expected RGB, BGR or GRAY");
    expect_refused("linnet.layout", "CHW", "expected NCHW or NHWC");
    expect_refused("linnet.resize", "fit", "expected none, exact or shorter");
    expect_refused("linnet.interpolation", "cubic", "expected bilinear, plain or nearest");
    expect_refused("linnet.scores", "softmax", "expected logits, probabilities or raw");
    expect_refused("linnet.input", "", "the name of an input");
    expect_refused("linnet.input", "\xFF", "the name of an input");
    for (const char *value : {"", "0", "-1", "32769", "99999", "224,", ",224", "224,0", "1,2,3",
                              "224x224", "224 ,224", "224.0", "0224", "999999999999"})
        expect_refused("linnet.size", value, "height,width");
    for (const char *value : {"", "0", "256,256", "+256", "32769"})
        expect_refused("linnet.resize_to", value, "a number from 1 to 32768");
}

TEST(Preprocessing, RefusesNumbersOutsideTheGrammar) {
    for (const char *value : {"", " 1", "1 ", "+1", ".5", "5.", "01", "-", "1e", "1e+", "0x10",
                              "inf", "nan", "1e999", "1,2", "1,2,3,4", "1,,3", "1,2,", "1;2;3",
                              "1, 2, 3", "1e5e5", "--1", "1.2.3", // and one of 66 characters
                              "0.1111111111111111111111111111111111111111111111111111111111111111"})
        for (const char *key : {"linnet.scale", "linnet.mean"})
            expect_refused(key, value, "one number or three");
    expect_refused("linnet.scale", string_view("1\0", 2), "\"1?\"");
    for (const char *value : {"0", "-0.0", "1,0,1", "1e-999"})
        expect_refused("linnet.std", value, "not 0");
}

TEST(Preprocessing, ReadsNumbersWithoutTheLocale) {
    std::setlocale(LC_ALL, "de_DE.UTF-8"); // where it is installed, the comma is its point
    for (const char *text : {"0.00392156862745098", "-1.5", "1e-3", "2.5E+2", "0",
                             "123456789012345678901234567890.5", "4.9e-324"}) {
        Preprocessing values;
        good(&values, "linnet.scale", text);
        std::setlocale(LC_ALL, "C");
        EXPECT_EQ(values.scale.value[0], std::strtod(text, nullptr)) << text;
        std::setlocale(LC_ALL, "de_DE.UTF-8");
    }
    std::setlocale(LC_ALL, "C");
}

TEST(Preprocessing, RefusesUnknownKeysAndListsTheKnown) {
    Preprocessing values;
    Status status = values.set("linnet.colour", "RGB");
    EXPECT_EQ(status.code(), Code::kMalformed);
    for (const char *part : {"\"linnet.colour\"", "linnet.color", "linnet.labels", "linnet.name",
                             "linnet.description", "linnet.license", "linnet.resize_to",
                             "linnet.scores"})
        EXPECT_TRUE(contains(status, part)) << part;
    EXPECT_FALSE(values.set("linnet.", "").ok());
    EXPECT_TRUE(values.set("linnet", "").ok());
    EXPECT_TRUE(values.set("author", "anything").ok());
    EXPECT_TRUE(values.set("", "").ok());
}

TEST(Preprocessing, ShowsLongValuesShortened) {
    Preprocessing values;
    std::string longest(5000, 'x');
    Status status = values.set("linnet.color", longest);
    EXPECT_TRUE(contains(status, "xxx...\""));
    EXPECT_LT(std::string(status.message()).size(), 200u);
    EXPECT_LT(std::string(values.set("linnet." + longest, "").message()).size(), 500u);
}

TEST(Preprocessing, LastEntryCountsAndBadOnesChangeNothing) {
    Preprocessing values = complete();
    good(&values, "linnet.scale", "1,2,3");
    good(&values, "linnet.scale", "7");
    EXPECT_EQ(values.scale.count, 1);
    EXPECT_FALSE(values.set("linnet.scale", "1,x,3").ok());
    EXPECT_FALSE(values.set("linnet.size", "5,x").ok());
    EXPECT_FALSE(values.set("linnet.std", "5,0,5").ok());
    EXPECT_EQ(values.scale.of(2, 1), 7);
    EXPECT_EQ(values.size.height, 0);
    EXPECT_EQ(values.deviation.count, 0);
}

TEST(Preprocessing, ListsAllThatIsMissing) {
    Preprocessing values;
    EXPECT_TRUE(values.check().ok());
    Status status = values.check_complete();
    EXPECT_EQ(status.code(), Code::kNotFound);
    for (const char *part : {"linnet.color", "linnet.resize (", "linnet.scale", "linnet.mean",
                             "linnet.std", "METADATA.md"})
        EXPECT_TRUE(contains(status, part)) << part;
    EXPECT_FALSE(contains(status, "linnet.resize_to"));
    good(&values, "linnet.resize", "shorter");
    good(&values, "linnet.mean", "128");
    status = values.check_complete();
    EXPECT_TRUE(contains(status, "linnet.color") && contains(status, "linnet.resize_to"));
    EXPECT_FALSE(contains(status, "linnet.scale") || contains(status, "linnet.resize ("));
    EXPECT_TRUE(complete().check_complete().ok());
}

TEST(Preprocessing, FindsWhatDoesNotFitTogether) {
    Preprocessing gray = complete();
    good(&gray, "linnet.color", "GRAY");
    good(&gray, "linnet.mean", "1,2,3");
    EXPECT_EQ(gray.check().code(), Code::kMalformed);
    EXPECT_TRUE(contains(gray.check(), "linnet.mean"));
    EXPECT_TRUE(contains(gray.check_complete(), "GRAY"));

    Preprocessing exact = complete();
    good(&exact, "linnet.resize_to", "256");
    EXPECT_TRUE(contains(exact.check(), "linnet.resize_to"));

    Preprocessing small = complete();
    good(&small, "linnet.resize", "shorter");
    good(&small, "linnet.resize_to", "200");
    good(&small, "linnet.size", "224");
    EXPECT_TRUE(contains(small.check(), "too short"));
    good(&small, "linnet.size", "224,200"); // possible for pictures that are high
    EXPECT_TRUE(small.check().ok());

    Preprocessing huge = complete();
    good(&huge, "linnet.scale", "1e38");
    EXPECT_TRUE(contains(huge.check(), "float32 cannot hold"));
    good(&huge, "linnet.scale", "1e308");
    good(&huge, "linnet.mean", "-1e308");
    EXPECT_FALSE(huge.check().ok());
}

TEST(Preprocessing, DecidesTheExtent) {
    Preprocessing values = complete();
    EXPECT_TRUE(values.extent(224, 192).ok());
    Result<PictureExtent> missing = values.extent(-1, 224);
    EXPECT_TRUE(contains(missing.take_status(), "linnet.size"));
    good(&values, "linnet.size", "96,64");
    Result<PictureExtent> stated = values.extent(-1, 64);
    ASSERT_TRUE(stated.ok());
    EXPECT_EQ(stated.value().height, 96);
    EXPECT_EQ(stated.value().width, 64);
    Status other = values.extent(97, -1).take_status();
    EXPECT_EQ(other.code(), Code::kMalformed);
    EXPECT_TRUE(contains(other, "height 96") && contains(other, "97"));
    Preprocessing free = complete();
    EXPECT_EQ(free.extent(0, 5).take_status().code(), Code::kUnsupported);
    EXPECT_EQ(free.extent(5, 1 << 20).take_status().code(), Code::kUnsupported);
}

} // namespace
} // namespace linnet

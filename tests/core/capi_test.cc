// The C interface: errors, options, models.
// SPDX-License-Identifier: MIT
#include "capi_testing.h"

#include <algorithm>
#include <thread>

#include "base/text.h"

namespace capi_testing {
namespace {

const std::vector<uint8_t> kPixels = pixels_of_picture();

// Out parameters, with what they hold before a call.
struct Outs {
    int32_t number = -7;
    int64_t large = -7, shape[8] = {-7}, macs = -7;
    size_t size = 77;
    double real = -7;
    const char *text = "before", *more = "before";
    linnet_dtype dtype = LINNET_BOOL;
    linnet_layout layout = LINNET_NHWC;
    linnet_options *options = nullptr;
    linnet_model *model = nullptr;
    linnet_session *session = nullptr;
    int32_t indices[2] = {-7, -7};
    float values[2] = {-7, -7};

    bool untouched() const {
        return number == -7 && large == -7 && shape[0] == -7 && macs == -7 && size == 77 &&
               real == -7 && std::string(text) == "before" && std::string(more) == "before" &&
               dtype == LINNET_BOOL && layout == LINNET_NHWC && !options && !model && !session &&
               indices[0] == -7 && values[0] == -7;
    }
};

// All functions that take a model, with the model and the index that are given.
std::vector<linnet_status> ask_model(linnet_model *model, int32_t i, Outs *o) {
    return {linnet_model_name(model, LINNET_INPUT, i, &o->text),
            linnet_model_shape(model, LINNET_INPUT, i, o->shape, 8, &o->size),
            linnet_model_dtype(model, LINNET_INPUT, i, &o->dtype),
            linnet_model_layout(model, LINNET_INPUT, i, &o->layout),
            linnet_model_label(model, i, &o->text),
            linnet_model_operator(model, i, &o->text, &o->number)};
}

std::vector<linnet_status> ask_whole_model(linnet_model *model, Outs *o) {
    return {linnet_model_count(model, LINNET_INPUT, &o->number),
            linnet_model_metadata(model, "linnet.color", &o->text),
            linnet_model_label_count(model, &o->number),
            linnet_model_digest(model, &o->text),
            linnet_model_cost(model, &o->large, &o->macs),
            linnet_session_create(model, nullptr, &o->session)};
}

// All functions of a session that take an index, with the session and the index that are given.
std::vector<linnet_status> ask_session(linnet_session *session, int32_t i, Outs *o) {
    const int64_t shape[] = {1, 3, 4, 4};
    const std::vector<float> image(48);
    return {linnet_session_set_shape(session, i, shape, 4),
            linnet_session_shape(session, LINNET_INPUT, i, o->shape, 8, &o->size),
            linnet_session_shape(session, LINNET_OUTPUT, i, o->shape, 8, &o->size),
            linnet_session_set_input(session, i, image.data(), 48, LINNET_FLOAT32),
            linnet_session_set_pixels(session, i, kPixels.data(), kPixels.size(), LINNET_RGB, 6, 5,
                                      18),
            linnet_session_output(session, i, o->values, 2, LINNET_FLOAT32),
            linnet_session_dtype(session, i, &o->dtype),
            linnet_session_top(session, i, o->indices, o->values, 2, &o->size),
            linnet_session_step_info(session, i, &o->text, &o->more, &o->real)};
}

std::vector<linnet_status> ask_whole_session(linnet_session *session, Outs *o) {
    return {linnet_session_run(session),
            linnet_session_step(session, &o->number),
            linnet_session_cancel(session),
            linnet_session_watch(session, "kept", &o->number),
            linnet_session_classify(session, kPixels.data(), kPixels.size(), LINNET_RGB, 6, 5, 18,
                                    o->indices, o->values, 2, &o->size),
            linnet_session_arena_bytes(session, &o->large),
            linnet_session_step_count(session, &o->number)};
}

void expect_all(linnet_status expected, const std::vector<linnet_status> &statuses) {
    for (size_t i = 0; i < statuses.size(); ++i) EXPECT_EQ(expected, statuses[i]) << "call " << i;
}

TEST(CApi, NullHandlesAreErrors) {
    Outs outs;
    expect_all(LINNET_INVALID_ARGUMENT, ask_model(nullptr, 0, &outs));
    expect_all(LINNET_INVALID_ARGUMENT, ask_whole_model(nullptr, &outs));
    expect_all(LINNET_INVALID_ARGUMENT, ask_session(nullptr, 0, &outs));
    expect_all(LINNET_INVALID_ARGUMENT, ask_whole_session(nullptr, &outs));
    expect_all(LINNET_INVALID_ARGUMENT,
               {linnet_options_set_threads(nullptr, 1),
                linnet_options_set_isa(nullptr, LINNET_ISA_AUTO),
                linnet_options_set_metadata(nullptr, "a", "b"),
                linnet_options_set_limit(nullptr, LINNET_LIMIT_NODES, 1),
                linnet_options_set_arena(nullptr, nullptr, 0),
                linnet_model_open(nullptr, nullptr, &outs.model),
                linnet_model_open_memory(nullptr, 1, nullptr, &outs.model),
                linnet_model_open_borrowed(nullptr, 1, nullptr, &outs.model)});
    EXPECT_TRUE(outs.untouched());
    EXPECT_NE(std::string(linnet_last_error()).find("NULL"), std::string::npos);
    linnet_options_free(nullptr);
    linnet_model_free(nullptr);
    linnet_session_free(nullptr);
}

TEST(CApi, NullOutParametersAreErrors) {
    OptionsHandle options = make_options();
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    linnet_model *m = model.get();
    linnet_session *s = session.get();
    int64_t shape[8];
    int32_t number;
    size_t size;
    float value;
    double real;
    const char *text;
    expect_all(
        LINNET_INVALID_ARGUMENT,
        {linnet_options_create(nullptr), linnet_options_set_metadata(options.get(), nullptr, "b"),
         linnet_options_set_metadata(options.get(), "a", nullptr),
         linnet_options_set_arena(options.get(), nullptr, 5),
         linnet_model_open("x", nullptr, nullptr),
         linnet_model_open_memory("x", 1, nullptr, nullptr),
         linnet_model_open_borrowed("x", 1, nullptr, nullptr),
         linnet_model_count(m, LINNET_INPUT, nullptr),
         linnet_model_name(m, LINNET_INPUT, 0, nullptr),
         linnet_model_shape(m, LINNET_INPUT, 0, nullptr, 8, &size),
         linnet_model_shape(m, LINNET_INPUT, 0, shape, 8, nullptr),
         linnet_model_dtype(m, LINNET_INPUT, 0, nullptr),
         linnet_model_layout(m, LINNET_INPUT, 0, nullptr),
         linnet_model_metadata(m, nullptr, &text), linnet_model_metadata(m, "a", nullptr),
         linnet_model_label_count(m, nullptr), linnet_model_label(m, 0, nullptr),
         linnet_model_digest(m, nullptr), linnet_model_cost(m, nullptr, shape),
         linnet_model_cost(m, shape, nullptr), linnet_model_operator(m, 0, nullptr, &number),
         linnet_model_operator(m, 0, &text, nullptr), linnet_session_create(m, nullptr, nullptr)});
    expect_all(
        LINNET_INVALID_ARGUMENT,
        {linnet_session_set_shape(s, 0, nullptr, 4),
         linnet_session_shape(s, LINNET_INPUT, 0, nullptr, 8, &size),
         linnet_session_shape(s, LINNET_INPUT, 0, shape, 8, nullptr),
         linnet_session_set_input(s, 0, nullptr, 48, LINNET_FLOAT32),
         linnet_session_set_pixels(s, 0, nullptr, 90, LINNET_RGB, 6, 5, 18),
         linnet_session_step(s, nullptr), linnet_session_output(s, 0, nullptr, 5, LINNET_FLOAT32),
         linnet_session_watch(s, nullptr, &number), linnet_session_watch(s, "kept", nullptr),
         linnet_session_dtype(s, 0, nullptr), linnet_session_top(s, 0, nullptr, &value, 1, &size),
         linnet_session_top(s, 0, &number, nullptr, 1, &size),
         linnet_session_top(s, 0, &number, &value, 1, nullptr),
         linnet_session_arena_bytes(s, nullptr), linnet_session_step_count(s, nullptr),
         linnet_session_step_info(s, 0, nullptr, &text, &real),
         linnet_session_step_info(s, 0, &text, nullptr, &real),
         linnet_session_step_info(s, 0, &text, &text, nullptr),
         linnet_set_allocator([](void *, size_t, size_t) -> void * { return nullptr; }, nullptr,
                              nullptr)});
}

TEST(CApi, WrongIndicesAreErrors) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    for (int32_t index : {-1, 999, INT32_MIN, INT32_MAX}) {
        Outs outs;
        std::vector<linnet_status> statuses = ask_model(model.get(), index, &outs);
        // The ends of lists that are walked.
        EXPECT_EQ(LINNET_NOT_FOUND, statuses.back());
        statuses.pop_back();
        EXPECT_EQ(LINNET_NOT_FOUND, statuses.back());
        statuses.pop_back();
        expect_all(LINNET_INVALID_ARGUMENT, statuses);
        for (linnet_status status : ask_session(session.get(), index, &outs))
            EXPECT_TRUE(status == LINNET_INVALID_ARGUMENT || status == LINNET_WRONG_STATE);
        EXPECT_TRUE(outs.untouched());
    }
}

TEST(CApi, WrongEnumsAreErrors) {
    OptionsHandle options = make_options();
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    Outs outs;
    auto port = static_cast<linnet_port>(2);
    for (int dtype : {-1, 0, 4, 8, 12, 255, 256, 257}) {
        float image[48] = {};
        expect_all(LINNET_INVALID_ARGUMENT,
                   {linnet_session_set_input(session.get(), 0, image, 48,
                                             static_cast<linnet_dtype>(dtype))});
    }
    for (int format : {-1, 5, 1000})
        EXPECT_EQ(LINNET_INVALID_ARGUMENT,
                  linnet_session_set_pixels(session.get(), 0, kPixels.data(), kPixels.size(),
                                            static_cast<linnet_pixel_format>(format), 6, 5, 18));
    expect_all(LINNET_INVALID_ARGUMENT,
               {linnet_model_count(model.get(), port, &outs.number),
                linnet_model_name(model.get(), port, 0, &outs.text),
                linnet_session_shape(session.get(), port, 0, outs.shape, 8, &outs.size),
                linnet_options_set_isa(options.get(), static_cast<linnet_isa>(-1)),
                linnet_options_set_isa(options.get(), static_cast<linnet_isa>(6)),
                linnet_options_set_limit(options.get(), static_cast<linnet_limit>(3), 1),
                linnet_options_set_threads(options.get(), 0),
                linnet_options_set_threads(options.get(), 65),
                linnet_options_set_threads(options.get(), -1)});
    EXPECT_TRUE(outs.untouched());
}

TEST(CApi, VersionsAndNames) {
    EXPECT_EQ(LINNET_VERSION_MAJOR * 1000000 + LINNET_VERSION_MINOR * 1000 + LINNET_VERSION_PATCH,
              linnet_version());
    EXPECT_STREQ("ok", linnet_status_name(LINNET_OK));
    EXPECT_STREQ("internal error", linnet_status_name(LINNET_INTERNAL));
    for (int status : {-1, 11, 1 << 30})
        EXPECT_STREQ("unknown status", linnet_status_name(static_cast<linnet_status>(status)));
    std::string info = linnet_build_info();
    for (const char *key : {"version=", " isa=", " blas=", " compiler="})
        EXPECT_NE(info.find(key), std::string::npos) << info;
}

TEST(CApi, LastErrorBelongsToItsThread) {
    linnet_model *none = nullptr;
    EXPECT_STATUS(LINNET_IO, linnet_model_open("no/such/file", nullptr, &none));
    std::string mine = linnet_last_error();
    EXPECT_NE(mine.find("no/such/file"), std::string::npos);
    std::thread([] { EXPECT_STREQ("", linnet_last_error()); }).join();
    OptionsHandle options = make_options();
    EXPECT_EQ(mine, linnet_last_error()) << "a success changed it";
}

TEST(CApi, LastErrorIsUtf8WhateverItQuotes) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    for (const char *character : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\xa6", "\xff", "\xc3"}) {
        for (size_t shift = 0; shift < 4; ++shift) {
            std::string name(shift, 'a');
            for (int i = 0; i < 3000; ++i) name += character;
            Outs outs;
            EXPECT_NE(LINNET_OK, linnet_model_open(name.c_str(), nullptr, &outs.model));
            EXPECT_TRUE(linnet::is_utf8(linnet_last_error()));
            EXPECT_STATUS(LINNET_NOT_FOUND,
                          linnet_model_metadata(model.get(), name.c_str(), &outs.text));
            EXPECT_TRUE(linnet::is_utf8(linnet_last_error()));
            EXPECT_STATUS(LINNET_NOT_FOUND,
                          linnet_session_watch(session.get(), name.c_str(), &outs.number));
            EXPECT_TRUE(linnet::is_utf8(linnet_last_error()));
            EXPECT_TRUE(outs.untouched());
        }
    }
}

TEST(CApi, LastErrorIsAsLongAsPromised) {
    using namespace onnx_writer;
    OnnxWriter model(13);
    model.input("x", {1});
    std::string from = "x", last_operator;
    for (int i = 0; i < 60; ++i) {
        last_operator = "NoSuchOperator" + std::to_string(i);
        model.node(last_operator, {from}, {"v" + std::to_string(i)});
        from = "v" + std::to_string(i);
    }
    model.output(from, {1});
    EXPECT_EQ(LINNET_UNSUPPORTED, try_open(model.bytes(), nullptr));
    std::string message = linnet_last_error();
    EXPECT_NE(message.find(last_operator), std::string::npos) << message;
}

// What passes write into graphs would else be believed when it stands in a file.
TEST(CApi, WhatIsLinnetsOwnIsInNoFile) {
    using namespace onnx_writer;
    OnnxWriter swish(13), fused(13);
    swish.input("x", {1}).node("linnet.Swish", {"x"}, {"y"}).output("y", {1});
    fused.input("x", {1}).node("Add", {"x", "x"}, {"y"}, {attr("linnet_function", 300)});
    fused.output("y", {1});
    EXPECT_EQ(LINNET_UNSUPPORTED, try_open(swish.bytes(), nullptr));
    EXPECT_NE(std::string(linnet_last_error()).find("linnet.Swish"), std::string::npos);
    EXPECT_EQ(LINNET_UNSUPPORTED, try_open(fused.bytes(), nullptr));
    EXPECT_NE(std::string(linnet_last_error()).find("linnet_function"), std::string::npos);
}

TEST(CApi, DescribesTheModel) {
    std::string file = picture_model(-1);
    ModelHandle model = open_model(file);
    Outs outs;
    for (linnet_port port : {LINNET_INPUT, LINNET_OUTPUT}) {
        EXPECT_GOOD(linnet_model_count(model.get(), port, &outs.number));
        EXPECT_EQ(1, outs.number);
        EXPECT_GOOD(linnet_model_dtype(model.get(), port, 0, &outs.dtype));
        EXPECT_EQ(LINNET_FLOAT32, outs.dtype);
        EXPECT_GOOD(linnet_model_name(model.get(), port, 0, &outs.text));
        EXPECT_STREQ(port == LINNET_INPUT ? "image" : "scores", outs.text);
        EXPECT_GOOD(linnet_model_layout(model.get(), port, 0, &outs.layout));
        EXPECT_EQ(port == LINNET_INPUT ? LINNET_NCHW : LINNET_LAYOUT_NONE, outs.layout);
    }
    EXPECT_GOOD(linnet_model_shape(model.get(), LINNET_INPUT, 0, outs.shape, 4, &outs.size));
    EXPECT_EQ((std::vector<int64_t>{-1, 3, 4, 4}),
              std::vector<int64_t>(outs.shape, outs.shape + outs.size));
    EXPECT_EQ(LINNET_INVALID_ARGUMENT,
              linnet_model_shape(model.get(), LINNET_INPUT, 0, outs.shape, 3, &outs.size));
    EXPECT_GOOD(linnet_model_cost(model.get(), &outs.large, &outs.macs));
    EXPECT_EQ(140, outs.large);
    EXPECT_EQ(4 * 4 * 5 * 27, outs.macs);
    EXPECT_GOOD(linnet_model_digest(model.get(), &outs.text));
    EXPECT_EQ(64u, std::strspn(outs.text, "0123456789abcdef"));
    EXPECT_EQ(64u, std::strlen(outs.text));
}

TEST(CApi, ListsOperatorsInOrder) {
    ModelHandle model = open_model(picture_model());
    std::vector<std::string> names;
    const char *name = nullptr;
    int32_t nodes = 0;
    for (int32_t i = 0; linnet_model_operator(model.get(), i, &name, &nodes) == LINNET_OK; ++i) {
        names.push_back(name);
        EXPECT_EQ(1, nodes);
    }
    EXPECT_EQ((std::vector<std::string>{"Conv", "Flatten", "GlobalAveragePool", "Relu"}), names);
}

TEST(CApi, GivesLabels) {
    ModelHandle model = open_model(picture_model());
    Outs outs;
    EXPECT_GOOD(linnet_model_label_count(model.get(), &outs.number));
    EXPECT_EQ(5, outs.number);
    EXPECT_GOOD(linnet_model_label(model.get(), 4, &outs.text));
    EXPECT_STREQ("\xc3\xa9l\xc3\xa9phant", outs.text);
    EXPECT_STATUS(LINNET_NOT_FOUND, linnet_model_label(model.get(), 5, &outs.text));
    EXPECT_STATUS(LINNET_NOT_FOUND, linnet_model_metadata(model.get(), "none", &outs.text));
}

TEST(CApi, OptionsReplaceMetadata) {
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_metadata(options.get(), "linnet.labels", "one\ntwo"));
    EXPECT_GOOD(linnet_options_set_metadata(options.get(), "linnet.labels", "one\ntwo\nthree"));
    EXPECT_GOOD(linnet_options_set_metadata(options.get(), "author", "me"));
    ModelHandle model = open_model(picture_model(), options.get());
    options.reset();
    Outs outs;
    EXPECT_GOOD(linnet_model_label_count(model.get(), &outs.number));
    EXPECT_EQ(3, outs.number);
    EXPECT_GOOD(linnet_model_metadata(model.get(), "author", &outs.text));
    EXPECT_STREQ("me", outs.text);
    EXPECT_GOOD(linnet_model_metadata(model.get(), "linnet.color", &outs.text));
    EXPECT_STREQ("RGB", outs.text);
}

TEST(CApi, MetadataAreCheckedAtOpening) {
    const char *wrong[][2] = {{"linnet.color", "rgb"},  {"linnet.colour", "RGB"},
                              {"linnet.size", "0"},     {"linnet.input", "none"},
                              {"linnet.scale", "1,5,"}, {"linnet.resize_to", "5"}};
    for (auto &[key, value] : wrong) {
        OptionsHandle options = make_options();
        EXPECT_GOOD(linnet_options_set_metadata(options.get(), key, value));
        EXPECT_STATUS(LINNET_MALFORMED, try_open(picture_model(), options.get()));
        EXPECT_NE(std::string(linnet_last_error()).find("linnet."), std::string::npos);
    }
    OptionsHandle options = make_options();
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                  linnet_options_set_metadata(options.get(), "\xff", "value"));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                  linnet_options_set_metadata(options.get(), "key", "\xff"));
    EXPECT_GOOD(try_open(picture_model(), options.get()));
}

TEST(CApi, LimitsHold) {
    std::string file = picture_model();
    struct {
        linnet_limit limit;
        size_t enough;
    } limits[] = {{LINNET_LIMIT_FILE_BYTES, file.size()},
                  {LINNET_LIMIT_NODES, 4},
                  {LINNET_LIMIT_TENSOR_ELEMENTS, 135}};
    for (auto [limit, enough] : limits) {
        OptionsHandle options = make_options();
        EXPECT_GOOD(linnet_options_set_limit(options.get(), limit, enough));
        EXPECT_STATUS(LINNET_OK, try_open(file, options.get()));
        EXPECT_GOOD(linnet_options_set_limit(options.get(), limit, enough - 1));
        EXPECT_STATUS(LINNET_LIMIT, try_open(file, options.get())) << "limit " << limit;
        EXPECT_GOOD(linnet_options_set_limit(options.get(), limit, SIZE_MAX));
        EXPECT_STATUS(LINNET_OK, try_open(file, options.get()));
    }
}

TEST(CApi, RefusesInstructionSetsThatAreNotThere) {
    OptionsHandle options = make_options();
    int refused = 0;
    for (int isa = LINNET_ISA_AUTO; isa <= LINNET_ISA_WASM; ++isa) {
        linnet_status status =
            linnet_options_set_isa(options.get(), static_cast<linnet_isa>(isa));
        EXPECT_TRUE(status == LINNET_OK || status == LINNET_UNSUPPORTED);
        refused += status == LINNET_UNSUPPORTED;
    }
    EXPECT_GE(refused, 1) << "no machine has both x86's and ARM's";
}

TEST(CApi, FilesThatAreNoModels) {
    std::string file = picture_model();
    EXPECT_STATUS(LINNET_MALFORMED, try_open("hello, world", nullptr));
    EXPECT_STATUS(LINNET_MALFORMED, try_open(file.substr(0, file.size() / 2), nullptr));
    linnet_model *model = nullptr;
    EXPECT_EQ(LINNET_MALFORMED, linnet_model_open_memory(file.data(), 0, nullptr, &model));
    EXPECT_EQ(LINNET_IO, linnet_model_open(".", nullptr, &model));
    EXPECT_EQ(model, nullptr);
}

} // namespace
} // namespace capi_testing

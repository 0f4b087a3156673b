// Saved models: what they hold, what they compute, and what damage does to them.
// SPDX-License-Identifier: MIT
#include "capi_testing.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "base/xxhash64.h"
#include "load/linnet_container.h"
#include "load_testing.h"
#include "model/packing.h"
#include "predictor/session.h"
#include "save/linnet_writer.h"
#include "scratch_folder.h"

namespace capi_testing {
namespace {

namespace fs = std::filesystem;
using namespace onnx_writer;

// A folder of the test's own, which goes with it.
class SaveTest : public testing::Test {
protected:
    SaveTest() {
        folder_ = scratch_folder() +
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::create_directories(folder_);
    }
    ~SaveTest() override { fs::remove_all(folder_); }

    std::string path(const std::string &name) const { return (folder_ / name).string(); }
    size_t files() const {
        return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
    }
    static std::string read(const std::string &path) {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }
    void write(const std::string &name, const std::string &bytes) const {
        std::ofstream(path(name), std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
    }
    // The bytes of a model, saved.
    std::string saved(const std::string &onnx,
                      linnet_storage storage = LINNET_STORAGE_PREPARED) const {
        EXPECT_GOOD(linnet_model_save(open_model(onnx).get(), path("m.linnet").c_str(), storage));
        return read(path("m.linnet"));
    }
    ModelHandle open(const std::string &name) const {
        linnet_model *model = nullptr;
        EXPECT_GOOD(linnet_model_open(path(name).c_str(), nullptr, &model));
        return ModelHandle(model);
    }

    fs::path folder_;
};

std::vector<float> waves(size_t count, double speed, float size) {
    std::vector<float> values(count);
    for (size_t i = 0; i < count; ++i)
        values[i] = size * static_cast<float>(std::sin(speed * static_cast<double>(i + 1)));
    return values;
}

// Every way to pack weights, with scales to fold and a fully connected layer.
std::string network(int64_t batch = 1) {
    auto norm = [](const std::string &name, int channels) {
        size_t n = static_cast<size_t>(channels);
        return std::vector<Proto>{float_tensor(name + "s", {channels}, ramp(n, 0.7f, 0.01f)),
                                  float_tensor(name + "b", {channels}, ramp(n, -0.2f, 0.01f)),
                                  float_tensor(name + "m", {channels}, ramp(n, 0.1f, -0.01f)),
                                  float_tensor(name + "v", {channels}, ramp(n, 0.9f, 0.02f))};
    };
    OnnxWriter writer(13);
    writer.input("x", {batch, 3, 28, 28});
    auto conv = [&](const std::string &from, const std::string &to, int in, int out, int k,
                    int groups) {
        size_t count = static_cast<size_t>(out) * static_cast<size_t>(in / groups * k * k);
        writer.initializer(float_tensor(to + "w", {out, in / groups, k, k},
                                        waves(count, 0.37, 1 / std::sqrt(float(in / groups * k)))));
        for (const Proto &tensor : norm(to, out)) writer.initializer(tensor);
        int pad = k / 2;
        writer.node("Conv", {from, to + "w"}, {to + "c"},
                    {attr("pads", {pad, pad, pad, pad}), attr("group", groups)});
        writer.node("BatchNormalization", {to + "c", to + "s", to + "b", to + "m", to + "v"},
                    {to + "n"});
        writer.node("Relu", {to + "n"}, {to});
    };
    conv("x", "a", 3, 64, 3, 1);
    conv("a", "b", 64, 64, 3, 1);
    conv("b", "d", 64, 64, 3, 64);
    conv("d", "e", 64, 320, 1, 1);
    writer.node("GlobalAveragePool", {"e"}, {"p"}).node("Flatten", {"p"}, {"f"});
    writer.initializer(float_tensor("k", {320, 60}, waves(320 * 60, 0.11, 0.1f)));
    writer.initializer(float_tensor("kb", {60}, ramp(60, 0, 0.01f)));
    writer.node("Gemm", {"f", "k", "kb"}, {"y"}, {attr("beta", 0.5f)});
    return writer.output("y", {batch, 60}).metadata("linnet.name", "waves").bytes();
}

std::vector<float> answer(const ModelHandle &model, int64_t batch = 1) {
    SessionHandle session = make_session(model);
    int64_t shape[] = {batch, 3, 28, 28};
    EXPECT_GOOD(linnet_session_set_shape(session.get(), 0, shape, 4));
    EXPECT_GOOD(set_floats(session.get(), waves(static_cast<size_t>(batch) * 3 * 28 * 28, 0.05, 1)));
    EXPECT_GOOD(linnet_session_run(session.get()));
    return floats_of(session.get(), 0, static_cast<size_t>(batch) * 60);
}

// How many packed blocks a session of a saved model did not find ready.
size_t blocks_made(const std::string &path, int64_t batch) {
    auto model = linnet::Model::open_file(path, linnet::ModelOptions());
    EXPECT_TRUE(model.ok());
    auto session = linnet::Session::create(model.value(), linnet::SessionOptions());
    EXPECT_TRUE(session.ok());
    if (batch != 1) EXPECT_TRUE(session.value()->set_shape(0, {batch, 3, 28, 28}).ok());
    size_t made = 0;
    linnet::Bytes bytes = model.value()->prepared();
    EXPECT_TRUE(model.value()
                    ->cache()
                    ->for_each([&](const linnet::Tensor &, linnet::Span<const int64_t>,
                                   const linnet::Tensor &packed) {
                        auto *at = static_cast<const unsigned char *>(packed.data());
                        made += at < bytes.begin() || at >= bytes.end();
                        return linnet::Status();
                    })
                    .ok());
    return made;
}

// The file with zeros for the weights in the forms of kernels: whoever uses them, shows it.
std::string without_packed_numbers(std::string file) {
    auto container = linnet::read_linnet_container(load_testing::view(file), linnet::LoadOptions());
    EXPECT_TRUE(container.ok());
    for (const linnet::LinnetPacked &packed : container.value().packed) {
        const linnet::LinnetSection &section = container.value().blocks[packed.block].section;
        std::memset(&file[section.offset], 0, section.bytes);
    }
    return file;
}

uint64_t hash_of(const std::string &text) { return linnet::xxhash64(load_testing::view(text)); }

TEST(XxHash64, MatchesItsSpecification) {
    EXPECT_EQ(hash_of(""), 0xEF46DB3751D8E999u);
    EXPECT_EQ(hash_of("a"), 0xD24EC4F1A98C6E5Bu);
    EXPECT_EQ(hash_of("abc"), 0x44BC2CF5AD770999u);
    EXPECT_EQ(hash_of("Nobody inspects the spammish repetition"), 0xFBCEA83C8A378BF1u);
}

TEST(XxHash64, PiecesDoNotMatter) {
    std::string text;
    for (int i = 0; i < 200; ++i) text += static_cast<char>(i * 89);
    for (size_t first = 0; first <= 70; ++first) {
        for (size_t second = first; second <= text.size(); second += 13) {
            linnet::XxHash64 hash;
            hash.update(load_testing::view(text).part(0, first));
            hash.update(load_testing::view(text).part(first, second - first));
            hash.update(load_testing::view(text).part(second, text.size() - second));
            ASSERT_EQ(hash.digest(), hash_of(text)) << first << " " << second;
        }
    }
}

TEST_F(SaveTest, HoldsWhatTheModelHolds) {
    std::string onnx = picture_model();
    ModelHandle original = open_model(onnx);
    saved(onnx);
    ModelHandle model = open("m.linnet");
    EXPECT_EQ(1u, files());
    int32_t labels = 0, nodes = 0;
    int64_t parameters[2], macs[2];
    const char *text[2];
    EXPECT_GOOD(linnet_model_label_count(model.get(), &labels));
    EXPECT_EQ(5, labels);
    EXPECT_GOOD(linnet_model_label(model.get(), 4, &text[0]));
    EXPECT_STREQ("\xc3\xa9l\xc3\xa9phant", text[0]);
    EXPECT_GOOD(linnet_model_metadata(model.get(), "linnet.scale", &text[0]));
    EXPECT_STREQ("0.01", text[0]);
    EXPECT_GOOD(linnet_model_digest(original.get(), &text[0]));
    EXPECT_GOOD(linnet_model_digest(model.get(), &text[1]));
    EXPECT_STREQ(text[0], text[1]);
    EXPECT_GOOD(linnet_model_cost(original.get(), &parameters[0], &macs[0]));
    EXPECT_GOOD(linnet_model_cost(model.get(), &parameters[1], &macs[1]));
    EXPECT_EQ(parameters[0], parameters[1]);
    EXPECT_EQ(macs[0], macs[1]);
    EXPECT_GOOD(linnet_model_operator(model.get(), 0, &text[0], &nodes));
    EXPECT_STREQ("Conv", text[0]);
    EXPECT_EQ(1, nodes);
    Best first, second;
    EXPECT_GOOD(classify(make_session(original).get(), &first));
    EXPECT_GOOD(classify(make_session(model).get(), &second));
    EXPECT_EQ(first, second);
    int32_t watched = 0;
    SessionHandle session = make_session(model);
    EXPECT_GOOD(linnet_session_watch(session.get(), "mixed", &watched));
    EXPECT_GOOD(linnet_model_verify(model.get()));
    EXPECT_STATUS(LINNET_NOT_FOUND, linnet_model_verify(original.get()));
}

// Branches, and attributes of all kinds.
TEST_F(SaveTest, GraphsComeBackAsTheyWere) {
    OnnxWriter writer;
    writer.input("x", {-1, 2}).initializer(int64_tensor("two", {}, {2}));
    writer.initializer(small_tensor("yes", kBool, {2}, {0, 1}));
    writer.initializer(float_tensor("b", {}, {3}));
    writer.initializer(raw_tensor("none", kFloat, {0, 3}, ""));
    writer.node("Size", {"x"}, {"size"}).node("Equal", {"size", "two"}, {"c"});
    BranchWriter one, more, deep, flat;
    deep.node("Neg", {"x"}, {"e"}).output("e");
    flat.node("Add", {"a", "b"}, {"e"}).output("e");
    one.node("Abs", {"x"}, {"a"}).node("If", {"c"}, {"d"}, branches(deep, flat)).output("d");
    more.node("Exp", {"x"}, {"g"}).output("g");
    writer.node("If", {"c"}, {"v"}, branches(one, more), {"choice", ""});
    writer.node("Clip", {"v", "", "two"}, {"w"}, {}, {"upper", ""});
    writer.node("Gelu", {"w"}, {"u"}, {attr("approximate", "tanh")});
    writer.node("LeakyRelu", {"u"}, {"t"}, {attr("alpha", 0.3f)});
    writer.node("ConstantOfShape", {"s"}, {"f"}, {attr("value", float_tensor("", {1}, {7}))});
    writer.initializer(int64_tensor("s", {1}, {2}));
    writer.node("Add", {"t", "f"}, {"y"}).output("y").output("f");
    std::string onnx = writer.bytes();
    auto before = linnet::load_onnx(load_testing::view(onnx), linnet::LoadOptions());
    ASSERT_TRUE(before.ok()) << before.take_status().message();

    linnet::LinnetWriter file;
    auto created = linnet::LinnetWriter::create(path("g.linnet"));
    ASSERT_TRUE(created.ok());
    file = std::move(created.value());
    ASSERT_TRUE(file.write_model(before.value(), "digest", false).ok());
    ASSERT_TRUE(file.finish().ok());
    ASSERT_TRUE(file.commit().ok());
    std::string bytes = read(path("g.linnet"));
    auto after = linnet::load_linnet(load_testing::view(bytes), linnet::LoadOptions());
    ASSERT_TRUE(after.ok()) << after.take_status().message();
    // Names within branches are made up, and numbered.
    auto text = [](const linnet::Graph &graph) {
        return std::regex_replace(load_testing::describe_all(graph), std::regex("~[0-9]+"), "~");
    };
    EXPECT_EQ(text(before.value().graph), text(after.value().graph));
    EXPECT_STREQ("digest", after.value().digest.c_str());
}

TEST_F(SaveTest, SameBitsInEveryForm) {
    std::string onnx = network();
    ModelHandle original = open_model(onnx);
    std::vector<float> expected = answer(original);
    for (linnet_storage storage : {LINNET_STORAGE_PREPARED, LINNET_STORAGE_PLAIN}) {
        std::string bytes = saved(onnx, storage);
        EXPECT_EQ(expected, answer(open("m.linnet")));
        EXPECT_EQ(expected, answer(open_model(bytes)));
        std::vector<unsigned char> memory(bytes.size() + 128);
        for (size_t skip : {0, 1, 4}) {
            uintptr_t start = reinterpret_cast<uintptr_t>(memory.data());
            unsigned char *at = memory.data() + (64 - start % 64) % 64 + skip;
            std::memcpy(at, bytes.data(), bytes.size());
            linnet_model *model = nullptr;
            EXPECT_GOOD(linnet_model_open_borrowed(at, bytes.size(), nullptr, &model));
            EXPECT_EQ(expected, answer(ModelHandle(model)));
        }
    }
    // From a saved model, over its own file.
    ModelHandle again = open("m.linnet");
    EXPECT_GOOD(linnet_model_save(again.get(), path("m.linnet").c_str(), LINNET_STORAGE_PREPARED));
    EXPECT_EQ(expected, answer(again));
    EXPECT_EQ(expected, answer(open("m.linnet")));
    EXPECT_EQ(1u, files());
}

TEST_F(SaveTest, PackedWeightsAreFound) {
    std::string onnx = network(-1);
    saved(onnx, LINNET_STORAGE_PREPARED);
    if (linnet::kLittleEndian) { // else they are turned round, somewhere else
        EXPECT_EQ(0u, blocks_made(path("m.linnet"), 1));
        EXPECT_EQ(0u, blocks_made(path("m.linnet"), 3));
    }
    std::vector<float> expected = answer(open_model(onnx), 3);
    EXPECT_EQ(expected, answer(open("m.linnet"), 3));
    write("zeros.linnet", without_packed_numbers(read(path("m.linnet"))));
    EXPECT_NE(expected, answer(open("zeros.linnet"), 3));
    saved(onnx, LINNET_STORAGE_PLAIN);
    EXPECT_LT(4u, blocks_made(path("m.linnet"), 1));
}

TEST_F(SaveTest, PackedWeightsOfAnotherRevisionAreMadeAnew) {
    std::string bytes = saved(network());
    std::vector<float> expected = answer(open("m.linnet"));
    size_t block = bytes.find("LINNET") + 11; // the revision
    bytes[block] = static_cast<char>(bytes[block] + 1);
    write("n.linnet", bytes);
    EXPECT_LT(4u, blocks_made(path("n.linnet"), 1));
    EXPECT_EQ(expected, answer(open("n.linnet")));
}

// What is packed, and for which weights. If this fails because a form has changed, or what is folded
// into weights before: kPackingRevision goes up by one, and the number here with it.
TEST_F(SaveTest, TheRevisionNamesTheForms) {
    std::string bytes = saved(network());
    auto container = linnet::read_linnet_container(load_testing::view(bytes), linnet::LoadOptions());
    ASSERT_TRUE(container.ok());
    linnet::XxHash64 hash;
    for (const linnet::LinnetPacked &packed : container.value().packed) {
        const linnet::LinnetSection &section = container.value().blocks[packed.block].section;
        hash.update(container.value().bytes(section));
        hash.update_numbers({reinterpret_cast<const unsigned char *>(&packed.source), 8}, 8);
    }
    EXPECT_EQ(1u, linnet::kPackingRevision);
    EXPECT_EQ(hash.digest(), 15027092617068580636u);
}

TEST_F(SaveTest, HalvesRoundWeightsAlone) {
    std::vector<float> weights = waves(400, 0.3, 2), large = weights;
    large[7] = 70000; // no float16
    std::vector<float> expected(400), found(400);
    for (bool fits : {true, false}) {
        std::string onnx = OnnxWriter(13)
                               .input("x", {1, 400})
                               .initializer(float_tensor("w", {1, 400}, fits ? weights : large))
                               .initializer(float_tensor("b", {400}, weights))
                               .node("Mul", {"x", "w"}, {"m"})
                               .node("Sub", {"m", "b"}, {"y"})
                               .output("y", {1, 400})
                               .bytes();
        saved(onnx, LINNET_STORAGE_HALF);
        SessionHandle session = make_session(open("m.linnet"));
        EXPECT_GOOD(set_floats(session.get(), std::vector<float>(400, 1)));
        EXPECT_GOOD(linnet_session_run(session.get()));
        found = floats_of(session.get(), 0, 400);
        for (size_t i = 0; i < 400; ++i) {
            float w = fits ? linnet::float_from_half(linnet::half_from_float(weights[i])) : large[i];
            expected[i] = w - weights[i];
        }
        EXPECT_EQ(expected, found) << fits;
    }
}

TEST_F(SaveTest, HalvesAreHalfAsLarge) {
    size_t plain = saved(network(), LINNET_STORAGE_PLAIN).size();
    size_t half = saved(network(), LINNET_STORAGE_HALF).size();
    EXPECT_LT(half, plain * 6 / 10);
    std::vector<float> expected = answer(open_model(network())), found = answer(open("m.linnet"));
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(expected[i], found[i], 5e-3f) << i;
}

// No byte of header, graph and index can change without being noticed, and no file is too short.
TEST_F(SaveTest, DamageIsAnError) {
    std::string bytes = saved(picture_model());
    linnet_model *model = nullptr;
    auto container = linnet::read_linnet_container(load_testing::view(bytes), linnet::LoadOptions());
    ASSERT_TRUE(container.ok());
    const linnet::LinnetHeader &header = container.value().header;
    for (size_t i = 0; i < bytes.size(); ++i) {
        auto within = [&](const linnet::LinnetSection &section) {
            return i >= section.offset && i < section.offset + section.bytes;
        };
        bool is_revision = i >= 12 && i < 16;
        bool counts = (i < 64 && !is_revision) || within(header.graph) || within(header.index);
        bool in_block = false;
        for (const linnet::LinnetBlock &block : container.value().blocks)
            in_block = in_block || within(block.section);
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        linnet_status status = linnet_model_open_memory(damaged.data(), damaged.size(), nullptr,
                                                        &model);
        EXPECT_EQ(counts, status != LINNET_OK) << i;
        if (status != LINNET_OK) continue;
        ModelHandle opened(model);
        EXPECT_EQ(in_block ? LINNET_MALFORMED : LINNET_OK, linnet_model_verify(model)) << i;
    }
    for (size_t size = 1; size < bytes.size(); ++size)
        EXPECT_EQ(LINNET_MALFORMED, linnet_model_open_memory(bytes.data(), size, nullptr, &model))
            << size;
    bytes[8] = 2;
    EXPECT_EQ(LINNET_UNSUPPORTED, try_open(bytes, nullptr));
    EXPECT_STREQ("the file has version 2 of the format, this library reads version 1: convert the "
                 "model again", linnet_last_error());
}

TEST_F(SaveTest, LimitsHold) {
    std::string bytes = saved(network());
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_limit(options.get(), LINNET_LIMIT_TENSOR_ELEMENTS, 1000));
    EXPECT_EQ(LINNET_LIMIT, try_open(bytes, options.get()));
    options = make_options();
    EXPECT_GOOD(linnet_options_set_limit(options.get(), LINNET_LIMIT_FILE_BYTES, 1000));
    EXPECT_EQ(LINNET_LIMIT, try_open(bytes, options.get()));
}

TEST_F(SaveTest, FailuresLeaveThePathAsItWas) {
    ModelHandle model = open_model(picture_model());
    std::string absent = path("no/such/folder/m.linnet");
    EXPECT_EQ(LINNET_IO, linnet_model_save(model.get(), absent.c_str(), LINNET_STORAGE_PLAIN));
    EXPECT_EQ("cannot write \"" + absent + "\": No such file or directory",
              std::string(linnet_last_error()));
    EXPECT_EQ(LINNET_INVALID_ARGUMENT,
              linnet_model_save(model.get(), path("m").c_str(), static_cast<linnet_storage>(3)));
    EXPECT_EQ(0u, files());
    fs::create_directory(path("taken")); // a folder cannot be replaced by a file
    EXPECT_EQ(LINNET_IO,
              linnet_model_save(model.get(), path("taken").c_str(), LINNET_STORAGE_PLAIN));
    EXPECT_EQ(1u, files());
}

} // namespace
} // namespace capi_testing

// Calls all of linnet.hpp on the model that is named, an average of each channel of an 8 x 8 RGB
// picture, and prints its labels. A wrong answer ends in an exception.
// SPDX-License-Identifier: MIT
#include <linnet.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

namespace {

void expect(bool holds, const char *what) {
    if (!holds) throw std::runtime_error(what);
}
#define EXPECT(condition) expect(condition, #condition)

template <class Call> linnet_status status_of(Call call) {
    try {
        call();
    } catch (const linnet::Error &error) {
        EXPECT(std::string(error.what()) != "");
        return error.status();
    }
    return LINNET_OK;
}

void use_model(const linnet::Model &model) {
    EXPECT(model.count(LINNET_INPUT) == 1 && model.count(LINNET_OUTPUT) == 1);
    EXPECT(model.name(LINNET_INPUT, 0) == "image");
    EXPECT((model.shape(LINNET_INPUT, 0) == linnet::Shape{-1, 3, 8, 8}));
    EXPECT(model.dtype(LINNET_OUTPUT, 0) == LINNET_FLOAT32);
    EXPECT(model.layout(LINNET_INPUT, 0) == LINNET_NCHW);
    EXPECT(model.metadata("linnet.color") == "RGB" && !model.metadata("none"));
    EXPECT(model.label_count() == 3 && model.label(0) == model.labels()[0]);
    EXPECT(model.digest().size() == 64);
    EXPECT(model.cost().parameters == 0 && model.cost().macs == 0);
    EXPECT(model.operators().size() == 2 && model.operators()[0].nodes == 1);
    EXPECT(status_of([&] { model.label(3); }) == LINNET_NOT_FOUND);
}

void use_pictures(linnet::Session &session) {
    std::vector<uint8_t> pixels(8 * 8 * 3);
    for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(10 + i % 3);
    linnet::Pixels picture(pixels.data(), pixels.size(), LINNET_RGB, 8, 8);
    std::vector<linnet::Prediction> best = session.classify(picture, 2);
    EXPECT(best.size() == 2 && best[0].index == 2 && best[1].probability == 11);
    EXPECT(best[0].label == session.model().label(2));
    session.set_pixels(picture);
    session.run();
    EXPECT(session.top(9).size() == 3 && session.top(0).empty());
    picture.width = 9;
    EXPECT(status_of([&] { session.classify(picture); }) == LINNET_INVALID_ARGUMENT);
}

void use_tensors(linnet::Session &session) {
    session.set_shape(0, {2, 3, 8, 8});
    EXPECT((session.shape(LINNET_OUTPUT, 0) == linnet::Shape{2, 3}));
    int32_t watched = session.watch("mean");
    EXPECT(watched == 1 && session.dtype(watched) == LINNET_FLOAT32);
    std::vector<float> image(2 * 3 * 8 * 8, 0.5f);
    session.set_input(0, image);
    session.set_input(0, image.data(), image.size());
    int32_t calls = 0;
    session.run([&](int32_t done, int32_t total) {
        EXPECT(done == ++calls && total == session.step_count());
    });
    EXPECT(session.output(0) == std::vector<float>(6, 0.5f));
    float means[6] = {};
    session.output(watched, means, 6);
    EXPECT(means[5] == 0.5f);
    EXPECT(session.step_info(0).milliseconds >= 0 && session.step_info(0).kernel != "");
    EXPECT(session.tune().empty()); // there is no convolution
    EXPECT(session.arena_bytes() > 0 && session.step() == 1);
    EXPECT(status_of([&] { session.output<int64_t>(0); }) != LINNET_OK);
    session.cancel();
    EXPECT(status_of([&] { session.run(); }) == LINNET_CANCELLED);
}

void use_all(const std::string &path) {
    EXPECT(linnet::version() / 1000000 == LINNET_VERSION_MAJOR);
    EXPECT(linnet::build_info().find("version=") == 0);
    EXPECT(linnet::status_name(LINNET_IO) == "I/O error");
    EXPECT(status_of([] { linnet::Model::open("no/such/file"); }) == LINNET_IO);

    linnet::Options options;
    options.threads(2).isa(LINNET_ISA_PLAIN).limit(LINNET_LIMIT_NODES, 10);
    options.metadata("linnet.name", "a test").arena(nullptr, 0);
    EXPECT(status_of([&] { options.threads(65); }) == LINNET_INVALID_ARGUMENT);

    std::ifstream stream(path, std::ios::binary);
    std::string file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    use_model(linnet::Model::open_memory(file.data(), file.size(), options));
    linnet::Model model = linnet::Model::open_borrowed(file.data(), file.size());
    linnet::Session first(model, options);
    linnet::Session session = std::move(first);
    model = linnet::Model::open(path);
    EXPECT(status_of([&] { first.run(); }) == LINNET_INVALID_ARGUMENT);
    use_pictures(session);
    use_tensors(session);
    for (const std::string &label : model.labels()) std::cout << label << "\n";
}

} // namespace

int main(int argc, char **argv) {
    try {
        EXPECT(argc == 2);
        use_all(argv[1]);
    } catch (const std::exception &error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}

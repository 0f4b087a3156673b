// Says what is on pictures: the five most probable classes of each.
//
// The same program exists in C, Python, Java and Go; for lossless pictures all print the same
// bytes.
//
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <linnet.hpp>

#include "default_model.h"
#include "picture.h"

namespace {

constexpr char kUsage[] =
    "usage: classify [--model MODEL] [--threads N] PICTURE...\n"
    "\n"
    "Says what is on pictures (PNG or JPEG): the five most probable classes of each.\n"
    "\n"
    "  --model MODEL  a model file (default: the embedded model)\n"
    "  --threads N    how many threads to use (default: 1)\n";

struct Arguments {
    std::optional<std::string> model; // none: the embedded one
    int threads = 1;
    std::vector<std::string> pictures;
    bool help = false;
};

std::optional<int> parse_threads(const std::string &text) {
    bool digits = text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || text.empty() || text.size() > 2) return std::nullopt;
    int threads = std::stoi(text);
    if (threads < 1 || threads > 64) return std::nullopt;
    return threads;
}

std::optional<Arguments> parse(const std::vector<std::string> &words) {
    Arguments result;
    for (size_t i = 0; i < words.size(); ++i) {
        bool has_value = i + 1 < words.size();
        if (words[i].empty() || words[i][0] != '-') {
            result.pictures.push_back(words[i]);
        } else if (words[i] == "--help" || words[i] == "-h") {
            result.help = true;
            return result;
        } else if (has_value && words[i] == "--model") {
            result.model = words[++i];
        } else if (has_value && words[i] == "--threads") {
            std::optional<int> threads = parse_threads(words[++i]);
            if (!threads) return std::nullopt;
            result.threads = *threads;
        } else {
            return std::nullopt;
        }
    }
    if (result.pictures.empty()) return std::nullopt;
    return result;
}

class Picture {
public:
    explicit Picture(const std::string &path) {
        char message[PICTURE_MESSAGE_SIZE];
        if (!picture_read(path.c_str(), &picture_, message)) throw std::runtime_error(message);
    }
    Picture(const Picture &) = delete;
    Picture &operator=(const Picture &) = delete;
    ~Picture() { picture_free(&picture_); }

    linnet::Pixels pixels() const {
        return {picture_.pixels, picture_.size, LINNET_RGB, picture_.width, picture_.height};
    }

private:
    picture picture_;
};

linnet::Session create_session(const Arguments &given) {
    linnet::Model model = given.model
                              ? linnet::Model::open(*given.model)
                              : linnet::Model::open_borrowed(default_model, default_model_size);
    return linnet::Session(model, linnet::Options().threads(given.threads));
}

void classify(linnet::Session &session, const std::string &path) {
    Picture picture(path);
    std::vector<linnet::Prediction> best = session.classify(picture.pixels(), 5);
    bool labelled = session.model().label_count() > 0;
    std::printf("%s\n", path.c_str());
    for (const linnet::Prediction &one : best) {
        std::string label = labelled ? one.label : "class " + std::to_string(one.index);
        std::printf("  %.4f  %s\n", static_cast<double>(one.probability), label.c_str());
    }
}

int classify_all(const Arguments &given) {
    bool good = true;
    linnet::Session session = create_session(given);
    for (const std::string &path : given.pictures) {
        try {
            classify(session, path);
        } catch (const std::exception &error) {
            std::fprintf(stderr, "classify: %s: %s\n", path.c_str(), error.what());
            good = false;
        }
    }
    return good && std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
    std::optional<Arguments> given = parse(std::vector<std::string>(argv + 1, argv + argc));
    if (!given || given->help) {
        std::fputs(kUsage, given ? stdout : stderr);
        return given ? 0 : 2;
    }
    try {
        return classify_all(*given);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "classify: %s\n", error.what());
        return 1;
    }
}

// Turns pictures into tensors for test_resize.py, which compares them with Pillow's.
//
// Reads lines from standard input, each a job of words separated by tabs:
//     in-file format width height stride out-file out-height out-width layout key=value ...
// format: 0 RGB, 1 BGR, 2 RGBA, 3 BGRA, 4 GRAY; layout: NCHW or NHWC; keys without "linnet.".
// in-file holds the picture's bytes; out-file is overwritten with float32. Answers each job with a
// line: the milliseconds it took, or "error: " and the message.
// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "image/picture.h"

namespace {

using Words = std::vector<std::string>;

Words split(const std::string &line) {
    Words words;
    std::istringstream stream(line);
    for (std::string word; std::getline(stream, word, '\t');) words.push_back(word);
    return words;
}

std::vector<char> read_file(const std::string &path) {
    std::ifstream stream(path, std::ios::binary);
    return std::vector<char>(std::istreambuf_iterator<char>(stream), {});
}

linnet::Status parse_keys(const Words &words, size_t from, linnet::Preprocessing *preprocessing) {
    for (size_t i = from; i < words.size(); ++i) {
        size_t equals = words[i].find('=');
        LINNET_TRY(preprocessing->set("linnet." + words[i].substr(0, equals),
                                      words[i].substr(equals + 1)));
    }
    return linnet::Status();
}

linnet::Status run_job(const Words &words, double *milliseconds) {
    if (words.size() < 9)
        return linnet::error(linnet::Code::kInvalidArgument, "a job has 9 words or more");
    linnet::Preprocessing preprocessing;
    LINNET_TRY(parse_keys(words, 9, &preprocessing));
    std::vector<char> bytes = read_file(words[0]);
    linnet::Picture picture;
    picture.pixels = reinterpret_cast<const uint8_t *>(bytes.data());
    picture.size = bytes.size();
    picture.format = static_cast<linnet::PixelFormat>(std::stoi(words[1]));
    picture.width = std::stoi(words[2]);
    picture.height = std::stoi(words[3]);
    picture.stride = std::stoi(words[4]);
    linnet::PictureExtent extent{std::stoi(words[6]), std::stoi(words[7])};
    int channels = preprocessing.channels();
    std::vector<float> tensor(size_t(extent.height) * size_t(extent.width) * size_t(channels));
    linnet::PictureTarget target =
        words[8] == "NCHW" ? linnet::PictureTarget::nchw(tensor.data(), extent)
                           : linnet::PictureTarget::nhwc(tensor.data(), extent, channels);
    auto begin = std::chrono::steady_clock::now();
    LINNET_TRY(write_picture(preprocessing, picture, target));
    std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    *milliseconds = taken.count();
    std::ofstream(words[5], std::ios::binary)
        .write(reinterpret_cast<const char *>(tensor.data()),
               static_cast<std::streamsize>(tensor.size() * sizeof(float)));
    return linnet::Status();
}

} // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        double milliseconds = 0;
        linnet::Status status = run_job(split(line), &milliseconds);
        if (status.ok())
            std::printf("%.3f\n", milliseconds);
        else
            std::printf("error: %s\n", status.message());
        std::fflush(stdout);
    }
}

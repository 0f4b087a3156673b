// base/file and base/sha256.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#ifndef _WIN32
#include <sys/stat.h>
#include <unistd.h>
#endif

#include "base/file.h"
#include "base/sha256.h"
#include "scratch_folder.h"

namespace {

using linnet::Code;
using linnet::File;
using linnet::Status;

std::string write_test_file(const std::string &name, const std::string &contents) {
    std::string path = scratch_folder() + name;
    std::ofstream(path, std::ios::binary) << contents;
    return path;
}

std::string sha256_of(const std::string &text) {
    linnet::Bytes bytes(reinterpret_cast<const unsigned char *>(text.data()), text.size());
    return linnet::sha256(bytes).text;
}

// The examples of FIPS 180-4 (https://csrc.nist.gov, "Secure Hash Standard: examples").
TEST(Sha256, AgreesWithTheStandard) {
    EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_of(std::string(1000000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

std::string text_of(const linnet::FileView &view) {
    return std::string(view.bytes().begin(), view.bytes().end());
}

Status failure_to_open(const std::string &path) { return File::open(path).take_status(); }

TEST(File, ShowsAWholeFile) {
    std::string text("a\0b\r\n\x1a", 6);
    auto file = File::open(write_test_file("linnet_whole_\xC3\xBC.bin", text));
    ASSERT_TRUE(file.ok());
    auto view = linnet::FileView::of(&file.value());
    ASSERT_TRUE(view.ok());
    linnet::FileView moved = std::move(view.value());
    EXPECT_EQ(text_of(moved), text);
    auto nothing = File::open(write_test_file("linnet_empty.bin", ""));
    ASSERT_TRUE(nothing.ok());
    auto empty = linnet::FileView::of(&nothing.value());
    ASSERT_TRUE(empty.ok());
    EXPECT_TRUE(empty.value().bytes().empty());
}

TEST(File, RefusesWhatItCannotRead) {
    Status status = failure_to_open("/nowhere/model.onnx");
    EXPECT_EQ(status.code(), Code::kIo);
    EXPECT_STREQ(status.message(),
                 "cannot open \"/nowhere/model.onnx\": No such file or directory");
    EXPECT_EQ(failure_to_open(std::string("a\0b", 3)).code(), Code::kIo);
    EXPECT_EQ(failure_to_open("").code(), Code::kIo);
    EXPECT_EQ(failure_to_open(scratch_folder()).code(), Code::kIo);
}

TEST(SharedFile, NoticesChanges) {
    std::string path = write_test_file("linnet_shared.bin", "0123456789");
    linnet::SharedFile file(std::move(File::open(path).value()));
    unsigned char part[3];
    EXPECT_TRUE(file.read(7, {part, 3}).ok());
    EXPECT_EQ(part[2], '9');
    EXPECT_EQ(text_of(file.view().value()), "0123456789");
    write_test_file("linnet_shared.bin", "shorter");
    Status status = file.read(0, {part, 3});
    EXPECT_EQ(status.code(), Code::kIo);
    EXPECT_NE(std::string(status.message()).find("has changed since it was opened"),
              std::string::npos);
    EXPECT_EQ(file.view().take_status().code(), Code::kIo);
}

TEST(File, ReadsParts) {
    auto file = File::open(write_test_file("linnet_part.bin", "0123456789"));
    ASSERT_TRUE(file.ok());
    unsigned char part[3];
    EXPECT_TRUE(file.value().read(7, {part, 3}).ok());
    EXPECT_EQ(part[2], '9');
    EXPECT_EQ(file.value().read(8, {part, 3}).code(), Code::kIo);
    EXPECT_EQ(file.value().read(UINT64_MAX, {part, 3}).code(), Code::kIo);
}

TEST(File, KnowsPlainNames) {
    EXPECT_TRUE(linnet::is_plain_relative_path("weights.bin"));
    EXPECT_TRUE(linnet::is_plain_relative_path("a/b..c/.d"));
    EXPECT_TRUE(linnet::is_plain_relative_path("./a"));
    EXPECT_TRUE(linnet::is_plain_relative_path("a/./b"));
    for (const char *name : {"", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/.",
                             "a\\b", "C:a", "\xFF"})
        EXPECT_FALSE(linnet::is_plain_relative_path(name)) << name;
    EXPECT_FALSE(linnet::is_plain_relative_path(std::string("a\0b", 3)));
}

#ifndef _WIN32

TEST(File, DoesNotWaitForPipes) {
    std::string path = scratch_folder() + "linnet_pipe";
    ::unlink(path.c_str());
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    Status status = failure_to_open(path);
    EXPECT_EQ(status.code(), Code::kIo);
    EXPECT_NE(std::string(status.message()).find("not a regular file"), std::string::npos);
    EXPECT_EQ(failure_to_open("/dev/null").code(), Code::kIo);
    ::unlink(path.c_str());
}

TEST(File, LinksStayInsideTheFolder) {
    std::string folder = scratch_folder() + "linnet_folder";
    ::mkdir(folder.c_str(), 0700);
    ::mkdir((folder + "/sub").c_str(), 0700);
    ::mkdir((folder + "2").c_str(), 0700);
    write_test_file("linnet_folder/inside.bin", "in");
    write_test_file("linnet_folder2/outside.bin", "out");
    auto link = [&](const std::string &target, const char *name) {
        std::string path = folder + "/" + name;
        ::unlink(path.c_str());
        ASSERT_EQ(::symlink(target.c_str(), path.c_str()), 0);
    };
    link("../inside.bin", "sub/good");
    link("../linnet_folder2/outside.bin", "bad");
    link("../linnet_folder2", "bad_folder");
    link("nothing", "dangling");
    EXPECT_TRUE(File::open_inside(folder, "inside.bin").ok());
    EXPECT_TRUE(File::open_inside(folder + "/", "sub/good").ok());
    EXPECT_TRUE(File::open_inside(folder + "/../linnet_folder", "inside.bin").ok());
    for (const char *name : {"bad", "bad_folder/outside.bin", "../linnet_folder2/outside.bin"}) {
        Status status = File::open_inside(folder, name).take_status();
        EXPECT_EQ(status.code(), Code::kMalformed) << name;
        EXPECT_NE(std::string(status.message()).find("leads out of the model's folder"),
                  std::string::npos);
    }
    EXPECT_EQ(File::open_inside(folder, "dangling").take_status().code(), Code::kIo);
    EXPECT_EQ(File::open_inside(folder, "sub").take_status().code(), Code::kIo);
}

#endif

} // namespace

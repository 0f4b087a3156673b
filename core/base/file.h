// Files that are read. Paths are UTF-8 on every system.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/mutex.h"
#include "base/ref.h"
#include "base/text.h"

namespace linnet {

// A regular file, open for reading. Errors are kIo and tell the path and the system's reason.
class File {
public:
    File() = default;
    File(File &&other) noexcept;
    File &operator=(File &&other) noexcept;
    File(const File &) = delete;
    File &operator=(const File &) = delete;
    ~File();

    // Never waits: folders, pipes and devices are refused.
    static Result<File> open(string_view path);
    // Opens `name` within `folder`. A name that leads out of the folder, also by way of a link, is
    // refused with kMalformed. A folder of "" is the current one.
    static Result<File> open_inside(string_view folder, string_view name);

    uint64_t size() const { return size_; }
    const Text &path() const { return path_; }
    // Whether size or time of the last change are others than when it was opened.
    bool has_changed() const;
    // Fills `target` from the bytes at `offset`, all of which must lie within the file.
    Status read(uint64_t offset, Span<unsigned char> target);

private:
    friend class FileView;

    int descriptor_ = -1;
    uint64_t size_ = 0;
    int64_t changed_ = 0; // when, in the system's unit
    Text path_;           // for messages
};

// The contents of a file, for a short time: nobody may shorten the file meanwhile. What is not
// looked at is not read, where the system can do that.
class FileView {
public:
    FileView() = default;
    FileView(FileView &&other) noexcept;
    FileView &operator=(FileView &&other) noexcept;
    FileView(const FileView &) = delete;
    FileView &operator=(const FileView &) = delete;
    ~FileView();

    static Result<FileView> of(File *file);
    Span<const unsigned char> bytes() const { return {data_, size_}; }

private:
    const unsigned char *data_ = nullptr;
    size_t size_ = 0;
    Array<unsigned char> copy_; // where files cannot be mapped
};

// A file of which parts are read for as long as somebody may want them. Safe between threads.
class SharedFile : public RefCounted {
public:
    explicit SharedFile(File file) : file_(std::move(file)) {}

    const File &file() const { return file_; }
    // As File::read and FileView::of; kIo as well if the file has changed since it was opened.
    Status read(uint64_t offset, Span<unsigned char> target);
    Result<FileView> view();

private:
    Status check_unchanged() const;

    Mutex mutex_;
    File file_;
};

// Whether `name` is a relative path without ".." parts, backslashes and colons, so that it
// means the same below any folder on every system.
bool is_plain_relative_path(string_view name);

} // namespace linnet

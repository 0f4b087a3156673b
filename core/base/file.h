// Files that are read. Paths are UTF-8 on every system.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
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
    // Fills `target` from the bytes at `offset`, all of which must lie within the file.
    Status read(uint64_t offset, Span<unsigned char> target);

private:
    int descriptor_ = -1;
    uint64_t size_ = 0;
    Text path_; // for messages
};

// The whole contents of a file; kLimit if it has more than `limit` bytes.
Result<Array<unsigned char>> read_file(string_view path, size_t limit);

// Whether `name` is a relative path without ".." parts, backslashes and colons, so that it
// means the same below any folder on every system.
bool is_plain_relative_path(string_view name);

} // namespace linnet

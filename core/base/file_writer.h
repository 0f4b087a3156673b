// A file that is written whole or not at all.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/text.h"

namespace linnet {

// Writes beside the path and takes its place at the end, so that whoever reads the path meanwhile
// sees the old file or the new one. Errors are kIo with the path and the system's reason.
class FileWriter {
public:
    FileWriter() = default;
    FileWriter(FileWriter &&other) noexcept;
    FileWriter &operator=(FileWriter &&other) noexcept;
    FileWriter(const FileWriter &) = delete;
    FileWriter &operator=(const FileWriter &) = delete;
    // Without commit() nothing is left.
    ~FileWriter();

    static Result<FileWriter> create(string_view path);
    Status write(uint64_t offset, Span<const unsigned char> bytes);
    // Where the bytes are until commit().
    const Text &temporary_path() const { return temporary_; }
    Status commit();

private:
    int descriptor_ = -1;
    Text path_, temporary_;
};

} // namespace linnet

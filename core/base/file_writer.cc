// SPDX-License-Identifier: MIT
#include "base/file_writer.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file_system.h"
#include "base/windows_api.h"

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace linnet {
namespace {

constexpr size_t kFileWriteBytes = size_t{1} << 30; // systems refuse more in one call

#ifdef _WIN32

int file_create(const FileChar *path) {
    return ::_wopen(path, _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT,
                    _S_IREAD | _S_IWRITE);
}

int64_t file_write_some(int descriptor, uint64_t offset, const unsigned char *bytes, size_t count) {
    if (::_lseeki64(descriptor, static_cast<__int64>(offset), SEEK_SET) < 0) return -1;
    return ::_write(descriptor, bytes, static_cast<unsigned>(count));
}

bool file_close(int descriptor) { return ::_close(descriptor) == 0; }

bool file_to_disk(int descriptor) { return ::_commit(descriptor) == 0; }

bool file_replace(const FileChar *from, const FileChar *to) {
    if (::MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING)) return true;
    errno = EACCES;
    return false;
}

void file_remove(const FileChar *path) { ::_wunlink(path); }

#else

int file_create(const FileChar *path) {
    return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

int64_t file_write_some(int descriptor, uint64_t offset, const unsigned char *bytes, size_t count) {
    for (;;) {
        ssize_t written = ::pwrite(descriptor, bytes, count, static_cast<off_t>(offset));
        if (written >= 0 || errno != EINTR) return written;
    }
}

bool file_close(int descriptor) { return ::close(descriptor) == 0; }

bool file_to_disk(int descriptor) { return ::fsync(descriptor) == 0; }

bool file_replace(const FileChar *from, const FileChar *to) { return ::rename(from, to) == 0; }

void file_remove(const FileChar *path) { ::unlink(path); }

#endif

} // namespace

FileWriter::FileWriter(FileWriter &&other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)) {}

FileWriter &FileWriter::operator=(FileWriter &&other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    std::swap(temporary_, other.temporary_);
    return *this;
}

FileWriter::~FileWriter() {
    if (descriptor_ < 0) return;
    file_close(descriptor_);
    Result<Array<FileChar>> path = file_system_path(temporary_);
    if (path.ok()) file_remove(path.value().data());
}

Result<FileWriter> FileWriter::create(string_view path) {
    constexpr int kMostTries = 100; // others may be writing the same file
    FileWriter writer;
    LINNET_TRY(writer.path_.assign(path));
    for (int i = 0; i < kMostTries; ++i) {
        LINNET_TRY(writer.temporary_.assign(path));
        LINNET_TRY(writer.temporary_.appendf(".part%d", i));
        LINNET_ASSIGN(Array<FileChar> system_path, file_system_path(writer.temporary_));
        writer.descriptor_ = file_create(system_path.data());
        if (writer.descriptor_ >= 0) return writer;
        if (errno != EEXIST) break;
    }
    return file_failure("cannot write", path);
}

Status FileWriter::write(uint64_t offset, Span<const unsigned char> bytes) {
    for (size_t done = 0; done < bytes.size();) {
        size_t left = bytes.size() - done;
        int64_t some = file_write_some(descriptor_, offset + done, bytes.data() + done,
                                       left < kFileWriteBytes ? left : kFileWriteBytes);
        if (some <= 0) return file_failure("cannot write", path_);
        done += static_cast<size_t>(some);
    }
    return Status();
}

Status FileWriter::commit() {
    LINNET_ASSIGN(Array<FileChar> from, file_system_path(temporary_));
    LINNET_ASSIGN(Array<FileChar> to, file_system_path(path_));
    if (!file_to_disk(descriptor_)) return file_failure("cannot write", path_);
    // From here on the destructor has nothing to do.
    bool done = file_close(std::exchange(descriptor_, -1)) && file_replace(from.data(), to.data());
    if (done) return Status();
    Status failure = file_failure("cannot write", path_);
    file_remove(from.data());
    return failure;
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/file_system.h"
#include "base/windows_api.h"

#ifdef _WIN32
#include <io.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace linnet {
namespace {

constexpr size_t kFileReadBytes = size_t{1} << 30; // systems refuse more in one call

struct FileFacts {
    bool regular;
    uint64_t size;
    int64_t changed; // when, in the system's unit
};

#ifdef _WIN32

int file_open_descriptor(const FileChar *path) {
    return ::_wopen(path, _O_RDONLY | _O_BINARY | _O_NOINHERIT);
}

void file_close_descriptor(int descriptor) { ::_close(descriptor); }

bool file_facts_of(int descriptor, FileFacts *facts) {
    struct _stat64 about;
    if (::_fstat64(descriptor, &about) != 0) return false;
    facts->regular = (about.st_mode & _S_IFMT) == _S_IFREG;
    facts->size = static_cast<uint64_t>(about.st_size);
    facts->changed = static_cast<int64_t>(about.st_mtime);
    return true;
}

bool file_seek(int descriptor, uint64_t offset) {
    return ::_lseeki64(descriptor, static_cast<__int64>(offset), SEEK_SET) >= 0;
}

int64_t file_read_some(int descriptor, unsigned char *target, size_t bytes) {
    return ::_read(descriptor, target, static_cast<unsigned>(bytes));
}

#else

// Without O_NONBLOCK, opening a pipe would wait for a writer.
int file_open_descriptor(const FileChar *path) {
    return ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

void file_close_descriptor(int descriptor) { ::close(descriptor); }

bool file_facts_of(int descriptor, FileFacts *facts) {
    struct stat about;
    if (::fstat(descriptor, &about) != 0) return false;
    facts->regular = S_ISREG(about.st_mode);
    facts->size = static_cast<uint64_t>(about.st_size);
#ifdef __APPLE__
    const struct timespec &changed = about.st_mtimespec;
#else
    const struct timespec &changed = about.st_mtim;
#endif
    facts->changed = int64_t{changed.tv_sec} * 1000000000 + changed.tv_nsec;
    return true;
}

bool file_seek(int descriptor, uint64_t offset) {
    off_t position = static_cast<off_t>(offset);
    bool representable = position >= 0 && static_cast<uint64_t>(position) == offset;
    return representable && ::lseek(descriptor, position, SEEK_SET) >= 0;
}

int64_t file_read_some(int descriptor, unsigned char *target, size_t bytes) {
    for (;;) {
        ssize_t got = ::read(descriptor, target, bytes);
        if (got >= 0 || errno != EINTR) return got;
    }
}

#endif

Status file_leaves_folder(string_view name) {
    return error(Code::kMalformed, "the file name \"%.*s\" leads out of the model's folder",
                 static_cast<int>(name.size()), name.data());
}

// Whether the file lies below the folder: both are absolute and without links.
template <class Char>
bool file_is_below(const Char *folder, size_t folder_size, const Char *file, Char separator) {
    for (size_t i = 0; i < folder_size; ++i)
        if (file[i] == 0 || file[i] != folder[i]) return false;
    return (folder_size > 0 && folder[folder_size - 1] == separator) ||
           file[folder_size] == separator;
}

#ifdef _WIN32

// The path of an open file or folder, without links.
Result<Array<FileChar>> file_final_path(HANDLE handle) {
    DWORD size = ::GetFinalPathNameByHandleW(handle, nullptr, 0, FILE_NAME_NORMALIZED);
    Array<FileChar> path;
    LINNET_TRY(path.fill(size_t{size} + 1, 0));
    DWORD written =
        ::GetFinalPathNameByHandleW(handle, path.data(), size + 1, FILE_NAME_NORMALIZED);
    if (written == 0 || written > size) return error(Code::kIo, "a path cannot be resolved");
    path.shrink(written);
    LINNET_TRY(path.push(0));
    return path;
}

Result<Array<FileChar>> file_final_folder(string_view folder) {
    LINNET_ASSIGN(Array<FileChar> wide, file_system_path(folder.empty() ? "." : folder));
    HANDLE handle = ::CreateFileW(wide.data(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                  OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (handle == INVALID_HANDLE_VALUE)
        return error(Code::kIo, "cannot open the folder \"%.*s\"", static_cast<int>(folder.size()),
                     folder.data());
    Result<Array<FileChar>> path = file_final_path(handle);
    ::CloseHandle(handle);
    return path;
}

Status file_check_inside(string_view folder, string_view name, int descriptor) {
    LINNET_ASSIGN(Array<FileChar> root, file_final_folder(folder));
    HANDLE handle = reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor));
    LINNET_ASSIGN(Array<FileChar> file, file_final_path(handle));
    if (!file_is_below(root.data(), root.size() - 1, file.data(), L'\\'))
        return file_leaves_folder(name);
    return Status();
}

#else

// A path without links, from malloc(); nullptr and errno on failure.
struct FileRealPath {
    explicit FileRealPath(const char *path) : text(::realpath(path, nullptr)) {}
    FileRealPath(const FileRealPath &) = delete;
    FileRealPath &operator=(const FileRealPath &) = delete;
    ~FileRealPath() { std::free(text); }
    char *text;
};

// That the file which is open is the one that the resolved path names.
bool file_is_same(int descriptor, const char *path) {
    struct stat opened, named;
    return ::fstat(descriptor, &opened) == 0 && ::lstat(path, &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

Status file_check_inside(string_view folder, string_view name, int descriptor) {
    LINNET_ASSIGN(Text joined, Text::of(folder.empty() ? "." : folder));
    FileRealPath root(joined.c_str());
    if (!root.text) return file_failure("cannot resolve", joined);
    LINNET_TRY(joined.append("/"));
    LINNET_TRY(joined.append(name));
    FileRealPath file(joined.c_str());
    if (!file.text) return file_failure("cannot resolve", joined);
    if (!file_is_below(root.text, std::strlen(root.text), file.text, '/') ||
        !file_is_same(descriptor, file.text))
        return file_leaves_folder(name);
    return Status();
}

#endif

} // namespace

File::File(File &&other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_),
      changed_(other.changed_), path_(std::move(other.path_)) {}

File &File::operator=(File &&other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_, other.size_);
    std::swap(changed_, other.changed_);
    std::swap(path_, other.path_);
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) file_close_descriptor(descriptor_);
}

Result<File> File::open(string_view path) {
    File file;
    LINNET_TRY(file.path_.assign(path));
    LINNET_ASSIGN(Array<FileChar> system_path, file_system_path(path));
    file.descriptor_ = file_open_descriptor(system_path.data());
    if (file.descriptor_ < 0) return file_failure("cannot open", path);
    FileFacts facts;
    if (!file_facts_of(file.descriptor_, &facts)) return file_failure("cannot read", path);
    if (!facts.regular)
        return error(Code::kIo, "cannot read \"%s\": not a regular file", file.path_.c_str());
    file.size_ = facts.size;
    file.changed_ = facts.changed;
    return file;
}

bool File::has_changed() const {
    FileFacts facts;
    return !file_facts_of(descriptor_, &facts) || facts.size != size_ || facts.changed != changed_;
}

Result<File> File::open_inside(string_view folder, string_view name) {
    if (!is_plain_relative_path(name)) return file_leaves_folder(name);
    LINNET_ASSIGN(Text path, Text::of(folder.empty() ? "." : folder));
    LINNET_TRY(path.append("/"));
    LINNET_TRY(path.append(name));
    LINNET_ASSIGN(File file, open(path));
    LINNET_TRY(file_check_inside(folder, name, file.descriptor_));
    return file;
}

Status File::read(uint64_t offset, Span<unsigned char> target) {
    if (offset > size_ || target.size() > size_ - offset)
        return error(Code::kIo, "\"%s\" has only %llu bytes", path_.c_str(),
                     static_cast<unsigned long long>(size_));
    if (!file_seek(descriptor_, offset)) return file_failure("cannot read", path_);
    for (size_t done = 0; done < target.size();) {
        size_t left = target.size() - done;
        size_t want = left < kFileReadBytes ? left : kFileReadBytes;
        int64_t got = file_read_some(descriptor_, target.data() + done, want);
        if (got < 0) return file_failure("cannot read", path_);
        if (got == 0)
            return error(Code::kIo, "cannot read \"%s\": it became shorter", path_.c_str());
        done += static_cast<size_t>(got);
    }
    return Status();
}

Status SharedFile::check_unchanged() const {
    if (!file_.has_changed()) return Status();
    return error(Code::kIo, "\"%s\" has changed since it was opened; open it again",
                 file_.path().c_str());
}

Status SharedFile::read(uint64_t offset, Span<unsigned char> target) {
    MutexLock lock(&mutex_); // one position in the file for all
    LINNET_TRY(check_unchanged());
    LINNET_TRY(file_.read(offset, target));
    return check_unchanged();
}

Result<FileView> SharedFile::view() {
    MutexLock lock(&mutex_);
    LINNET_TRY(check_unchanged());
    return FileView::of(&file_);
}

FileView::FileView(FileView &&other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
      copy_(std::move(other.copy_)) {}

FileView &FileView::operator=(FileView &&other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(copy_, other.copy_);
    return *this;
}

FileView::~FileView() {
#ifndef _WIN32
    if (data_ && copy_.empty()) ::munmap(const_cast<unsigned char *>(data_), size_);
#endif
}

Result<FileView> FileView::of(File *file) {
    FileView view;
    view.size_ = static_cast<size_t>(file->size());
    if (view.size_ == 0) return view;
#ifndef _WIN32
    void *mapped = ::mmap(nullptr, view.size_, PROT_READ, MAP_PRIVATE, file->descriptor_, 0);
    if (mapped != MAP_FAILED) {
        view.data_ = static_cast<const unsigned char *>(mapped);
        return view;
    }
#endif
    LINNET_TRY(view.copy_.resize(view.size_));
    LINNET_TRY(file->read(0, view.copy_.span()));
    view.data_ = view.copy_.data();
    return view;
}

bool is_plain_relative_path(string_view name) {
    if (name.empty() || !is_utf8(name)) return false;
    for (char c : name)
        if (c == '\\' || c == ':') return false;
    for (size_t from = 0; from <= name.size();) {
        size_t to = name.find('/', from);
        if (to == string_view::npos) to = name.size();
        string_view part(name.data() + from, to - from);
        bool last = to == name.size();
        if (part.empty() || part == ".." || (part == "." && last)) return false;
        from = to + 1;
    }
    return true;
}

} // namespace linnet

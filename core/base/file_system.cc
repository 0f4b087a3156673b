// SPDX-License-Identifier: MIT
#include "base/file_system.h"

#include <cerrno>
#include <cstring>

namespace linnet {

#ifdef _WIN32

Result<Array<FileChar>> file_system_path(string_view path) {
    if (!is_utf8(path)) return error(Code::kIo, "a path is not UTF-8 text");
    Array<FileChar> wide;
    LINNET_TRY(wide.reserve(path.size() + 1));
    for (size_t i = 0; i < path.size();) {
        unsigned lead = static_cast<unsigned char>(path[i]);
        size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        unsigned point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
        for (size_t k = 1; k < length; ++k)
            point = point << 6 | (static_cast<unsigned char>(path[i + k]) & 0x3Fu);
        if (point >= 0x10000) {
            LINNET_TRY(wide.push(static_cast<FileChar>(0xD7C0 + (point >> 10))));
            point = 0xDC00 | (point & 0x3FF);
        }
        LINNET_TRY(wide.push(static_cast<FileChar>(point)));
        i += length;
    }
    LINNET_TRY(wide.push(0));
    return wide;
}

static const char *file_error(char *buffer, size_t bytes) {
    ::strerror_s(buffer, bytes, errno);
    return buffer;
}

#else

Result<Array<FileChar>> file_system_path(string_view path) {
    if (path.find('\0') != string_view::npos) return error(Code::kIo, "a path has a zero byte");
    Array<FileChar> copy;
    LINNET_TRY(copy.reserve(path.size() + 1));
    LINNET_TRY(copy.append(Span<const char>(path.data(), path.size())));
    LINNET_TRY(copy.push('\0'));
    return copy;
}

// strerror_r comes in two kinds: POSIX returns a number, GNU the text.
[[maybe_unused]] static const char *file_error_of(int result, const char *buffer) {
    return result == 0 ? buffer : "unknown error";
}
[[maybe_unused]] static const char *file_error_of(const char *result, const char *) { return result; }

static const char *file_error(char *buffer, size_t bytes) {
    return file_error_of(::strerror_r(errno, buffer, bytes), buffer);
}

#endif

Status file_failure(const char *what, string_view path) {
    char buffer[128];
    const char *reason = file_error(buffer, sizeof buffer);
    return error(Code::kIo, "%s \"%.*s\": %s", what, static_cast<int>(path.size()), path.data(),
                 reason);
}

} // namespace linnet

// Paths and errors of the operating system.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/text.h"

namespace linnet {

#ifdef _WIN32
using FileChar = wchar_t;
#else
using FileChar = char;
#endif

// A path of UTF-8 as the system wants it, with a zero at the end.
Result<Array<FileChar>> file_system_path(string_view path);

// kIo with the path and the system's reason, which is in errno.
Status file_failure(const char *what, string_view path);

} // namespace linnet

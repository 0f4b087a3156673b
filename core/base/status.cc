// SPDX-License-Identifier: MIT
#include "base/status.h"

#include <cstdio>
#include <cstring>

namespace linnet {

// No destructor, no allocation: safe at any time in any thread.
static thread_local char t_message[Status::kMessageBytes];

static constexpr char kOutOfMemory[] = "out of memory";

const char *Status::message() const { return ok() ? "" : t_message; }

// The arguments may lie in the message before, so that is not written over at once.
Status Status::make(Code code, const char *format, va_list arguments) {
    char message[kMessageBytes];
    std::vsnprintf(message, sizeof message, format, arguments);
    std::memcpy(t_message, message, std::strlen(message) + 1);
    return Status(code);
}

Status Status::out_of_memory() { return error(Code::kOutOfMemory, "%s", kOutOfMemory); }

Status Status::within(const char *format, ...) const {
    if (ok() || std::strcmp(t_message, kOutOfMemory) == 0) return *this;
    char prefix[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    return error(code_, "%s: %s", prefix, t_message);
}

Status error(Code code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    Status status = Status::make(code, format, arguments);
    va_end(arguments);
    return status;
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/status.h"

#include <cstdio>
#include <cstring>

#include "base/memory.h"

namespace linnet {

// The message follows the struct in the same block of memory.
struct Status::Error {
    Code code;
    size_t bytes; // of the whole block; 0: not from allocate()
    const char *text() const {
        return bytes ? reinterpret_cast<const char *>(this + 1) : "out of memory";
    }
};

Status::Error Status::g_out_of_memory{Code::kOutOfMemory, 0};

Code Status::code() const { return error_ ? error_->code : Code::kOk; }

const char *Status::message() const { return error_ ? error_->text() : ""; }

void Status::drop() {
    if (error_->bytes) release(error_, error_->bytes);
    error_ = nullptr;
}

Status Status::out_of_memory() {
    Status status;
    status.error_ = &g_out_of_memory;
    return status;
}

Status Status::make(Code code, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    size_t bytes = sizeof(Error) + static_cast<size_t>(length < 0 ? 0 : length) + 1;
    void *memory = allocate(bytes);
    if (!memory) return out_of_memory();
    Status status;
    status.error_ = new (memory) Error{code, bytes};
    std::vsnprintf(reinterpret_cast<char *>(status.error_ + 1), bytes - sizeof(Error), format,
                   arguments);
    return status;
}

Status Status::within(const char *format, ...) && {
    if (ok() || error_ == &g_out_of_memory) return std::move(*this);
    char prefix[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    return error(code(), "%s: %s", prefix, message());
}

Status error(Code code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    Status status = Status::make(code, format, arguments);
    va_end(arguments);
    return status;
}

} // namespace linnet

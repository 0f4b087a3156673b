// Errors as values: Status, Result, and the macros that hand them on.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdarg>
#include <cstddef>
#include <utility>

#if defined(__GNUC__)
#define LINNET_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#else
#define LINNET_PRINTF(format_at, first_at)
#endif

namespace linnet {

// The numbers are those of linnet_status in the C interface.
enum class Code : int {
    kOk = 0,
    kInvalidArgument = 1,
    kOutOfMemory = 2,
    kIo = 3,
    kMalformed = 4,
    kUnsupported = 5,
    kLimit = 6,
    kNotFound = 7,
    kWrongState = 8,
    kCancelled = 9,
    kInternal = 10,
};

// Success, or a code with a message. A number in a register: half of all calls return one. The
// message is kept for the thread: it is that of the thread's last error, so only one can be handed
// on at a time.
class [[nodiscard]] Status {
public:
    Status() = default;

    bool ok() const { return code_ == Code::kOk; }
    Code code() const { return code_; }
    // "" for success. Valid until the thread's next error; what is longer than kMessageBytes is cut.
    const char *message() const;

    // The same error, its message preceded by this text and ": ". Success stays success.
    Status within(const char *format, ...) const LINNET_PRINTF(2, 3);

    static Status make(Code code, const char *format, va_list arguments);
    static Status out_of_memory();

    static constexpr size_t kMessageBytes = 4200;

private:
    explicit Status(Code code) : code_(code) {}
    Code code_ = Code::kOk;
};

// Makes an error; the message says what is wrong, what was expected and what to do.
Status error(Code code, const char *format, ...) LINNET_PRINTF(2, 3);

// For an allocation that failed.
inline Status out_of_memory() { return Status::out_of_memory(); }

// A value, or the error that kept it from being.
template <class T> class [[nodiscard]] Result {
public:
    Result(T value) : value_(std::move(value)) {}
    Result(Status status) : status_(status) {}

    bool ok() const { return status_.ok(); }
    T &value() { return value_; }
    Status take_status() const { return status_; }

private:
    Status status_;
    T value_{};
};

} // namespace linnet

// Returns from the function if `expression`, a Status, is an error.
#define LINNET_TRY(expression)                                                                     \
    do {                                                                                           \
        ::linnet::Status linnet_status_ = (expression);                                            \
        if (!linnet_status_.ok()) return linnet_status_;                                           \
    } while (0)

// Declares or assigns `target` from `expression`, a Result; returns from the function on an error.
#define LINNET_ASSIGN(target, expression)                                                          \
    LINNET_ASSIGN_AS(LINNET_JOIN(linnet_result_, __LINE__), target, expression)
#define LINNET_ASSIGN_AS(result, target, expression)                                               \
    auto result = (expression);                                                                    \
    if (!result.ok()) return result.take_status();                                                 \
    target = std::move(result.value())
#define LINNET_JOIN(a, b) LINNET_JOIN_AS(a, b)
#define LINNET_JOIN_AS(a, b) a##b

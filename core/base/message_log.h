// Messages that are no errors.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/status.h"

namespace linnet {

enum class LogLevel : int32_t { kInfo = 0, kWarning = 1 };

using LogFunction = void (*)(void *user, int32_t level, const char *message);

// Sets who receives messages, for the whole process; nullptr: nobody.
void set_log(LogFunction log, void *user);

// Costs a load where nobody listens. Longer messages are cut at 500 bytes.
void log(LogLevel level, const char *format, ...) LINNET_PRINTF(2, 3);

// Tells a listener which part of the library a model makes use of. `linnet single-file` asks, so
// the Python package is built with it; elsewhere it is nothing.
#if defined(LINNET_TELL_USES)
inline void tell_use(const char *part, const char *name) {
    log(LogLevel::kInfo, "use %s %s", part, name);
}
#else
inline void tell_use(const char *, const char *) {}
#endif

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/message_log.h"

#include <atomic>
#include <cstdio>

#include "base/mutex.h"

namespace linnet {
namespace {

Mutex g_log_mutex; // keeps function and user together
LogFunction g_log = nullptr;
void *g_log_user = nullptr;
std::atomic<bool> g_log_set{false};

} // namespace

void set_log(LogFunction log, void *user) {
    MutexLock lock(&g_log_mutex);
    g_log = log;
    g_log_user = user;
    g_log_set.store(log != nullptr, std::memory_order_release);
}

void log(LogLevel level, const char *format, ...) {
    if (!g_log_set.load(std::memory_order_acquire)) return;
    char message[500];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    g_log_mutex.lock();
    LogFunction receiver = g_log;
    void *user = g_log_user;
    g_log_mutex.unlock(); // the receiver may call set_log()
    if (receiver) receiver(user, static_cast<int32_t>(level), message);
}

} // namespace linnet

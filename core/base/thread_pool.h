// Threads that belong to one owner and do the same thing together.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/memory.h"
#include "base/status.h"

namespace linnet {

constexpr int kMaxThreads = 64;

// The caller's thread takes part as thread 0. Between calls the others first wait awake for some
// microseconds, so that the steps of a run follow each other quickly, then sleep; a caller that
// waits for them does the same, so that a busy machine is not made busier.
class ThreadPool {
public:
    using Work = void (*)(void *context, int thread, int threads);

    // `threads` counts the caller's. Fails if the system gives no more threads.
    static Result<Owned<ThreadPool>> create(int threads);
    ThreadPool() = default;
    ~ThreadPool();
    ThreadPool(const ThreadPool &) = delete;
    ThreadPool &operator=(const ThreadPool &) = delete;

    int threads() const;
    // Calls `work` once on every thread and returns when all are done. One caller at a time.
    void run(Work work, void *context);

private:
    struct State;
    State *state_ = nullptr;
};

} // namespace linnet

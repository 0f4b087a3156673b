// Threads that belong to one owner and do the same thing together.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/memory.h"
#include "base/status.h"

namespace linnet {

constexpr int kMaxThreads = 64;

// Work is cut into as many shares as there are threads, the caller's among them. Whoever is awake
// takes the next share: where a thread gets no processor, the others do its part, so that a busy
// machine costs no more than it must. Between calls threads wait awake for a tenth of a
// millisecond, so that the steps of a run follow each other quickly, then sleep; a caller that waits
// for the last share does the same. After a run nothing is awake for longer than that.
//
// On Linux a thread that is woken may not wake up on the caller's processor (WakePlace), where it
// would hinder more than help; the affinity that the program gave it holds otherwise.
//
// A thread that loses its processor in the middle of a share makes all others wait, and to wake one
// that gets none is in vain. Where that happens the caller works alone for a while, the longer the
// more often it happens, an eighth of a second at most. In a child after fork(), which has no such
// threads, it does the work of all.
class ThreadPool {
public:
    using Work = void (*)(void *context, int share, int shares);

    // `threads` counts the caller's. Fails if the system gives no more threads.
    static Result<Owned<ThreadPool>> create(int threads);
    ThreadPool() = default;
    ~ThreadPool();
    ThreadPool(const ThreadPool &) = delete;
    ThreadPool &operator=(const ThreadPool &) = delete;

    int threads() const;
    // Calls `work` once for every share and returns when all are done. One caller at a time.
    void run(Work work, void *context);

private:
    struct State;
    State *state_ = nullptr;
};

} // namespace linnet

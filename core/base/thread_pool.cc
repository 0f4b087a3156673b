// std::thread reports failure by throwing, so the system's own threads are used.
// SPDX-License-Identifier: MIT
#include "base/thread_pool.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <pthread.h>
#endif

namespace linnet {
namespace {

#ifdef _WIN32
using SystemThread = HANDLE;
using ThreadResult = DWORD;
#define LINNET_THREAD_CALL WINAPI
bool start_thread(SystemThread *thread, LPTHREAD_START_ROUTINE entry, void *argument) {
    *thread = CreateThread(nullptr, 0, entry, argument, 0, nullptr);
    return *thread != nullptr;
}
void join_thread(SystemThread thread) {
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}
#else
using SystemThread = pthread_t;
using ThreadResult = void *;
#define LINNET_THREAD_CALL
bool start_thread(SystemThread *thread, void *(*entry)(void *), void *argument) {
    return pthread_create(thread, nullptr, entry, argument) == 0;
}
void join_thread(SystemThread thread) { pthread_join(thread, nullptr); }
#endif

// About 20 microseconds on the machines of today.
constexpr int kAwakeRounds = 1000;

void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

} // namespace

struct ThreadPool::State {
    struct Worker {
        State *state = nullptr;
        int number = 0;
        SystemThread thread{};
    };

    int threads = 1;
    Work work = nullptr;
    void *context = nullptr;
    // Each on a cache line of its own: one is written by the caller, one by the workers.
    alignas(64) std::atomic<uint32_t> generation{0};
    alignas(64) std::atomic<int> busy{0};
    alignas(64) std::atomic<bool> stopping{false};
    std::mutex mutex;
    std::condition_variable started, finished;
    Worker workers[kMaxThreads];
    int running = 0; // workers that were started

    template <class Condition> void wait_for(std::condition_variable &signal, Condition condition) {
        for (int round = 0; round < kAwakeRounds; ++round) {
            if (condition()) return;
            pause_briefly();
        }
        std::unique_lock<std::mutex> lock(mutex);
        while (!condition()) signal.wait(lock);
    }
    // The lock makes sure that nobody is between its last look and its sleep.
    void wake(std::condition_variable &signal) {
        std::lock_guard<std::mutex> lock(mutex);
        signal.notify_all();
    }
    void serve(int number) {
        for (uint32_t seen = 0;; ++seen) {
            wait_for(started, [&] { return generation.load(std::memory_order_acquire) != seen; });
            if (stopping.load(std::memory_order_relaxed)) return;
            work(context, number, threads);
            if (busy.fetch_sub(1, std::memory_order_acq_rel) == 1) wake(finished);
        }
    }
    static ThreadResult LINNET_THREAD_CALL enter(void *argument) {
        Worker *worker = static_cast<Worker *>(argument);
        worker->state->serve(worker->number);
        return ThreadResult{};
    }
};

Result<Owned<ThreadPool>> ThreadPool::create(int threads) {
    Owned<ThreadPool> pool = make_owned<ThreadPool>();
    if (!pool) return out_of_memory();
    Owned<State> state = make_owned<State>();
    if (!state) return out_of_memory();
    pool->state_ = state.release_ownership();
    pool->state_->threads = threads;
    for (int i = 1; i < threads; ++i) {
        State::Worker &worker = pool->state_->workers[i];
        worker.state = pool->state_;
        worker.number = i;
        if (!start_thread(&worker.thread, State::enter, &worker))
            return error(Code::kOutOfMemory, "the system gave only %d of %d threads", i, threads);
        ++pool->state_->running;
    }
    return pool;
}

ThreadPool::~ThreadPool() {
    if (!state_) return;
    state_->stopping.store(true, std::memory_order_relaxed);
    state_->generation.fetch_add(1, std::memory_order_release);
    state_->wake(state_->started);
    for (int i = 1; i <= state_->running; ++i) join_thread(state_->workers[i].thread);
    Owned<State>(state_).reset();
}

int ThreadPool::threads() const { return state_->threads; }

void ThreadPool::run(Work work, void *context) {
    State &state = *state_;
    if (state.threads == 1) return work(context, 0, 1);
    state.work = work;
    state.context = context;
    state.busy.store(state.threads - 1, std::memory_order_relaxed);
    state.generation.fetch_add(1, std::memory_order_release);
    state.wake(state.started);
    work(context, 0, state.threads);
    state.wait_for(state.finished,
                   [&] { return state.busy.load(std::memory_order_acquire) == 0; });
}

#undef LINNET_THREAD_CALL

} // namespace linnet

// std::thread reports failure by throwing, so the system's own threads are used.
// SPDX-License-Identifier: MIT
#include "base/thread_pool.h"

#include <atomic>
#include <chrono>

#include "base/mutex.h"
#include "base/windows_api.h"

#ifndef _WIN32
#include <pthread.h>
#include <unistd.h>
#endif
#ifdef __linux__
#include <cstring>
#include <sched.h>
#include <sys/syscall.h>
#endif

#ifndef __wasm_atomics__ // which has a thread pool of its own: wasm_thread_pool.cc

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

// The process, in which the threads are: a child after fork() has the memory, but not them.
int64_t this_process() {
#ifdef _WIN32
    return 0; // there is no fork()
#else
    return ::getpid();
#endif
}

void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

// Where a sleeping thread wakes up. Linux may choose the processor of the one that wakes it while
// others are idle; above all in virtual machines, where it takes idle ones for busy. Then both would
// take turns there for milliseconds.
class WakePlace {
public:
#ifdef __linux__
    // By the thread itself, around its sleep, under the mutex.
    void before_sleep() {
        thread_ = static_cast<pid_t>(::syscall(SYS_gettid));
        sleeping_ = true;
    }
    void after_sleep() { sleeping_ = false; }
    // Then, without the mutex. What a thread was allowed includes what its group is allowed now, and
    // that may change: so it asks for nothing of its own, unless it was restricted by itself.
    void restore() {
        if (!moved_) return;
        moved_ = false;
        cpu_set_t all, found;
        std::memset(&all, 0xff, sizeof all);
        if (::sched_setaffinity(thread_, sizeof all, &all) != 0 ||
            ::sched_getaffinity(thread_, sizeof found, &found) != 0 ||
            !CPU_EQUAL(&found, &allowed_))
            ::sched_setaffinity(thread_, sizeof allowed_, &allowed_);
    }
    // By the one that is about to wake it, under the mutex: if it sleeps, to any other processor that
    // it may run on.
    void avoid(int processor) {
        if (!sleeping_ || moved_ || processor < 0) return;
        if (::sched_getaffinity(thread_, sizeof allowed_, &allowed_) != 0) return;
        cpu_set_t others = allowed_;
        CPU_CLR(static_cast<size_t>(processor), &others);
        moved_ = CPU_COUNT(&others) > 0 &&
                 ::sched_setaffinity(thread_, sizeof others, &others) == 0;
    }
    static int this_processor() { return ::sched_getcpu(); }

private:
    pid_t thread_ = 0;
    bool sleeping_ = false, moved_ = false;
    cpu_set_t allowed_;
#else
    void before_sleep() {}
    void after_sleep() {}
    void restore() {}
    void avoid(int) {}
    static int this_processor() { return -1; }
#endif
};

// Those who wait for the same.
struct Waiting {
    alignas(64) std::atomic<int> sleepers{0};
    Condition changed;
};

// What is to be done, in one word: which call of run(), and the first share that nobody has taken.
// A thread that comes late can so never take a share of a call that has ended.
struct Ticket {
    uint32_t call, share;

    static Ticket of(uint64_t word) {
        return {static_cast<uint32_t>(word >> 32), static_cast<uint32_t>(word)};
    }
    uint64_t word() const { return uint64_t{call} << 32 | share; }
};

} // namespace

struct ThreadPool::State {
    using Clock = std::chrono::steady_clock;
    // More than unlike shares explain, or the way of a woken thread to a processor that is free.
    static constexpr std::chrono::microseconds kStall{500};
    // A stall takes some milliseconds. While the processors stay busy, one in 128 costs little; and
    // when they no longer are, so many are soon over.
    static constexpr std::chrono::milliseconds kShortest{2}, kLongest{128};

    struct Worker {
        State *state = nullptr;
        SystemThread thread{};
        WakePlace place;
    };

    const int64_t process = this_process();
    int threads = 1;
    Work work = nullptr;
    void *context = nullptr;
    // Each on a cache line of its own.
    alignas(64) std::atomic<uint64_t> ticket{0};
    alignas(64) std::atomic<int> unfinished{0};
    alignas(64) std::atomic<bool> stopping{false};
    alignas(64) Mutex mutex;
    Waiting for_work, for_end;
    Worker workers[kMaxThreads];
    int running = 0; // workers that were started
    // After a stall the caller works alone for a while: until when, and how long after the next.
    Clock::time_point stall, alone_until;
    Clock::duration next_alone = kShortest;
    Clock::duration in_vain{0}; // for how long others have been woken without coming

    bool has_share() const {
        return Ticket::of(ticket.load(std::memory_order_seq_cst)).share <
               static_cast<uint32_t>(threads);
    }

    // Takes the next share of the call at hand and works on it; false if there is none.
    bool work_on_share() {
        uint64_t seen = ticket.load(std::memory_order_acquire);
        for (;;) {
            Ticket next = Ticket::of(seen);
            if (next.share >= static_cast<uint32_t>(threads)) return false;
            int share = static_cast<int>(next.share++);
            if (!ticket.compare_exchange_weak(seen, next.word(), std::memory_order_acq_rel,
                                              std::memory_order_acquire))
                continue;
            work(context, share, threads);
            if (unfinished.fetch_sub(1, std::memory_order_seq_cst) == 1) wake(&for_end);
            return true;
        }
    }

    // Awake for kAwake, then asleep, and so again after being woken: what a thread was woken for may
    // be over when it gets a processor, but more will follow. `place`: nullptr for the caller.
    template <class Test> void wait(Waiting *waiting, WakePlace *place, Test is_over) {
        for (;;) {
            auto start = Clock::now();
            do {
                for (int i = 0; i < kPauses; ++i) {
                    if (is_over()) return;
                    pause_briefly();
                }
            } while (Clock::now() - start < kAwake);
            {
                MutexLock lock(&mutex);
                waiting->sleepers.fetch_add(1, std::memory_order_seq_cst);
                if (place) place->before_sleep();
                if (!is_over()) waiting->changed.wait(&mutex);
                if (place) place->after_sleep();
                waiting->sleepers.fetch_sub(1, std::memory_order_relaxed);
            }
            if (place) place->restore();
        }
    }
    // Whether there was anybody to wake. The order of what is stored before and of `sleepers`, and
    // the lock, make sure that nobody is between its last look and its sleep.
    bool wake(Waiting *waiting) {
        if (waiting->sleepers.load(std::memory_order_seq_cst) == 0) return false;
        MutexLock lock(&mutex);
        if (waiting == &for_work) {
            int here = WakePlace::this_processor();
            for (int i = 1; i <= running; ++i) workers[i].place.avoid(here);
        }
        waiting->changed.wake_all();
        return true;
    }
    void serve(Worker *worker) {
        while (!stopping.load(std::memory_order_relaxed)) {
            if (!work_on_share())
                wait(&for_work, &worker->place, [&] {
                    return has_share() || stopping.load(std::memory_order_seq_cst);
                });
        }
    }
    static ThreadResult LINNET_THREAD_CALL enter(void *argument) {
        Worker *worker = static_cast<Worker *>(argument);
        worker->state->serve(worker);
        return ThreadResult{};
    }

    void do_alone() {
        for (int share = 0; share < threads; ++share) work(context, share, threads);
    }

    // What the caller's own shares took, and since when it then waited for the others.
    void note_wait(Clock::duration own, Clock::time_point done) {
        Clock::time_point now = Clock::now();
        Clock::duration waited = now - done;
        if (in_vain <= kStall && (waited <= kStall || waited <= own)) return;
        in_vain = Clock::duration(0);
        if (now - stall > 2 * kLongest) next_alone = kShortest;
        stall = now;
        alone_until = now + next_alone;
        if (next_alone < kLongest) next_alone *= 2;
    }
    static constexpr int kPauses = 64;
    static constexpr std::chrono::microseconds kAwake{100};
};

Result<Owned<ThreadPool>> ThreadPool::create(int threads) {
    Owned<ThreadPool> pool = make_owned<ThreadPool>();
    if (!pool) return out_of_memory();
    Owned<State> state = make_owned<State>();
    if (!state) return out_of_memory();
    pool->state_ = state.release_ownership();
    pool->state_->threads = threads;
    pool->state_->ticket = Ticket{0, static_cast<uint32_t>(threads)}.word();
    for (int i = 1; i < threads; ++i) {
        State::Worker &worker = pool->state_->workers[i];
        worker.state = pool->state_;
        if (!start_thread(&worker.thread, State::enter, &worker))
            return error(Code::kOutOfMemory, "the system gave only %d of %d threads", i, threads);
        ++pool->state_->running;
    }
    return pool;
}

ThreadPool::~ThreadPool() {
    if (!state_) return;
    if (state_->process != this_process()) {
        // Nobody to join; what the threads sleep on cannot be destroyed, only given back.
        release(state_, sizeof(State));
        return;
    }
    state_->stopping.store(true, std::memory_order_seq_cst);
    state_->wake(&state_->for_work);
    for (int i = 1; i <= state_->running; ++i) join_thread(state_->workers[i].thread);
    Owned<State>(state_).reset();
}

int ThreadPool::threads() const { return state_->threads; }

void ThreadPool::run(Work work, void *context) {
    State &state = *state_;
    if (state.threads == 1) return work(context, 0, 1);
    state.work = work;
    state.context = context;
    if (state.process != this_process()) return state.do_alone();
    auto start = State::Clock::now();
    if (start < state.alone_until) return state.do_alone();
    state.unfinished.store(state.threads, std::memory_order_relaxed);
    Ticket before = Ticket::of(state.ticket.load(std::memory_order_relaxed));
    state.ticket.store(Ticket{before.call + 1, 0}.word(), std::memory_order_seq_cst);
    bool woken = state.wake(&state.for_work);
    int shares = 0;
    while (state.work_on_share()) ++shares;
    auto done = State::Clock::now();
    if (shares < state.threads)
        state.in_vain = State::Clock::duration(0);
    else if (woken)
        state.in_vain += done - start;
    state.wait(&state.for_end, nullptr,
               [&] { return state.unfinished.load(std::memory_order_seq_cst) == 0; });
    state.note_wait(done - start, done);
}

#undef LINNET_THREAD_CALL

} // namespace linnet

#endif

// The thread pool where threads are Web Workers: WebAssembly with shared memory. It cannot start
// any, so bindings/javascript/src/threads.js does so while it loads the module, and all pools use
// the same ones: the one caller, who runs one session at a time, needs no more. Shares are claimed,
// so a pool also works with fewer workers than its threads.
// SPDX-License-Identifier: MIT
#include "base/thread_pool.h"

#include <atomic>

#ifdef __wasm_atomics__

namespace linnet {
namespace {

using Word = std::atomic<uint32_t>;

// How often a thread looks before it sleeps, which takes about a tenth of a millisecond.
constexpr int kLooks = 1 << 16;

// What is to be done. Written by the caller while nobody works, read by who has got a share.
ThreadPool::Work g_work = nullptr;
void *g_context = nullptr;
uint32_t g_shares = 0;
// The number of the call, and how many of its shares nobody has taken yet, in one word: a worker
// that comes late cannot take a share of a call that has ended.
alignas(64) std::atomic<uint64_t> g_ticket{0};
alignas(64) Word g_unfinished{0};
alignas(64) Word g_calls{0}; // on which idle workers sleep
Word g_sleepers{0};
Word g_caller_sleeps{0};
bool g_caller_may_sleep = false;

void sleep_while(Word *word, uint32_t value) {
    __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int *>(word), static_cast<int>(value), -1);
}

void wake(Word *word, uint32_t sleepers) {
    __builtin_wasm_memory_atomic_notify(reinterpret_cast<int *>(word), sleepers);
}

bool is_still(const Word &word, uint32_t value) {
    for (int i = 0; i < kLooks; ++i)
        if (word.load(std::memory_order_seq_cst) != value) return false;
    return true;
}

// Takes the next share of the call at hand and works on it; false if there is none.
bool work_on_share() {
    uint64_t seen = g_ticket.load(std::memory_order_acquire);
    do {
        if (static_cast<uint32_t>(seen) == 0) return false;
    } while (!g_ticket.compare_exchange_weak(seen, seen - 1, std::memory_order_acq_rel,
                                             std::memory_order_acquire));
    g_work(g_context, static_cast<int>(g_shares - static_cast<uint32_t>(seen)),
           static_cast<int>(g_shares));
    if (g_unfinished.fetch_sub(1, std::memory_order_seq_cst) == 1 &&
        g_caller_sleeps.load(std::memory_order_seq_cst) != 0)
        wake(&g_unfinished, 1);
    return true;
}

// The main thread of a page must not sleep.
void wait_for_others() {
    for (uint32_t left; (left = g_unfinished.load(std::memory_order_seq_cst)) != 0;) {
        if (!is_still(g_unfinished, left) || !g_caller_may_sleep) continue;
        g_caller_sleeps.store(1, std::memory_order_seq_cst);
        sleep_while(&g_unfinished, left);
        g_caller_sleeps.store(0, std::memory_order_relaxed);
    }
}

} // namespace

struct ThreadPool::State {
    int threads = 1;
};

Result<Owned<ThreadPool>> ThreadPool::create(int threads) {
    Owned<ThreadPool> pool = make_owned<ThreadPool>();
    if (!pool) return out_of_memory();
    Owned<State> state = make_owned<State>();
    if (!state) return out_of_memory();
    state->threads = threads;
    pool->state_ = state.release_ownership();
    return pool;
}

ThreadPool::~ThreadPool() {
    if (state_) Owned<State>(state_).reset();
}

int ThreadPool::threads() const { return state_->threads; }

void ThreadPool::run(Work work, void *context) {
    if (state_->threads == 1) return work(context, 0, 1);
    g_work = work;
    g_context = context;
    g_shares = static_cast<uint32_t>(state_->threads);
    g_unfinished.store(g_shares, std::memory_order_relaxed);
    uint32_t call = g_calls.load(std::memory_order_relaxed) + 1;
    g_ticket.store(uint64_t{call} << 32 | g_shares, std::memory_order_seq_cst);
    g_calls.store(call, std::memory_order_seq_cst); // after the ticket: who wakes finds work
    if (g_sleepers.load(std::memory_order_seq_cst) != 0) wake(&g_calls, g_shares - 1);
    while (work_on_share()) {}
    wait_for_others();
}

} // namespace linnet

extern "C" {

// What a worker does, for ever: it ends with the page or process, or is terminated.
__attribute__((export_name("linnet_wasm_serve"))) void linnet_wasm_serve() {
    for (;;) {
        uint32_t calls = linnet::g_calls.load(std::memory_order_seq_cst);
        while (linnet::work_on_share()) {}
        if (!linnet::is_still(linnet::g_calls, calls)) continue;
        linnet::g_sleepers.fetch_add(1, std::memory_order_seq_cst);
        linnet::sleep_while(&linnet::g_calls, calls);
        linnet::g_sleepers.fetch_sub(1, std::memory_order_relaxed);
    }
}

__attribute__((export_name("linnet_wasm_let_caller_sleep"))) void linnet_wasm_let_caller_sleep() {
    linnet::g_caller_may_sleep = true;
}

} // extern "C"

#endif

// The threads of a session.
// SPDX-License-Identifier: MIT
#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

namespace {

using linnet::ThreadPool;

struct Record {
    std::thread::id caller = std::this_thread::get_id();
    std::atomic<int> shares{0}, by_others{0};
    std::atomic<bool> slow{false}; // whoever is not the caller

    static void work(void *context, int, int) {
        Record &record = *static_cast<Record *>(context);
        ++record.shares;
        if (std::this_thread::get_id() == record.caller) {
            // Long enough for the others to come.
            std::this_thread::sleep_for(std::chrono::microseconds(300));
            return;
        }
        ++record.by_others;
        if (record.slow) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
};

TEST(ThreadPool, DoesEveryShareOnce) {
    for (int threads : {1, 2, 3, 8}) {
        auto pool = ThreadPool::create(threads);
        ASSERT_TRUE(pool.ok());
        for (int call = 0; call < 50; ++call) {
            Record record;
            pool.value()->run(Record::work, &record);
            EXPECT_EQ(record.shares, threads);
        }
    }
}

#ifdef __linux__
struct Affinity {
    cpu_set_t expected;
    std::atomic<int> wrong{0};

    static void work(void *context, int, int) {
        Affinity &affinity = *static_cast<Affinity *>(context);
        cpu_set_t found;
        bool same = ::sched_getaffinity(0, sizeof found, &found) == 0 &&
                    CPU_EQUAL(&found, &affinity.expected);
        if (!same) ++affinity.wrong;
        std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
};

// Threads wake up away from the caller's processor, but may run wherever the program lets them.
TEST(ThreadPool, KeepsTheAffinityOfThreads) {
    Affinity affinity;
    if (::sched_getaffinity(0, sizeof affinity.expected, &affinity.expected) != 0)
        GTEST_SKIP() << "the system tells no affinity";
    auto pool = ThreadPool::create(3);
    ASSERT_TRUE(pool.ok());
    for (int call = 0; call < 50; ++call) {
        pool.value()->run(Affinity::work, &affinity);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_EQ(affinity.wrong, 0);
}
#endif

// After a thread that took a share kept the others waiting, the caller does without it, for a time.
// Where the caller itself got no processor that long, nothing is to be learned: it is tried again.
TEST(ThreadPool, DoesWithoutThreadsThatStall) {
    auto pool = ThreadPool::create(2);
    ASSERT_TRUE(pool.ok());
    Record record;
    auto run_until_others_help = [&] {
        int before = record.by_others;
        for (int tries = 0; record.by_others == before && tries < 10000; ++tries)
            pool.value()->run(Record::work, &record);
        return record.by_others > before;
    };
    bool alone = false;
    for (int attempt = 0; !alone && attempt < 10; ++attempt) {
        record.slow = true;
        ASSERT_TRUE(run_until_others_help());
        record.slow = false;
        int shares = record.shares, by_others = record.by_others;
        for (int call = 0; call < 2; ++call) pool.value()->run(Record::work, &record);
        EXPECT_EQ(record.shares, shares + 4);
        alone = record.by_others == by_others;
    }
    EXPECT_TRUE(alone);
    EXPECT_TRUE(run_until_others_help()); // not for longer than it says
}

} // namespace

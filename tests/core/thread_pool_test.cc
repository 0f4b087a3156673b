// The threads of a session.
// SPDX-License-Identifier: MIT
#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

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

// While a thread that took a share keeps the others waiting, the caller does without it, for a time.
TEST(ThreadPool, DoesWithoutThreadsThatStall) {
    auto pool = ThreadPool::create(2);
    ASSERT_TRUE(pool.ok());
    Record record;
    record.slow = true;
    int tries = 0;
    while (record.by_others == 0 && ++tries < 1000) pool.value()->run(Record::work, &record);
    ASSERT_EQ(record.by_others, 1);
    auto stall = std::chrono::steady_clock::now();
    record.slow = false;
    for (int call = 0; call < 3; ++call) {
        int before = record.shares;
        pool.value()->run(Record::work, &record);
        EXPECT_EQ(record.shares, before + 2);
        if (std::chrono::steady_clock::now() - stall > std::chrono::milliseconds(1)) break;
        EXPECT_EQ(record.by_others, 1);
    }
    // Not for longer than it says.
    tries = 0;
    while (record.by_others == 1 && ++tries < 10000) pool.value()->run(Record::work, &record);
    EXPECT_EQ(record.by_others, 2);
}

} // namespace

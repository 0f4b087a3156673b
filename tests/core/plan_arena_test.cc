// Places for buffers: apart while they live together, and no more than is needed.
// SPDX-License-Identifier: MIT
#include "plan/arena.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

using linnet::Buffer;
using linnet::Program;

void add(Program *program, int64_t bytes, int32_t first, int32_t last, bool per_thread = false) {
    Buffer buffer;
    buffer.bytes = bytes;
    buffer.first = first;
    buffer.last = last;
    buffer.per_thread = per_thread;
    ASSERT_TRUE(program->buffers.push(buffer).ok());
}

int64_t size_in(const Program &program, const Buffer &buffer) {
    return (buffer.bytes + 63) / 64 * 64 * (buffer.per_thread ? program.threads : 1);
}

void expect_apart(const Program &program) {
    for (const Buffer &a : program.buffers) {
        ASSERT_EQ(a.offset % linnet::kBufferAlignment, 0);
        if (a.last < 0) continue;
        ASSERT_LE(a.offset + size_in(program, a), program.arena_bytes);
        for (const Buffer &b : program.buffers) {
            bool together = &a != &b && a.first <= b.last && b.first <= a.last && b.last >= 0;
            if (!together) continue;
            ASSERT_TRUE(a.offset + size_in(program, a) <= b.offset ||
                        b.offset + size_in(program, b) <= a.offset);
        }
    }
}

void set_steps(Program *program, size_t steps) {
    ASSERT_TRUE(program->steps.resize(steps).ok());
}

TEST(PlanArena, KeepsApartWhatLivesTogether) {
    std::mt19937 random(1);
    auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int round = 0; round < 200; ++round) {
        Program program;
        int steps = 1 + below(40);
        set_steps(&program, static_cast<size_t>(steps));
        program.threads = 1 + below(4);
        int count = below(60);
        for (int i = 0; i < count; ++i) {
            int first = below(steps), last = first + below(6);
            if (below(12) == 0) last = linnet::kForever;
            add(&program, below(3) ? below(5000) : below(100), first, last, below(4) == 0);
        }
        ASSERT_TRUE(linnet::place_buffers(&program).ok());
        expect_apart(program);
    }
}

// Greedily, the three large buffers lie where the long one then fits in no gap.
TEST(PlanArena, FindsTheOrderThatNeedsLeast) {
    Program program;
    set_steps(&program, 6);
    add(&program, 64 * 10, 0, 1);
    add(&program, 64 * 9, 1, 2);
    add(&program, 64 * 8, 2, 3);
    add(&program, 64 * 7, 3, 4);
    add(&program, 64 * 6, 0, 5);
    add(&program, 64 * 5, 4, 5);
    add(&program, 64 * 4, 2, 5);
    ASSERT_TRUE(linnet::place_buffers(&program).ok());
    expect_apart(program);
    int64_t most = 0;
    for (int step = 0; step < 6; ++step) {
        int64_t bytes = 0;
        for (const Buffer &buffer : program.buffers)
            if (buffer.first <= step && step <= buffer.last) bytes += buffer.bytes;
        most = std::max(most, bytes);
    }
    EXPECT_EQ(program.arena_bytes, most);
}

TEST(PlanArena, ManyBuffersAtOnceLieApart) {
    Program program;
    set_steps(&program, 3000);
    for (int i = 0; i < 3000; ++i) add(&program, 64 + i, i, linnet::kForever);
    ASSERT_TRUE(linnet::place_buffers(&program).ok());
    expect_apart(program);
}

TEST(PlanArena, GivesScratchToEachThread) {
    Program program;
    set_steps(&program, 2);
    program.threads = 3;
    add(&program, 640, 0, 1);
    add(&program, 100, 1, 1, true);
    add(&program, 70, 0, -1); // of no step
    ASSERT_TRUE(linnet::place_buffers(&program).ok());
    EXPECT_EQ(program.arena_bytes, 640 + 3 * 128);
}

} // namespace

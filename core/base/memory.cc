// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <atomic>
#include <cstdint>

namespace linnet {
namespace {

void *default_allocate(void *, size_t bytes, size_t alignment) {
    return ::operator new(bytes, std::align_val_t(alignment), std::nothrow);
}

struct Hooks {
    AllocateFunction allocate = default_allocate;
    ReleaseFunction release = nullptr; // nullptr: operator delete, which wants the alignment
    void *user = nullptr;
};

Hooks g_hooks;
std::atomic<int64_t> g_blocks_in_use{0};

} // namespace

void *allocate(size_t bytes, size_t alignment) {
    if (bytes == 0) return nullptr;
    void *memory = g_hooks.allocate(g_hooks.user, bytes, alignment);
    if (memory) g_blocks_in_use.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

void release(void *memory, size_t bytes, size_t alignment) {
    if (!memory) return;
    g_blocks_in_use.fetch_sub(1, std::memory_order_relaxed);
    if (g_hooks.release)
        g_hooks.release(g_hooks.user, memory, bytes);
    else
        ::operator delete(memory, std::align_val_t(alignment));
}

bool set_allocator(AllocateFunction allocate, ReleaseFunction release, void *user) {
    if (g_blocks_in_use.load() != 0) return false;
    g_hooks = allocate ? Hooks{allocate, release, user} : Hooks{};
    return true;
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <atomic>
#include <cstdint>

#include <stdlib.h> // with posix_memalign, which <cstdlib> need not have
#ifdef _WIN32
#include <malloc.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace linnet {
namespace {

#ifdef __linux__
// Blocks of this size and more ask for huge pages: weights and tensors are read from end to end
// again and again, and with pages of 4 KB a quarter of the memory's speed goes to finding them.
constexpr size_t kHugePage = size_t{2} << 20;

size_t own_alignment(size_t bytes, size_t alignment) {
    return bytes >= kHugePage && alignment < kHugePage ? kHugePage : alignment;
}
#else
size_t own_alignment(size_t, size_t alignment) { return alignment; }
#endif

void *default_allocate(void *, size_t bytes, size_t alignment) {
    alignment = own_alignment(bytes, alignment);
#ifdef _WIN32
    void *memory = _aligned_malloc(bytes, alignment);
#else
    if (alignment < sizeof(void *)) alignment = sizeof(void *); // the least that it takes
    void *memory = nullptr;
    if (posix_memalign(&memory, alignment, bytes) != 0) return nullptr;
#endif
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    // Whole pages inside the block only. Advice: where it is not taken, nothing is lost.
    if (memory && bytes >= kHugePage) madvise(memory, bytes & ~(kHugePage - 1), MADV_HUGEPAGE);
#endif
    return memory;
}

void default_release(void *, void *memory, size_t) {
#ifdef _WIN32
    _aligned_free(memory);
#else
    free(memory);
#endif
}

struct Hooks {
    AllocateFunction allocate = default_allocate;
    ReleaseFunction release = default_release;
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

void release(void *memory, size_t bytes) {
    if (!memory) return;
    g_blocks_in_use.fetch_sub(1, std::memory_order_relaxed);
    g_hooks.release(g_hooks.user, memory, bytes);
}

bool set_allocator(AllocateFunction allocate, ReleaseFunction release, void *user) {
    if (g_blocks_in_use.load() != 0) return false;
    g_hooks = allocate ? Hooks{allocate, release, user} : Hooks{};
    return true;
}

} // namespace linnet

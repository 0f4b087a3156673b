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

#if defined(__linux__) && defined(MADV_HUGEPAGE)
// Large blocks ask for huge pages: weights and tensors are read from end to end again and again,
// and with pages of 4 KB a quarter of the memory's speed goes to finding them.
constexpr size_t kHugePage = size_t{2} << 20;

// Until a huge page ends, if the block fills half of it.
size_t own_size(size_t bytes) {
    size_t rest = bytes % kHugePage;
    return rest >= kHugePage / 2 && bytes < SIZE_MAX - kHugePage ? bytes - rest + kHugePage : bytes;
}
size_t own_alignment(size_t bytes, size_t alignment) {
    return bytes >= kHugePage && alignment < kHugePage ? kHugePage : alignment;
}
void *on_huge_pages(void *memory, size_t bytes) {
    // Whole pages inside the block only. Advice: where it is not taken, nothing is lost.
    if (memory && bytes >= kHugePage) madvise(memory, bytes & ~(kHugePage - 1), MADV_HUGEPAGE);
    return memory;
}
#else
constexpr size_t kHugePage = 0;
size_t own_size(size_t bytes) { return bytes; }
size_t own_alignment(size_t, size_t alignment) { return alignment; }
void *on_huge_pages(void *memory, size_t) { return memory; }
#endif

void *default_allocate(void *, size_t bytes, size_t alignment) {
    bytes = own_size(bytes);
    alignment = own_alignment(bytes, alignment);
#ifdef _WIN32
    void *memory = _aligned_malloc(bytes, alignment);
#else
    if (alignment < sizeof(void *)) alignment = sizeof(void *); // the least that it takes
    void *memory = nullptr;
    if (posix_memalign(&memory, alignment, bytes) != 0) return nullptr;
#endif
    return on_huge_pages(memory, bytes);
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

size_t huge_page_bytes() { return g_hooks.allocate == default_allocate ? kHugePage : 0; }

bool set_allocator(AllocateFunction allocate, ReleaseFunction release, void *user) {
    if (g_blocks_in_use.load() != 0) return false;
    g_hooks = allocate ? Hooks{allocate, release, user} : Hooks{};
    return true;
}

} // namespace linnet

// Where all memory comes from: one pair of functions that a program may replace.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace linnet {

// Alignment of every large block: a cache line, and the widest vector.
constexpr size_t kAlignment = 64;

// Returns `bytes` bytes aligned to `alignment` (a power of two), or nullptr. Zero bytes: nullptr.
void *allocate(size_t bytes, size_t alignment = alignof(std::max_align_t));

// Takes back what allocate() returned, with the same number of bytes; nullptr is allowed.
void release(void *memory, size_t bytes);

// The size of the pages that blocks of this size and more lie on, if the system has them; 0 where
// pages are all alike, or the program has functions of its own.
size_t huge_page_bytes();

using AllocateFunction = void *(*)(void *user, size_t bytes, size_t alignment);
using ReleaseFunction = void (*)(void *user, void *memory, size_t bytes);

// Replaces the functions for the whole process (nullptr, nullptr: the default ones again).
// Refused, with false, while any block is in use.
bool set_allocator(AllocateFunction allocate, ReleaseFunction release, void *user);

// Sole owner of an object from allocate(). Empty when the allocation failed.
template <class T> class Owned {
public:
    Owned() = default;
    explicit Owned(T *object) : object_(object) {}
    Owned(Owned &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Owned &operator=(Owned &&other) noexcept {
        if (this != &other) {
            reset();
            object_ = std::exchange(other.object_, nullptr);
        }
        return *this;
    }
    Owned(const Owned &) = delete;
    Owned &operator=(const Owned &) = delete;
    ~Owned() { reset(); }

    void reset() {
        if (!object_) return;
        object_->~T();
        linnet::release(object_, sizeof(T));
        object_ = nullptr;
    }
    T *release_ownership() { return std::exchange(object_, nullptr); }
    T *get() const { return object_; }
    T *operator->() const { return object_; }
    T &operator*() const { return *object_; }
    explicit operator bool() const { return object_ != nullptr; }

private:
    T *object_ = nullptr;
};

// Constructs a T in memory from allocate(); empty if there is none.
template <class T, class... Arguments> Owned<T> make_owned(Arguments &&...arguments) {
    void *memory = allocate(sizeof(T), alignof(T));
    return memory ? Owned<T>(new (memory) T(std::forward<Arguments>(arguments)...)) : Owned<T>();
}

} // namespace linnet

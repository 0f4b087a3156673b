// A growing array whose growth can fail. Everything else is as with std::vector.
// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include "base/memory.h"
#include "base/span.h"
#include "base/status.h"

namespace linnet {

// What an Array does whatever its items are: once in the library, not once for each type.
class ArrayMemory {
public:
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

protected:
    Status grow(size_t capacity, size_t item_bytes, size_t alignment);
    // For `size` items. The first time exactly; after that with room, since who grows once will
    // grow again.
    Status make_room(size_t size, size_t item_bytes, size_t alignment);
    Status append_bytes(const void *items, size_t count, size_t item_bytes, size_t alignment);

    void *data_ = nullptr;
    size_t size_ = 0;
    size_t capacity_ = 0;
};

// Items move to a larger block by a copy of their bytes: none may hold an address inside itself.
template <class T> class Array : public ArrayMemory {
public:
    Array() = default;
    Array(Array &&other) noexcept { swap(other); }
    Array &operator=(Array &&other) noexcept {
        if (this != &other) {
            reset();
            swap(other);
        }
        return *this;
    }
    Array(const Array &) = delete;
    Array &operator=(const Array &) = delete;
    ~Array() { reset(); }

    T *data() { return static_cast<T *>(data_); }
    const T *data() const { return static_cast<const T *>(data_); }
    T &operator[](size_t i) {
        assert(i < size_);
        return data()[i];
    }
    const T &operator[](size_t i) const {
        assert(i < size_);
        return data()[i];
    }
    T &back() { return (*this)[size_ - 1]; }
    const T &back() const { return (*this)[size_ - 1]; }
    T *begin() { return data(); }
    T *end() { return data() + size_; }
    const T *begin() const { return data(); }
    const T *end() const { return data() + size_; }
    Span<T> span() { return Span<T>(data(), size_); }
    Span<const T> span() const { return Span<const T>(data(), size_); }

    Status reserve(size_t capacity) {
        return capacity <= capacity_ ? Status() : grow(capacity, sizeof(T), kItemAlignment);
    }
    Status push(T item) {
        if (size_ == capacity_)
            LINNET_TRY(grow(capacity_ ? capacity_ * 2 : 8, sizeof(T), kItemAlignment));
        new (end()) T(std::move(item));
        ++size_;
        return Status();
    }
    // New items are value-initialised.
    Status resize(size_t size) {
        LINNET_TRY(make_room(size, sizeof(T), kItemAlignment));
        if constexpr (std::is_arithmetic_v<T>) {
            if (size > size_) std::memset(end(), 0, (size - size_) * sizeof(T));
            size_ = size;
        } else {
            for (; size_ < size; ++size_) new (end()) T();
            shrink(size);
        }
        return Status();
    }
    // New numbers are not set; whoever asked for them writes them.
    Status resize_for_overwrite(size_t size) {
        static_assert(std::is_arithmetic_v<T>, "objects are constructed");
        LINNET_TRY(reserve(size));
        size_ = size;
        return Status();
    }
    Status fill(size_t size, const T &item) {
        clear();
        LINNET_TRY(reserve(size));
        for (; size_ < size; ++size_) new (end()) T(item);
        return Status();
    }
    Status append(Span<const T> items) {
        if constexpr (std::is_trivially_copyable_v<T>) {
            return append_bytes(items.data(), items.size(), sizeof(T), kItemAlignment);
        } else {
            LINNET_TRY(make_room(size_ + items.size(), sizeof(T), kItemAlignment));
            for (const T &item : items) {
                new (end()) T(item);
                ++size_;
            }
            return Status();
        }
    }
    Status assign(Span<const T> items) {
        clear();
        return append(items);
    }
    Status assign(std::initializer_list<T> items) {
        return assign(Span<const T>(items.begin(), items.size()));
    }
    // Keeps the order of the others.
    void remove(size_t at) {
        assert(at < size_);
        for (size_t i = at + 1; i < size_; ++i) data()[i - 1] = std::move(data()[i]);
        shrink(size_ - 1);
    }
    // Drops the items from `size` on.
    void shrink(size_t size) {
        if constexpr (std::is_trivially_destructible_v<T>) {
            if (size_ > size) size_ = size;
        } else {
            while (size_ > size) data()[--size_].~T();
        }
    }
    void clear() { shrink(0); }

private:
    static constexpr size_t kItemAlignment =
        std::is_arithmetic_v<T> ? kAlignment : alignof(std::max_align_t);
    void swap(Array &other) {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }
    void reset() {
        clear();
        release(data_, capacity_ * sizeof(T));
        data_ = nullptr;
        capacity_ = 0;
    }
};

} // namespace linnet

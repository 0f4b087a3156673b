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

template <class T> class Array {
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

    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T *data() { return data_; }
    const T *data() const { return data_; }
    T &operator[](size_t i) {
        assert(i < size_);
        return data_[i];
    }
    const T &operator[](size_t i) const {
        assert(i < size_);
        return data_[i];
    }
    T &back() { return (*this)[size_ - 1]; }
    const T &back() const { return (*this)[size_ - 1]; }
    T *begin() { return data_; }
    T *end() { return data_ + size_; }
    const T *begin() const { return data_; }
    const T *end() const { return data_ + size_; }
    Span<T> span() { return Span<T>(data_, size_); }
    Span<const T> span() const { return Span<const T>(data_, size_); }

    Status reserve(size_t capacity) {
        if (capacity <= capacity_) return Status();
        if (capacity > SIZE_MAX / 2 / sizeof(T)) return out_of_memory();
        T *grown = static_cast<T *>(allocate(capacity * sizeof(T), item_alignment(capacity)));
        if (!grown) return out_of_memory();
        if constexpr (std::is_arithmetic_v<T>) {
            if (size_) std::memcpy(grown, data_, size_ * sizeof(T));
        } else {
            for (size_t i = 0; i < size_; ++i) {
                new (grown + i) T(std::move(data_[i]));
                data_[i].~T();
            }
        }
        release(data_, capacity_ * sizeof(T));
        data_ = grown;
        capacity_ = capacity;
        return Status();
    }
    Status push(T item) {
        if (size_ == capacity_) LINNET_TRY(reserve(capacity_ ? capacity_ * 2 : 8));
        new (data_ + size_++) T(std::move(item));
        return Status();
    }
    // New items are value-initialised.
    Status resize(size_t size) {
        // The first time exactly; after that with room, since who grows once will grow again.
        if (size > capacity_) LINNET_TRY(reserve(size > 2 * capacity_ ? size : 2 * capacity_));
        if constexpr (std::is_arithmetic_v<T>) {
            if (size > size_) std::memset(data_ + size_, 0, (size - size_) * sizeof(T));
            size_ = size;
        } else {
            while (size_ < size) new (data_ + size_++) T();
            shrink(size);
        }
        return Status();
    }
    // New numbers are not set; whoever asked for them writes them.
    Status resize_for_overwrite(size_t size) {
        static_assert(std::is_arithmetic_v<T>, "objects are constructed");
        if (size > capacity_) LINNET_TRY(reserve(size));
        size_ = size;
        return Status();
    }
    Status fill(size_t size, const T &item) {
        clear();
        LINNET_TRY(reserve(size));
        while (size_ < size) new (data_ + size_++) T(item);
        return Status();
    }
    Status append(Span<const T> items) {
        if (items.size() > capacity_ - size_) {
            size_t needed = size_ + items.size();
            LINNET_TRY(reserve(needed > 2 * capacity_ ? needed : 2 * capacity_));
        }
        if constexpr (std::is_arithmetic_v<T>) {
            if (!items.empty())
                std::memcpy(data_ + size_, items.data(), items.size() * sizeof(T));
            size_ += items.size();
        } else {
            for (const T &item : items) new (data_ + size_++) T(item);
        }
        return Status();
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
        for (size_t i = at + 1; i < size_; ++i) data_[i - 1] = std::move(data_[i]);
        shrink(size_ - 1);
    }
    // Drops the items from `size` on.
    void shrink(size_t size) {
        while (size_ > size) data_[--size_].~T();
    }
    void clear() { shrink(0); }

private:
    // Numbers that fill a cache line begin with one. Names do not, and there are many.
    static constexpr size_t item_alignment(size_t capacity) {
        return std::is_arithmetic_v<T> && capacity * sizeof(T) >= kAlignment
                   ? kAlignment
                   : alignof(std::max_align_t);
    }
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

    T *data_ = nullptr;
    size_t size_ = 0;
    size_t capacity_ = 0;
};

} // namespace linnet

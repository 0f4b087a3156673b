// A pointer and a length.
// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <type_traits>

namespace linnet {

template <class T> class Span {
public:
    constexpr Span() = default;
    constexpr Span(T *data, size_t size) : data_(data), size_(size) {}
    template <size_t N> constexpr Span(T (&array)[N]) : data_(array), size_(N) {}
    // From a span of the same type that may be written.
    template <class U, class = std::enable_if_t<std::is_same_v<const U, T>>>
    constexpr Span(const Span<U> &other) : data_(other.data()), size_(other.size()) {}

    constexpr T *data() const { return data_; }
    constexpr size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr T &operator[](size_t i) const {
        assert(i < size_);
        return data_[i];
    }
    constexpr T *begin() const { return data_; }
    constexpr T *end() const { return data_ + size_; }
    constexpr Span part(size_t from, size_t count) const {
        assert(from <= size_ && count <= size_ - from);
        return Span(data_ + from, count);
    }

private:
    T *data_ = nullptr;
    size_t size_ = 0;
};

using Bytes = Span<const unsigned char>;

} // namespace linnet

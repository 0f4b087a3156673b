// A constant: element type, shape and contents.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/ref.h"
#include "base/dtype.h"
#include "model/shape.h"

namespace linnet {

// Immutable once it is shared. Contents are row-major and aligned to 64 bytes, or borrowed, in
// which case they are aligned to the element size and outlive the tensor.
class Tensor : public RefCounted {
public:
    // Contents are zero.
    static Result<Ref<Tensor>> create(DType dtype, const Shape &shape);
    static Result<Ref<Tensor>> borrow(DType dtype, const Shape &shape, const void *contents);
    static Result<Ref<Tensor>> of_int64(const Shape &shape, Span<const int64_t> values);
    static Result<Ref<Tensor>> of_float(const Shape &shape, Span<const float> values);

    DType dtype() const { return dtype_; }
    const Shape &shape() const { return shape_; }
    size_t elements() const { return static_cast<size_t>(shape_.elements()); }
    size_t bytes() const { return elements() * size_of(dtype_); }

    const void *data() const { return data_; }
    template <class T> Span<const T> as() const {
        assert(sizeof(T) == size_of(dtype_));
        return Span<const T>(static_cast<const T *>(data_), elements());
    }
    Span<const float> floats() const { return as<float>(); }
    // Only while the tensor is not shared yet, and not borrowed.
    template <class T> Span<T> writable() {
        assert(sizeof(T) == size_of(dtype_) && data_ == owned_.data());
        return Span<T>(reinterpret_cast<T *>(owned_.data()), elements());
    }

    // The element as an integer, from any integer or bool type.
    int64_t integer(size_t i) const;

private:
    DType dtype_ = DType::kNone;
    Shape shape_;
    const void *data_ = nullptr;
    Array<unsigned char> owned_;
};

} // namespace linnet

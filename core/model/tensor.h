// A constant: element type, shape and contents.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/ref.h"
#include "base/dtype.h"
#include "model/shape.h"

namespace linnet {

// Makes the contents of a tensor, whenever they are wanted. Safe between threads.
class TensorSource : public RefCounted {
public:
    // Fills `part` with the bytes of the contents from byte `from` on. Both are whole rows: all that
    // belongs to some indices of the first axis.
    virtual Status write(size_t from, Span<unsigned char> part) = 0;
    // As Tensor::fingerprint; 0 where that would need the contents.
    virtual uint64_t fingerprint() const { return 0; }
    // Owned<Class>(this).reset();
    virtual void destroy() = 0;

protected:
    ~TensorSource() = default; // a virtual one would want operator delete
};
inline void drop_shared(TensorSource *source) { source->destroy(); }

// Memory that several tensors may lie in; it goes with the last of them.
class TensorMemory : public RefCounted {
public:
    static Result<Ref<TensorMemory>> create(size_t bytes);
    Span<unsigned char> bytes() { return bytes_.span(); }

private:
    Array<unsigned char> bytes_;
};

// Immutable once it is shared. Contents are row-major and, where they have as many bytes, aligned to
// 64; or borrowed, in which case they are aligned to the element size and outlive the tensor; or
// deferred: made anew by their source for everyone who reads them, so that weights, which are only
// read to be packed, are not held twice.
class Tensor : public RefCounted {
public:
    // Contents are zero.
    static Result<Ref<Tensor>> create(DType dtype, const Shape &shape);
    // Contents are to be written before anybody reads them.
    static Result<Ref<Tensor>> create_for_overwrite(DType dtype, const Shape &shape);
    // Likewise, at some byte of this memory, where there is room.
    static Result<Ref<Tensor>> create_inside(DType dtype, const Shape &shape,
                                             Ref<TensorMemory> memory, size_t at);
    static Result<Ref<Tensor>> defer(DType dtype, const Shape &shape, Ref<TensorSource> source);
    static Result<Ref<Tensor>> borrow(DType dtype, const Shape &shape, const void *contents);
    static Result<Ref<Tensor>> of_int64(const Shape &shape, Span<const int64_t> values);
    static Result<Ref<Tensor>> of_float(const Shape &shape, Span<const float> values);

    DType dtype() const { return dtype_; }
    const Shape &shape() const { return shape_; }
    size_t elements() const { return static_cast<size_t>(shape_.elements()); }
    size_t bytes() const { return elements() * size_of(dtype_); }

    // Tells contents, type and shape from others: by a checksum that came with them, or else of
    // them. 0: not known.
    uint64_t fingerprint() const;
    // The checksum (XXH64) of the contents as they are stored. Only while it is not shared yet.
    void set_checksum(uint64_t checksum) { checksum_ = checksum; }

    // Whether tensors like this are better deferred than kept twice, in their own form and packed:
    // weights, which are read to be packed and not again.
    static bool is_large(DType dtype, const Shape &shape);
    bool is_deferred() const { return static_cast<bool>(source_); }
    // The tensor itself, or one with the contents if they are deferred. Whoever reads the contents
    // of a constant that may be large reads those of this one.
    static Result<Ref<Tensor>> present(const Tensor *tensor);
    // Copies part of the contents, deferred or not, as TensorSource::write.
    Status write_to(size_t from, Span<unsigned char> part) const;

    // Not of a deferred tensor.
    const void *data() const {
        assert(!source_);
        return data_;
    }
    template <class T> Span<const T> as() const {
        assert(sizeof(T) == size_of(dtype_));
        return Span<const T>(static_cast<const T *>(data()), elements());
    }
    Span<const float> floats() const { return as<float>(); }
    // Only while the tensor is not shared yet, and not borrowed.
    template <class T> Span<T> writable() {
        assert(sizeof(T) == size_of(dtype_) && (memory_ || bytes() == 0));
        return Span<T>(static_cast<T *>(const_cast<void *>(data_)), elements());
    }

    // The element as an integer, from any integer or bool type.
    int64_t integer(size_t i) const;

private:
    DType dtype_ = DType::kNone;
    Shape shape_;
    const void *data_ = nullptr;
    Ref<TensorMemory> memory_; // unless borrowed or deferred
    Ref<TensorSource> source_;
    uint64_t checksum_ = 0;
};

} // namespace linnet

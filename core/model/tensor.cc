// SPDX-License-Identifier: MIT
#include "model/tensor.h"

#include <cstring>

#include "base/xxhash64.h"

namespace linnet {

Result<Ref<TensorMemory>> TensorMemory::create(size_t bytes) {
    Ref<TensorMemory> memory = make_ref<TensorMemory>();
    if (!memory) return out_of_memory();
    LINNET_TRY(memory->bytes_.resize_for_overwrite(bytes));
    return memory;
}

Result<Ref<Tensor>> Tensor::borrow(DType dtype, const Shape &shape, const void *contents) {
    Ref<Tensor> tensor = make_ref<Tensor>();
    if (!tensor) return out_of_memory();
    tensor->dtype_ = dtype;
    tensor->shape_ = shape;
    tensor->data_ = contents;
    return tensor;
}

// Whether this machine can count the bytes.
static bool can_be_held(DType dtype, const Shape &shape) {
    return fits(shape, static_cast<int64_t>(PTRDIFF_MAX / size_of(dtype)));
}

Result<Ref<Tensor>> Tensor::create(DType dtype, const Shape &shape) {
    LINNET_ASSIGN(Ref<Tensor> tensor, create_for_overwrite(dtype, shape));
    Span<unsigned char> bytes = tensor->memory_->bytes();
    if (!bytes.empty()) std::memset(bytes.data(), 0, bytes.size());
    return tensor;
}

Result<Ref<Tensor>> Tensor::create_for_overwrite(DType dtype, const Shape &shape) {
    if (!can_be_held(dtype, shape)) return out_of_memory();
    size_t bytes = static_cast<size_t>(shape.elements()) * size_of(dtype);
    LINNET_ASSIGN(Ref<TensorMemory> memory, TensorMemory::create(bytes));
    return create_inside(dtype, shape, std::move(memory), 0);
}

Result<Ref<Tensor>> Tensor::create_inside(DType dtype, const Shape &shape,
                                          Ref<TensorMemory> memory, size_t at) {
    LINNET_ASSIGN(Ref<Tensor> tensor, borrow(dtype, shape, memory->bytes().data() + at));
    tensor->memory_ = std::move(memory);
    return tensor;
}

Result<Ref<Tensor>> Tensor::defer(DType dtype, const Shape &shape, Ref<TensorSource> source) {
    LINNET_ASSIGN(Ref<Tensor> tensor, borrow(dtype, shape, nullptr));
    tensor->source_ = std::move(source);
    return tensor;
}

Result<Ref<Tensor>> Tensor::present(const Tensor *tensor) {
    if (!tensor->is_deferred()) return Ref<Tensor>::share(const_cast<Tensor *>(tensor));
    LINNET_ASSIGN(Ref<Tensor> made, create_for_overwrite(tensor->dtype_, tensor->shape_));
    LINNET_TRY(tensor->source_->write(0, made->memory_->bytes()));
    return made;
}

Status Tensor::write_to(size_t from, Span<unsigned char> part) const {
    assert(from + part.size() <= bytes());
    if (source_) return source_->write(from, part);
    if (!part.empty())
        std::memcpy(part.data(), static_cast<const unsigned char *>(data_) + from, part.size());
    return Status();
}

uint64_t Tensor::fingerprint() const {
    uint64_t checksum = checksum_;
    if (checksum == 0 && source_) checksum = source_->fingerprint();
    if (checksum == 0 && source_) return 0;
    if (checksum == 0) {
        XxHash64 contents;
        contents.update_numbers({static_cast<const unsigned char *>(data_), bytes()},
                                size_of(dtype_));
        checksum = contents.digest();
    }
    int64_t facts[2 + kMaxRank] = {static_cast<int64_t>(checksum), static_cast<int64_t>(dtype_)};
    for (int axis = 0; axis < shape_.rank(); ++axis) facts[2 + axis] = shape_[axis];
    XxHash64 all;
    all.update_numbers({reinterpret_cast<const unsigned char *>(facts), sizeof facts},
                       sizeof *facts);
    return all.digest();
}

bool Tensor::is_large(DType dtype, const Shape &shape) {
    constexpr int64_t kLarge = 16384; // elements
    return dtype == DType::kFloat32 && shape.rank() >= 2 && shape.elements() >= kLarge;
}

template <class T>
static Result<Ref<Tensor>> copy_of(DType dtype, const Shape &shape, Span<const T> values) {
    LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::create(dtype, shape));
    assert(tensor->elements() == values.size());
    if (!values.empty())
        std::memcpy(tensor->writable<T>().data(), values.data(), values.size() * sizeof(T));
    return tensor;
}

Result<Ref<Tensor>> Tensor::of_int64(const Shape &shape, Span<const int64_t> values) {
    return copy_of(DType::kInt64, shape, values);
}

Result<Ref<Tensor>> Tensor::of_float(const Shape &shape, Span<const float> values) {
    return copy_of(DType::kFloat32, shape, values);
}

int64_t Tensor::integer(size_t i) const {
    switch (dtype_) {
    case DType::kInt64: return as<int64_t>()[i];
    case DType::kInt32: return as<int32_t>()[i];
    case DType::kInt8: return as<int8_t>()[i];
    case DType::kUint8:
    case DType::kBool: return as<uint8_t>()[i];
    default: return 0;
    }
}

} // namespace linnet

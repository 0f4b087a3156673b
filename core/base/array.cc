// SPDX-License-Identifier: MIT
#include "base/array.h"

namespace linnet {

Status ArrayMemory::grow(size_t capacity, size_t item_bytes, size_t alignment) {
    if (capacity > SIZE_MAX / 2 / item_bytes) return out_of_memory();
    // What does not fill a cache line need not begin with one: names, of which there are many.
    if (capacity * item_bytes < alignment) alignment = alignof(std::max_align_t);
    void *grown = allocate(capacity * item_bytes, alignment);
    if (!grown) return out_of_memory();
    if (size_) std::memcpy(grown, data_, size_ * item_bytes);
    release(data_, capacity_ * item_bytes);
    data_ = grown;
    capacity_ = capacity;
    return Status();
}

Status ArrayMemory::make_room(size_t size, size_t item_bytes, size_t alignment) {
    if (size <= capacity_) return Status();
    return grow(size > 2 * capacity_ ? size : 2 * capacity_, item_bytes, alignment);
}

Status ArrayMemory::append_bytes(const void *items, size_t count, size_t item_bytes,
                                 size_t alignment) {
    if (count == 0) return Status();
    LINNET_TRY(make_room(size_ + count, item_bytes, alignment));
    std::memcpy(static_cast<unsigned char *>(data_) + size_ * item_bytes, items,
                count * item_bytes);
    size_ += count;
    return Status();
}

} // namespace linnet

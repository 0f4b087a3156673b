// SPDX-License-Identifier: MIT
#include "model/weight_memory.h"

#include <algorithm>

namespace linnet {

static size_t whole(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

Result<Ref<Tensor>> WeightMemory::create(int64_t floats) {
    // Winograd's transformation makes weights several times as large. What is never written takes
    // no memory; but of what is left behind weights that did not fit, up to a page is.
    constexpr size_t kLargest = size_t{32} << 20, kGrowth = 4;
    const size_t page = huge_page_bytes();
    bool is_small = floats < static_cast<int64_t>(PTRDIFF_MAX / sizeof(float) / 2);
    if (page == 0 || expected_ < page || !is_small)
        return Tensor::create_for_overwrite(DType::kFloat32, {floats});
    size_t bytes = whole(static_cast<size_t>(floats) * sizeof(float), kAlignment);
    if (block_ && block_.is_sole()) used_ = 0;
    if (!block_ || bytes > block_->bytes().size() - used_) {
        size_t size = std::max(bytes, std::min(expected_, kLargest / kGrowth) * kGrowth);
        LINNET_ASSIGN(block_, TensorMemory::create(whole(size, page)));
        used_ = 0;
    }
    size_t at = used_;
    used_ += bytes;
    return Tensor::create_inside(DType::kFloat32, {floats}, block_, at);
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/weight_cache.h"

#include <cstring>

namespace linnet {

Result<Ref<Tensor>> WeightCache::get(const Tensor *source, Span<const int64_t> key, int64_t floats,
                                     PackFunction pack, const void *context) {
    std::lock_guard<std::mutex> guard(mutex_);
    for (const Entry &entry : entries_) {
        if (entry.source.get() == source && entry.key.size() == key.size() &&
            std::memcmp(entry.key.data(), key.data(), key.size() * sizeof(int64_t)) == 0)
            return entry.packed;
    }
    drop_orphans();
    Entry entry;
    LINNET_ASSIGN(entry.packed, Tensor::create_for_overwrite(DType::kFloat32, {floats}));
    LINNET_TRY(pack(context, *source, entry.packed->writable<float>().data()));
    entry.source = Ref<Tensor>::share(const_cast<Tensor *>(source));
    LINNET_TRY(entry.key.assign(key));
    Ref<Tensor> packed = entry.packed;
    LINNET_TRY(entries_.push(std::move(entry)));
    return packed;
}

void WeightCache::drop_orphans() {
    size_t kept = 0;
    for (Entry &entry : entries_) {
        if (entry.source.is_sole()) continue;
        if (&entries_[kept] != &entry) entries_[kept] = std::move(entry);
        ++kept;
    }
    entries_.shrink(kept);
}

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/weight_cache.h"

#include <cstring>

namespace linnet {

static bool same_key(Span<const int64_t> a, Span<const int64_t> b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof *a.data()) == 0);
}

Result<Ref<Tensor>> WeightCache::get(const Tensor *source, Span<const int64_t> key, int64_t floats,
                                     PackFunction pack, const void *context) {
    MutexLock lock(&mutex_);
    for (const Entry &entry : entries_)
        if (entry.source.get() == source && same_key(entry.key.span(), key)) return entry.packed;
    drop_orphans();
    Entry entry;
    if (const PackedWeights *prepared = find_prepared(*source, key, floats)) {
        entry.packed = prepared->contents;
    } else {
        LINNET_ASSIGN(entry.packed, memory_.create(floats));
        LINNET_TRY(pack(context, *source, entry.packed->writable<float>().data()));
    }
    entry.source = Ref<Tensor>::share(const_cast<Tensor *>(source));
    LINNET_TRY(entry.key.assign(key));
    Ref<Tensor> packed = entry.packed;
    LINNET_TRY(entries_.push(std::move(entry)));
    return packed;
}

void WeightCache::expect(size_t bytes) {
    MutexLock lock(&mutex_);
    memory_.expect(bytes);
}

const PackedWeights *WeightCache::find_prepared(const Tensor &source, Span<const int64_t> key,
                                                int64_t floats) const {
    if (prepared_.empty()) return nullptr;
    uint64_t fingerprint = source.fingerprint();
    if (fingerprint == 0) return nullptr;
    for (const PackedWeights &prepared : prepared_)
        if (prepared.source == fingerprint && same_key(prepared.key.span(), key) &&
            prepared.contents->shape()[0] == floats)
            return &prepared;
    return nullptr;
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

// Constants in the form that kernels want, made once and shared by all sessions of a model.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/mutex.h"
#include "model/graph.h"
#include "model/weight_memory.h"

namespace linnet {

// Fills a block of floats from the contents of the source.
using PackFunction = Status (*)(const void *context, const Tensor &source, float *floats);

// Safe between threads. Holds on to the sources, so that an address stays one tensor's; a source
// that nobody else holds can never be asked for again and goes at the next miss.
class WeightCache {
public:
    // The block for `source` and `key`; made by `pack` if it does not exist yet.
    Result<Ref<Tensor>> get(const Tensor *source, Span<const int64_t> key, int64_t floats,
                            PackFunction pack, const void *context);

    // So many bytes of weights will be asked for, more or less.
    void expect(size_t bytes);
    // Blocks that need not be made: those of a file. Before anybody asks for one.
    void prepare(Array<PackedWeights> prepared) { prepared_ = std::move(prepared); }
    // Calls visit(source, key, packed) for every block that there is, and ends at an error.
    template <class Visit> Status for_each(Visit visit) {
        MutexLock lock(&mutex_);
        for (const Entry &entry : entries_)
            LINNET_TRY(visit(*entry.source, entry.key.span(), *entry.packed));
        return Status();
    }

private:
    struct Entry {
        Ref<Tensor> source;
        Array<int64_t> key;
        Ref<Tensor> packed;
    };
    void drop_orphans();
    const PackedWeights *find_prepared(const Tensor &source, Span<const int64_t> key,
                                       int64_t floats) const;

    Mutex mutex_;
    WeightMemory memory_;
    Array<Entry> entries_;
    Array<PackedWeights> prepared_;
};

} // namespace linnet

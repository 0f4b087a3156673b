// Constants in the form that kernels want, made once and shared by all sessions of a model.
// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>

#include "model/tensor.h"

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

private:
    struct Entry {
        Ref<Tensor> source;
        Array<int64_t> key;
        Ref<Tensor> packed;
    };
    void drop_orphans();

    std::mutex mutex_;
    Array<Entry> entries_;
};

} // namespace linnet

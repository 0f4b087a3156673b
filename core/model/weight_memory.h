// Room for the many weights of a model, which live about as long as each other.
// SPDX-License-Identifier: MIT
#pragma once

#include "model/tensor.h"

namespace linnet {

// Puts weights beside each other on huge pages, if they fill some: one by one, few would be large
// enough to lie on any, and a network took 2 to 4 % longer (measured on Zen 4). Elsewhere each
// has memory of its own. One thread at a time.
class WeightMemory {
public:
    // About so many bytes are wanted in all; what is wanted beyond that is there as well.
    void expect(size_t bytes) { expected_ = bytes; }
    // As Tensor::create_for_overwrite, of {floats}.
    Result<Ref<Tensor>> create(int64_t floats);

private:
    Ref<TensorMemory> block_; // the last one, of which so much is used
    size_t used_ = 0;
    size_t expected_ = 0;
};

} // namespace linnet

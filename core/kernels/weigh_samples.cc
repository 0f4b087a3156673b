// SPDX-License-Identifier: MIT
#include "kernels/weigh_samples_plan.h"

namespace linnet {

int64_t weigh_columns_scratch_bytes(const WeighColumnsParams &) {
    return kTurnedBytes + kTurnedResultBytes;
}

} // namespace linnet

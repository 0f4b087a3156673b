// A model as a file that is ready to run.
// SPDX-License-Identifier: MIT
#pragma once

#include "predictor/model.h"

namespace linnet {

// What a saved model holds. The numbers are those of linnet_storage in the C interface.
enum class Storage : uint8_t {
    kPrepared = 0, // weights, and the packed forms that sessions with the default shapes need
    kPlain = 1,    // weights alone
    kHalf = 2,     // weights alone, as float16
};

// Writes capi/FORMAT.md. A failure leaves the path as it was.
Status save_model(const Model &model, string_view path, Storage storage);

} // namespace linnet

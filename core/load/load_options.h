// What all loaders are told besides the bytes of the file.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/file.h"

namespace linnet {

struct LinnetContainer;

struct LoadOptions {
    // Limits, see linnet_limit in the C interface. Beyond them: kLimit.
    size_t file_bytes = INT32_MAX; // of the file, and of the external data that its tensors name
    size_t nodes = 100000;
    int64_t tensor_elements = int64_t{1} << 30;
    // Where files of external data are looked for. Empty: models that need them are refused.
    string_view folder;
    // Tensors may point into the bytes of the file, which then outlive the model.
    bool borrow = false;
    // Where the bytes come from, if large tensors are to be read from there when they are wanted.
    SharedFile *file = nullptr;
    // The file of which the model is a part, and in which its weights lie.
    const LinnetContainer *container = nullptr;
};

} // namespace linnet

// Any bytes are a model that runs, or an error.
// Built with clang++ -fsanitize=fuzzer,address,undefined; see tests/run.
// SPDX-License-Identifier: MIT
#include "fuzz_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz::open_and_run(data, size);
    return 0;
}

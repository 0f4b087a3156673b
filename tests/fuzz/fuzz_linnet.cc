// Saved models (capi/FORMAT.md) of any bytes. Checksums are put right first: else they would keep
// nearly everything else from being tried.
// Built with clang++ -fsanitize=fuzzer,address,undefined; see tests/run.
// SPDX-License-Identifier: MIT
#include <cstring>

#include "base/xxhash64.h"
#include "fuzz_model.h"
#include "load/linnet_container.h"

namespace {

uint64_t number_at(const std::vector<uint8_t> &file, size_t at) {
    uint64_t number = 0;
    for (size_t i = 8; i-- > 0;) number = number << 8 | file[at + i];
    return number;
}

// Of the section whose offset, size and checksum stand in the header at `at`.
void mend_checksum(std::vector<uint8_t> *file, size_t at) {
    uint64_t offset = number_at(*file, at), bytes = number_at(*file, at + 8);
    if (offset > file->size() || bytes > file->size() - offset) return;
    uint64_t checksum = linnet::xxhash64({file->data() + offset, static_cast<size_t>(bytes)});
    for (size_t i = 0; i < 8; ++i) (*file)[at + 16 + i] = static_cast<uint8_t>(checksum >> 8 * i);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    std::vector<uint8_t> file(data, data + size);
    if (size >= linnet::kLinnetHeaderBytes) {
        std::memcpy(file.data(), linnet::kLinnetMagic, sizeof linnet::kLinnetMagic);
        mend_checksum(&file, 16);
        mend_checksum(&file, 40);
    }
    fuzz::open_and_run(file.data(), file.size());
    return 0;
}

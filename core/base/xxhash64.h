// The checksum XXH64 (https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md), seed 0. It finds
// damage; whoever wants to deceive can forge it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/span.h"

namespace linnet {

// Of a message that comes in pieces.
class XxHash64 {
public:
    void update(Bytes piece);
    // Of numbers of this machine: as they lie in files.
    void update_numbers(Bytes numbers, size_t bytes_of_each);
    uint64_t digest() const;

private:
    static constexpr size_t kStripe = 32;

    uint64_t lanes_[4] = {0x60EA27EEADC0B5D6u, 0xC2B2AE3D27D4EB4Fu, 0, 0x61C8864E7A143579u};
    uint64_t size_ = 0;
    unsigned char rest_[kStripe]; // the size_ % kStripe bytes that make no stripe yet
};

uint64_t xxhash64(Bytes message);

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/xxhash64.h"

#include <cstring>

#include "base/byte_order.h"

namespace linnet {
namespace {

constexpr uint64_t kXxPrime1 = 0x9E3779B185EBCA87u, kXxPrime2 = 0xC2B2AE3D27D4EB4Fu,
                   kXxPrime3 = 0x165667B19E3779F9u, kXxPrime4 = 0x85EBCA77C2B2AE63u,
                   kXxPrime5 = 0x27D4EB2F165667C5u;

uint64_t xx_rotate(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

uint64_t xx_round(uint64_t lane, uint64_t input) {
    return xx_rotate(lane + input * kXxPrime2, 31) * kXxPrime1;
}

void xx_stripe(uint64_t *lanes, const unsigned char *at) {
    for (int i = 0; i < 4; ++i) lanes[i] = xx_round(lanes[i], little_endian64(at + 8 * i));
}

} // namespace

void XxHash64::update(Bytes piece) {
    if (piece.empty()) return;
    size_t kept = size_ % kStripe;
    size_ += piece.size();
    const unsigned char *at = piece.data();
    if (kept) {
        size_t taken = piece.size() < kStripe - kept ? piece.size() : kStripe - kept;
        std::memcpy(rest_ + kept, at, taken);
        at += taken;
        if (kept + taken < kStripe) return;
        xx_stripe(lanes_, rest_);
    }
    uint64_t lanes[4] = {lanes_[0], lanes_[1], lanes_[2], lanes_[3]}; // in registers
    for (; static_cast<size_t>(piece.end() - at) >= kStripe; at += kStripe) xx_stripe(lanes, at);
    for (int i = 0; i < 4; ++i) lanes_[i] = lanes[i];
    if (at != piece.end()) std::memcpy(rest_, at, static_cast<size_t>(piece.end() - at));
}

void XxHash64::update_numbers(Bytes numbers, size_t bytes_of_each) {
    visit_turned(numbers, bytes_of_each, [this](Bytes piece, size_t) { update(piece); });
}

uint64_t XxHash64::digest() const {
    uint64_t hash = kXxPrime5;
    if (size_ >= kStripe) {
        hash = xx_rotate(lanes_[0], 1) + xx_rotate(lanes_[1], 7) + xx_rotate(lanes_[2], 12) +
               xx_rotate(lanes_[3], 18);
        for (uint64_t lane : lanes_)
            hash = (hash ^ xx_round(0, lane)) * kXxPrime1 + kXxPrime4;
    }
    hash += size_;
    const unsigned char *at = rest_, *end = rest_ + size_ % kStripe;
    for (; end - at >= 8; at += 8)
        hash = xx_rotate(hash ^ xx_round(0, little_endian64(at)), 27) * kXxPrime1 + kXxPrime4;
    for (; end - at >= 4; at += 4)
        hash = xx_rotate(hash ^ little_endian32(at) * kXxPrime1, 23) * kXxPrime2 + kXxPrime3;
    for (; at != end; ++at) hash = xx_rotate(hash ^ *at * kXxPrime5, 11) * kXxPrime1;
    hash = (hash ^ hash >> 33) * kXxPrime2;
    hash = (hash ^ hash >> 29) * kXxPrime3;
    return hash ^ hash >> 32;
}

uint64_t xxhash64(Bytes message) {
    XxHash64 hash;
    hash.update(message);
    return hash.digest();
}

} // namespace linnet

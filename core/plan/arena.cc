// SPDX-License-Identifier: MIT
#include "plan/arena.h"

#include <algorithm>

namespace linnet {
namespace {

int64_t placed_bytes(const Program &program, const Buffer &buffer) {
    int64_t bytes = (buffer.bytes + kBufferAlignment - 1) / kBufferAlignment * kBufferAlignment;
    return buffer.per_thread ? bytes * program.threads : bytes;
}

bool lives_with(const Buffer &a, const Buffer &b) { return a.first <= b.last && b.first <= a.last; }

// The offset of the smallest gap that holds the buffer between those placed before that live with
// it; behind them all if there is none. `placed` is sorted by offset.
int64_t best_offset(const Program &program, const Array<int32_t> &placed, const Buffer &buffer) {
    int64_t bytes = placed_bytes(program, buffer), end = 0, best = -1, best_gap = INT64_MAX;
    for (int32_t index : placed) {
        const Buffer &other = program.buffers[static_cast<size_t>(index)];
        if (!lives_with(buffer, other)) continue;
        int64_t gap = other.offset - end;
        if (gap >= bytes && gap < best_gap) {
            best = end;
            best_gap = gap;
        }
        end = std::max(end, other.offset + placed_bytes(program, other));
    }
    return best >= 0 ? best : end;
}

} // namespace

Status place_buffers(Program *program) {
    Array<Buffer> &buffers = program->buffers;
    Array<int32_t> order, placed;
    for (size_t i = 0; i < buffers.size(); ++i)
        if (buffers[i].last >= 0 && buffers[i].bytes > 0)
            LINNET_TRY(order.push(static_cast<int32_t>(i)));
    auto buffer = [&](int32_t i) -> Buffer & { return buffers[static_cast<size_t>(i)]; };
    std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
        int64_t bytes_a = placed_bytes(*program, buffer(a)), bytes_b = placed_bytes(*program, buffer(b));
        return bytes_a != bytes_b ? bytes_a > bytes_b : a < b;
    });
    program->arena_bytes = 0;
    for (int32_t i : order) {
        buffer(i).offset = best_offset(*program, placed, buffer(i));
        program->arena_bytes =
            std::max(program->arena_bytes, buffer(i).offset + placed_bytes(*program, buffer(i)));
        LINNET_TRY(placed.push(i));
        for (size_t at = placed.size() - 1;
             at > 0 && buffer(placed[at]).offset < buffer(placed[at - 1]).offset; --at)
            std::swap(placed[at], placed[at - 1]);
    }
    return Status();
}

} // namespace linnet

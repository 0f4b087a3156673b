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

// No placement can do with less: what the hungriest step needs all at once.
Result<int64_t> least_bytes(const Program &program, const Array<int32_t> &order) {
    Array<int64_t> change; // of what is needed, from one step to the next
    int32_t steps = static_cast<int32_t>(program.steps.size());
    LINNET_TRY(change.fill(static_cast<size_t>(steps) + 2, 0));
    for (int32_t i : order) {
        const Buffer &buffer = program.buffers[static_cast<size_t>(i)];
        int64_t bytes = placed_bytes(program, buffer);
        change[static_cast<size_t>(std::min(buffer.first, steps))] += bytes;
        change[static_cast<size_t>(std::min(buffer.last, steps)) + 1] -= bytes;
    }
    int64_t needed = 0, most = 0;
    for (int64_t bytes : change) most = std::max(most, needed += bytes);
    return most;
}

// Places the buffers in this order; returns the bytes of the arena.
Result<int64_t> place_in_order(Program *program, const Array<int32_t> &order) {
    Array<int32_t> placed;
    LINNET_TRY(placed.reserve(order.size()));
    int64_t arena = 0;
    auto buffer = [&](int32_t i) -> Buffer & { return program->buffers[static_cast<size_t>(i)]; };
    for (int32_t i : order) {
        buffer(i).offset = best_offset(*program, placed, buffer(i));
        arena = std::max(arena, buffer(i).offset + placed_bytes(*program, buffer(i)));
        LINNET_TRY(placed.push(i));
        for (size_t at = placed.size() - 1;
             at > 0 && buffer(placed[at]).offset < buffer(placed[at - 1]).offset; --at)
            std::swap(placed[at], placed[at - 1]);
    }
    return arena;
}

// Swaps places in the order as long as that helps, for a bounded time. The numbers are those of
// Knuth's MMIX generator from a fixed start, so that every plan of a model is the same.
Result<int64_t> search_order(Program *program, Array<int32_t> *order, int64_t arena,
                             int64_t least) {
    constexpr int64_t kWork = 4 << 20; // looks at a buffer: some milliseconds
    int64_t tries = kWork / static_cast<int64_t>(order->size() * order->size());
    uint64_t state = 1;
    auto below = [&](size_t end) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<size_t>(state >> 33) % end;
    };
    for (int64_t i = 0; i < tries && arena > least; ++i) {
        // Large buffers matter, and they come first.
        size_t a = below(below(order->size()) + 1), b = below(order->size());
        std::swap((*order)[a], (*order)[b]);
        LINNET_ASSIGN(int64_t bytes, place_in_order(program, *order));
        if (bytes <= arena)
            arena = bytes;
        else
            std::swap((*order)[a], (*order)[b]);
    }
    return place_in_order(program, *order);
}

} // namespace

Status place_buffers(Program *program) {
    Array<Buffer> &buffers = program->buffers;
    Array<int32_t> order;
    for (size_t i = 0; i < buffers.size(); ++i)
        if (buffers[i].last >= 0 && buffers[i].bytes > 0)
            LINNET_TRY(order.push(static_cast<int32_t>(i)));
    auto bytes_of = [&](int32_t i) {
        return placed_bytes(*program, buffers[static_cast<size_t>(i)]);
    };
    std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
        return bytes_of(a) != bytes_of(b) ? bytes_of(a) > bytes_of(b) : a < b;
    });
    LINNET_ASSIGN(program->arena_bytes, place_in_order(program, order));
    LINNET_ASSIGN(int64_t least, least_bytes(*program, order));
    if (program->arena_bytes > least) {
        LINNET_ASSIGN(program->arena_bytes,
                      search_order(program, &order, program->arena_bytes, least));
    }
    return Status();
}

} // namespace linnet

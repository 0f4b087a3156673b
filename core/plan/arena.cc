// SPDX-License-Identifier: MIT
#include "plan/arena.h"

#include <algorithm>

namespace linnet {
namespace {

int64_t placed_bytes(const Program &program, const Buffer &buffer) {
    int64_t bytes = (buffer.bytes + kBufferAlignment - 1) / kBufferAlignment * kBufferAlignment;
    return buffer.per_thread ? bytes * program.threads : bytes;
}

// More buffers than any network keeps at once; one that lives with more is not worth the search.
constexpr size_t kMostNeighbours = 1024;

// The buffers placed so far, by when they live: those that live with another one are found without
// a look at the others, of which long networks have thousands.
class PlacedBuffers {
public:
    Status prepare(size_t steps) {
        steps_ = steps;
        LINNET_TRY(begin_at_.resize(steps));
        return cover_.resize(2 * steps);
    }

    // A segment tree over the steps: a buffer is noted where its steps are a node's whole range.
    Status add(int32_t index, const Buffer &buffer) {
        LINNET_TRY(begin_at_[first_of(buffer)].push(index));
        size_t from = steps_ + first_of(buffer), to = steps_ + last_of(buffer) + 1;
        for (; from < to; from /= 2, to /= 2) {
            if (from % 2) LINNET_TRY(cover_[from++].push(index));
            if (to % 2) LINNET_TRY(cover_[--to].push(index));
        }
        return Status();
    }

    // Those that live with `buffer`; it stops where they are too many.
    Status find(const Buffer &buffer, Array<int32_t> *found) const {
        found->clear();
        for (size_t at = steps_ + first_of(buffer); at > 0; at /= 2)
            LINNET_TRY(take(cover_[at], found));
        size_t last = last_of(buffer);
        for (size_t step = first_of(buffer) + 1;
             step <= last && found->size() <= kMostNeighbours; ++step)
            LINNET_TRY(take(begin_at_[step], found));
        return Status();
    }

private:
    size_t clamped(int32_t step) const {
        return std::min(static_cast<size_t>(std::max(step, 0)), steps_ - 1);
    }
    size_t first_of(const Buffer &buffer) const { return clamped(buffer.first); }
    size_t last_of(const Buffer &buffer) const { return clamped(buffer.last); }

    static Status take(const Array<int32_t> &list, Array<int32_t> *found) {
        if (found->size() > kMostNeighbours) return Status();
        return found->append(list.span().part(0, std::min(list.size(), kMostNeighbours + 1)));
    }

    size_t steps_ = 1;
    Array<Array<int32_t>> begin_at_, cover_;
};

// The offset of the smallest gap that holds the buffer between its neighbours, which are sorted by
// offset; behind them all if there is none.
int64_t best_offset(const Program &program, const Array<int32_t> &neighbours,
                    const Buffer &buffer) {
    int64_t bytes = placed_bytes(program, buffer), end = 0, best = -1, best_gap = INT64_MAX;
    for (int32_t index : neighbours) {
        const Buffer &other = program.buffers[static_cast<size_t>(index)];
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
    Array<int32_t> neighbours;
    PlacedBuffers placed;
    LINNET_TRY(placed.prepare(std::max<size_t>(program->steps.size(), 1)));
    int64_t arena = 0;
    auto buffer = [&](int32_t i) -> Buffer & { return program->buffers[static_cast<size_t>(i)]; };
    for (int32_t i : order) {
        LINNET_TRY(placed.find(buffer(i), &neighbours));
        buffer(i).offset = arena;
        if (neighbours.size() <= kMostNeighbours) {
            std::sort(neighbours.begin(), neighbours.end(), [&](int32_t a, int32_t b) {
                return buffer(a).offset < buffer(b).offset;
            });
            buffer(i).offset = best_offset(*program, neighbours, buffer(i));
        }
        arena = std::max(arena, buffer(i).offset + placed_bytes(*program, buffer(i)));
        LINNET_TRY(placed.add(i, buffer(i)));
    }
    return arena;
}

// Swaps places in the order as long as that helps, for a bounded time. The numbers are those of
// Knuth's MMIX generator from a fixed start, so that every plan of a model is the same.
Result<int64_t> search_order(Program *program, Array<int32_t> *order, int64_t arena,
                             int64_t least) {
    constexpr size_t kWork = 20000; // places: some milliseconds
    size_t tries = kWork / order->size();
    uint64_t state = 1;
    auto below = [&](size_t end) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<size_t>(state >> 33) % end;
    };
    for (size_t i = 0; i < tries && arena > least; ++i) {
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

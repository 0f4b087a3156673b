// Cutting work into tasks so that threads which take as many tasks have as much to do.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace linnet {

// Where a part begins if `length` items are cut into parts that differ by one unit at most.
inline int64_t part_begin(int64_t length, int64_t unit, int64_t parts, int64_t part) {
    int64_t units = (length + unit - 1) / unit;
    int64_t begin = units * part / parts * unit;
    return begin < length ? begin : length;
}

// No part is longer.
inline int64_t largest_part(int64_t length, int64_t unit, int64_t parts) {
    int64_t units = (length + unit - 1) / unit;
    int64_t largest = (units + parts - 1) / parts * unit;
    return largest < length ? largest : length;
}

// More than one part become an even number of them, at most one more.
inline int64_t even_parts(int64_t parts, int64_t most) {
    if (parts <= 1 || parts % 2 == 0) return parts;
    return parts < most ? parts + 1 : parts - 1;
}

// Output channels, in half panels, cut into steps: the middle is where it is, though it may cut a
// panel in two; all other steps begin with a panel.
inline int64_t half_panel_begin(int64_t halves, int64_t steps, int64_t step) {
    int64_t begin = halves * step / steps;
    if (step == steps || 2 * step == steps) return begin;
    if (2 * step < steps) return begin / 2 * 2;
    begin = (begin + 1) / 2 * 2;
    return begin < halves ? begin : halves;
}

} // namespace linnet

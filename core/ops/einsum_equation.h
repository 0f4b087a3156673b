// Equations of Einsum, such as "bij, bjk -> bik" and "...ij->...ji".
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/text.h"
#include "model/shape.h"

namespace linnet {

// A letter has a number, upper case first; axis i from the end of an ellipsis, counted from 0, has
// the number kEllipsisLabel - i, so that numbers rise from left to right as numpy sorts them.
constexpr int kEllipsisLabel = kMaxRank - 1;
constexpr int kFirstLetterLabel = kMaxRank;
constexpr int kEinsumLabels = kFirstLetterLabel + 52;

// Which label each axis of a tensor has.
struct EinsumTerm {
    int rank = 0;
    int label[kMaxRank] = {};

    int find(int wanted) const; // the first axis of that label, or -1
    bool push(int next);        // false if there is no room
    bool is_same(const EinsumTerm &other) const;
};

// An equation for inputs of known ranks.
struct EinsumEquation {
    Array<EinsumTerm> inputs;
    EinsumTerm output;

    // Sets the reason if the equation is wrong or does not go with the inputs.
    Status read(string_view text, Span<const int> ranks, Text *reason);
};

} // namespace linnet

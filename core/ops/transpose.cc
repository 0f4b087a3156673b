// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

// The permutation, by default the reversal of the axes; false if it is none of this rank.
static bool permutation_of(const Node &node, int rank, int64_t *permutation) {
    Span<const int64_t> given = node.get_ints("perm");
    bool seen[kMaxRank] = {};
    if (node.find("perm") && given.size() != static_cast<size_t>(rank)) return false;
    for (int i = 0; i < rank; ++i) {
        int64_t from = node.find("perm") ? given[static_cast<size_t>(i)] : rank - 1 - i;
        if (from < 0 || from >= rank || seen[from]) return false;
        seen[from] = true;
        permutation[i] = from;
    }
    return true;
}

static Status infer_transpose(Inference &inference) {
    const Shape &from = inference.shape(0);
    if (!from.has_rank()) {
        inference.set_output(0, inference.dtype(0), from);
        return Status();
    }
    int64_t permutation[kMaxRank];
    if (!permutation_of(inference.node(), from.rank(), permutation))
        return inference.fail("its perm is no permutation of the axes of %s",
                              ShapeText(from).c_str());
    Shape to;
    for (int i = 0; i < from.rank(); ++i) to.append(from[static_cast<int>(permutation[i])]);
    inference.set_output(0, inference.dtype(0), to);
    return Status();
}

static Status lower_transpose(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    int64_t permutation[kMaxRank];
    permutation_of(lowering.node(), x.shape.rank(), permutation);
    size_t rank = static_cast<size_t>(x.shape.rank());
    return lowering.alias(0, transpose_view(x, Span<const int64_t>(permutation, rank)));
}

static const AttributeRule kTransposeAttributes[] = {{"perm", Attribute::Kind::kInts}};
extern const Operator transpose_operator;
const Operator transpose_operator = {
    "Transpose", 1, 1, 1, 1, kTransposeAttributes, false, infer_transpose, lower_transpose, nullptr};

} // namespace linnet

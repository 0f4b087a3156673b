// The shuffle of channels behind a concatenation, as in ShuffleNet V2:
//   y = Reshape(Transpose(Reshape(Concat(a, b, ...), [N, parts, C, H, W]), 0 2 1 3 4), [N, .., H, W])
// It becomes one step, so that none of the pictures is copied into the concatenation.
// SPDX-License-Identifier: MIT
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

constexpr size_t kMostParts = 4; // that linnet.ChannelShuffle takes

bool swaps_groups(const Node &transpose) {
    Span<const int64_t> perm = transpose.get_ints("perm");
    const int64_t swapped[] = {0, 2, 1, 3, 4};
    if (perm.size() != 5) return false;
    for (size_t i = 0; i < 5; ++i)
        if (perm[i] != swapped[i]) return false;
    return true;
}

// Whether `split` is `whole` [N, parts * C, H, W] as [N, parts, C, H, W].
bool splits_channels(const Shape &whole, const Shape &split, int64_t parts) {
    return whole.is_known() && split.is_known() && whole.rank() == 4 && split.rank() == 5 &&
           split[0] == whole[0] && split[1] == parts && split[3] == whole[2] &&
           split[4] == whole[3];
}

// The Concat behind whose output the node shuffles, if all of its inputs are alike.
const Node *concat_before_shuffle(const GraphEditor &editor, const Node &node) {
    if (node.op.view() != "Reshape") return nullptr;
    const Node *transpose = step_before(editor, node.inputs[0], "Transpose");
    if (!transpose || !swaps_groups(*transpose)) return nullptr;
    const Node *reshape = step_before(editor, transpose->inputs[0], "Reshape");
    const Node *concat = reshape ? step_before(editor, reshape->inputs[0], "Concat") : nullptr;
    if (!concat || concat->get_int("axis", 0) != 1) return nullptr;
    size_t parts = concat->inputs.size();
    const Value &whole = editor.value(concat->outputs[0]);
    if (parts < 2 || parts > kMostParts || whole.dtype != DType::kFloat32) return nullptr;
    if (!splits_channels(whole.shape, editor.value(transpose->inputs[0]).shape,
                         static_cast<int64_t>(parts)) ||
        editor.value(node.outputs[0]).shape != whole.shape)
        return nullptr;
    for (ValueId input : concat->inputs)
        if (editor.value(input).shape != editor.value(concat->inputs[0]).shape) return nullptr;
    return concat;
}

} // namespace

Status find_shuffles(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) {
        const Node *concat = concat_before_shuffle(editor, editor.node(at));
        if (!concat) continue;
        ValueId x[kMostParts];
        for (size_t i = 0; i < kMostParts; ++i) x[i] = concat->input(i);
        LINNET_TRY(editor.become(at, "linnet.ChannelShuffle", {x[0], x[1], x[2], x[3]}));
    }
    return editor.commit(changed);
}

} // namespace linnet

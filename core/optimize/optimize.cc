// SPDX-License-Identifier: MIT
#include "optimize/optimize.h"

#include "base/message_log.h"
#include "ops/activations.h"
#include "optimize/branches.h"
#include "optimize/passes.h"

namespace linnet {

using Pass = Status (*)(Graph *, bool *);

// Why this order:
//   Dead nodes go first, so that nothing is computed for them, and constants next, because every
//   pattern asks for constants and shapes. Nodes that change nothing would stand between the parts
//   of a pattern.
//   Patterns are recognized before constants are folded into weights: the "+ 3" of a hard swish
//   would else disappear into a bias.
//   What is folded into the node before is exact always, into the node behind only without pads:
//   the former comes first, and pads are merged last of these, since they only get in the way.
//   Sums are fused before activations, because the activation after the sum belongs to it too, and
//   a product that has its activation can take no sum any more.
static const Pass kPasses[] = {
    drop_dead,       fold_constants,   drop_identity,     merge_clips,  find_activations,
    find_layer_norm, find_shuffles,    fold_affine_back,  fold_affine_ahead, fold_factors,
    fold_pads,       fuse_residuals,   fuse_activations,  drop_dead,
};

// A pass can make work for an earlier one. What comes of that is rarely more than one round, and
// nothing depends on its end.
constexpr int kMostRounds = 4;

Status optimize(Graph *graph) {
    bool changed = true;
    for (int round = 0; changed && round < kMostRounds; ++round) {
        changed = false;
        char place[] = "a"; // of the pass in the list: a, b, c ...
        for (Pass pass : kPasses) {
            bool useful = false;
            LINNET_TRY(pass(graph, &useful));
            if (useful) tell_use("pass", place);
            changed = changed || useful;
            ++place[0];
        }
    }
    return Status();
}

static Status check_input_shape(const Port &port, const Shape &known, const Shape &given) {
    bool fits_port = given.is_known() && (!known.has_rank() || known.rank() == given.rank());
    for (int axis = 0; fits_port && axis < known.rank(); ++axis)
        fits_port = known[axis] < 0 || known[axis] == given[axis];
    if (fits_port) return Status();
    return error(Code::kInvalidArgument, "input '%s' has the shape %s; it cannot be %s",
                 port.name.c_str(), ShapeText(known).c_str(), ShapeText(given).c_str());
}

Status set_input_shapes(Graph *graph, Span<const Shape> shapes) {
    if (shapes.size() != graph->inputs.size())
        return error(Code::kInvalidArgument, "%zu shapes were given for %zu inputs", shapes.size(),
                     graph->inputs.size());
    for (size_t i = 0; i < shapes.size(); ++i) {
        const Port &port = graph->inputs[i];
        LINNET_TRY(check_input_shape(port, graph->value(port.value).shape, shapes[i]));
    }
    for (Value &value : graph->values)
        if (!value.constant) value.shape = Shape::unknown();
    for (size_t i = 0; i < shapes.size(); ++i)
        graph->value(graph->inputs[i].value).shape = shapes[i];
    bool changed = false;
    // Shapes may hang on constants computed from shapes.
    LINNET_TRY(fold_constants(graph, &changed));
    return check_branches_taken(*graph);
}

} // namespace linnet

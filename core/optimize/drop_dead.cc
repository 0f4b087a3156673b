// SPDX-License-Identifier: MIT
#include "optimize/passes.h"

namespace linnet {

// Whether any output of the node is needed; if so, all that it reads is.
static bool mark_needed(const Node &node, Span<bool> needed) {
    bool alive = false;
    for (ValueId output : node.outputs)
        alive = alive || (output != kNoValue && needed[static_cast<size_t>(output)]);
    if (!alive) return false;
    for (ValueId input : node.inputs)
        if (input != kNoValue) needed[static_cast<size_t>(input)] = true;
    return true;
}

Status drop_dead(Graph *graph, bool *changed) {
    Array<bool> needed, alive;
    LINNET_TRY(needed.fill(graph->values.size(), false));
    LINNET_TRY(alive.fill(graph->nodes.size(), false));
    for (const Port &port : graph->outputs) needed[static_cast<size_t>(port.value)] = true;
    for (size_t at = graph->nodes.size(); at-- > 0;)
        alive[at] = mark_needed(graph->nodes[at], needed.span());
    size_t kept = 0;
    for (size_t at = 0; at < graph->nodes.size(); ++at) {
        if (!alive[at]) continue;
        if (kept != at) graph->nodes[kept] = std::move(graph->nodes[at]);
        ++kept;
    }
    if (kept != graph->nodes.size()) *changed = true;
    graph->nodes.shrink(kept);
    for (size_t v = 0; v < graph->values.size(); ++v)
        if (!needed[v]) graph->values[v].constant = Ref<Tensor>();
    return Status();
}

} // namespace linnet

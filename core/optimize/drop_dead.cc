// SPDX-License-Identifier: MIT
#include "optimize/branches.h"
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

// What the branches of a node read, and those of the nodes in them. A work list, not recursion.
static Status mark_branches(const Graph &graph, const Node &node, Span<bool> needed) {
    Array<const Node *> todo;
    LINNET_TRY(todo.push(&node));
    while (!todo.empty()) {
        const Node &owner = *todo.back();
        todo.shrink(todo.size() - 1);
        for (string_view name : kBranchNames) {
            const Branch *branch = graph.branch(owner, name);
            if (!branch) continue;
            for (ValueId output : branch->outputs) needed[static_cast<size_t>(output)] = true;
            for (const Node &inner : branch->nodes) {
                for (ValueId input : inner.inputs)
                    if (input != kNoValue) needed[static_cast<size_t>(input)] = true;
                if (is_if(inner)) LINNET_TRY(todo.push(&inner));
            }
        }
    }
    return Status();
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
        if (is_if(graph->nodes[at]))
            LINNET_TRY(mark_branches(*graph, graph->nodes[at], needed.span()));
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

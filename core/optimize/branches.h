// The branches of If: who takes which, and when.
// SPDX-License-Identifier: MIT
#pragma once

#include "model/graph.h"

namespace linnet {

constexpr string_view kBranchNames[] = {"then_branch", "else_branch"};

inline bool is_if(const Node &node) { return node.op.view() == "If"; }

// The nodes that do what the If does, in topological order, now that its condition has contents.
// They are checked as check_operators() does. The nodes of both branches are gone from the graph.
Result<Array<Node>> take_branch(Graph *graph, const Node &node);

// Fails if there is an If left: all shapes are known, so that its condition hangs on numbers.
Status check_branches_taken(const Graph &graph);

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "plan/plan.h"

#include "ops/operator.h"
#include "plan/arena.h"
#include "plan/fuse_bands.h"

namespace linnet {

// The order in which an input is kept: as the first operator that reads it wants it.
static Order input_order(const Graph &graph, ValueId input) {
    if (graph.value(input).dtype != DType::kFloat32) return Order::kDense;
    for (const Node &node : graph.nodes) {
        if (node.input(0) != input) continue;
        const Operator *op = find_operator(node.op);
        return op && op->channels_last ? Order::kChannelsLast : Order::kDense;
    }
    return Order::kDense;
}

Result<Program> plan_program(const Graph &graph, WeightCache *cache, int threads) {
    LINNET_ASSIGN(Lowering lowering, Lowering::create(graph, cache));
    for (const Port &input : graph.inputs)
        LINNET_TRY(lowering.add_input(input.value, input.dtype, input_order(graph, input.value)));
    for (size_t node = 0; node < graph.nodes.size(); ++node)
        LINNET_TRY(lowering.lower_node(node));
    for (const Port &output : graph.outputs)
        LINNET_TRY(lowering.add_output(output.value, output.dtype));
    Program program = lowering.take_program();
    program.threads = threads;
    LINNET_TRY(fuse_bands(&program));
    LINNET_TRY(place_buffers(&program));
    return program;
}

} // namespace linnet

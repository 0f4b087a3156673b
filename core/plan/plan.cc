// SPDX-License-Identifier: MIT
#include "plan/plan.h"

#include "base/message_log.h"
#include "ops/operator.h"
#include "plan/arena.h"
#include "plan/fuse_bands.h"
#include "plan/fuse_pools.h"

namespace linnet {

// The order in which each value would be kept as an input: as the first operator that reads it wants.
static Result<Array<Order>> orders_of_inputs(const Graph &graph) {
    Array<Order> orders;
    Array<bool> seen;
    LINNET_TRY(orders.fill(graph.values.size(), Order::kDense));
    LINNET_TRY(seen.fill(graph.values.size(), false));
    for (const Node &node : graph.nodes) {
        ValueId read = node.input(0);
        if (read == kNoValue || seen[static_cast<size_t>(read)]) continue;
        seen[static_cast<size_t>(read)] = true;
        const Operator *op = find_operator(node.op);
        if (op && op->channels_last && graph.value(read).dtype == DType::kFloat32)
            orders[static_cast<size_t>(read)] = Order::kChannelsLast;
    }
    return orders;
}

Result<Program> plan_program(const Graph &graph, WeightCache *cache,
                             Span<const ConvChoice> choices, int threads) {
    cache->expect(graph.constant_bytes());
    LINNET_ASSIGN(Lowering lowering, Lowering::create(graph, cache, choices));
    LINNET_ASSIGN(Array<Order> orders, orders_of_inputs(graph));
    for (const Port &input : graph.inputs)
        LINNET_TRY(lowering.add_input(input.value, input.dtype,
                                      orders[static_cast<size_t>(input.value)]));
    for (size_t node = 0; node < graph.nodes.size(); ++node)
        LINNET_TRY(lowering.lower_node(node));
    for (const Port &output : graph.outputs) {
        bool stated = output.dtype != DType::kNone;
        LINNET_TRY(lowering.add_output(output.value, stated ? output.dtype
                                                            : graph.value(output.value).dtype));
    }
    Program program = lowering.take_program();
    program.threads = threads;
    if (has_kernel(KernelId::winograd2d)) LINNET_TRY(fuse_pools(&program));
    if (has_kernel(KernelId::bands2d)) LINNET_TRY(fuse_bands(&program));
    for (const Step &step : program.steps)
        tell_use("kernel", kernel(step.kernel, Isa::kPlain).name);
    LINNET_TRY(place_buffers(&program));
    return program;
}

} // namespace linnet

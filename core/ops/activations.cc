// SPDX-License-Identifier: MIT
#include "ops/activations.h"

namespace linnet {
bool activation_of(const Graph &graph, const Node &node, Activation *activation) {
    const Operator *op = find_operator(node.op);
    return op && op->activation && graph.value(node.inputs[0]).dtype == DType::kFloat32 &&
           op->activation(graph, node, activation);
}

Activation fused_activation(const Node &node) {
    Activation activation;
    activation.function = static_cast<Function>(node.get_int(kFusedFunction, 0));
    activation.a = node.get_float(kFusedA, 0);
    activation.b = node.get_float(kFusedB, 0);
    return activation;
}

Status fuse_activation(Node *node, const Activation &activation) {
    LINNET_TRY(node->set_int(kFusedFunction, static_cast<int64_t>(activation.function)));
    LINNET_TRY(node->set_float(kFusedA, activation.a));
    return node->set_float(kFusedB, activation.b);
}

Status infer_unary(Inference &inference) {
    inference.set_output(0, inference.dtype(0), inference.shape(0));
    return Status();
}

Status lower_function(Lowering &lowering, const Activation &activation) {
    LINNET_ASSIGN(View x, lowering.input(0));
    LINNET_ASSIGN(View y, lowering.output_like(0, x));
    UnaryParams params;
    params.loop = loop_over(y.shape, {&y, &x});
    params.activation = activation;
    return lowering.emit(KernelId::unary, params, {y, x});
}

Status lower_unary(Lowering &lowering) {
    Activation activation;
    if (!activation_of(lowering.graph(), lowering.node(), &activation))
        return lowering.unsupported("it works on float32 only, its input has type %s",
                                    name_of(lowering.input_dtype(0)));
    return lower_function(lowering, activation);
}

} // namespace linnet

// Constant folding runs the same steps as a session does, on buffers of its own.
// SPDX-License-Identifier: MIT
#include "base/cut.h"
#include "base/message_log.h"
#include "kernels/copy.h"
#include "ops/operator.h"

namespace linnet {

// Every buffer for itself; the reuse of memory is the planner's business.
static int64_t spread_buffers(Program *program) {
    int64_t bytes = 0;
    for (Buffer &buffer : program->buffers) {
        buffer.offset = bytes;
        bytes += (buffer.bytes + 63) / 64 * 64;
    }
    return bytes;
}

static Status run_steps(const Program &program, unsigned char *arena) {
    Array<void *> addresses;
    LINNET_TRY(addresses.resize(program.operands.size()));
    resolve_operands(program, arena, addresses.data());
    for (const Step &step : program.steps) {
        if (!has_plain_kernel(step.kernel))
            return error(Code::kUnsupported, "%s: a kernel to fold it %s%s",
                         program.value_names[step.value].c_str(), kNotHere, kCutHint);
        const Kernel &plain = kernel(step.kernel, Isa::kPlain);
        tell_use("plain kernel", plain.name);
        const void *params = program.params_of(step);
        unsigned char *scratch = nullptr;
        if (step.scratch >= 0)
            scratch = arena + program.buffers[static_cast<size_t>(step.scratch)].offset;
        plain.run(params, addresses.data() + step.first_operand, scratch, 0, plain.tasks(params));
    }
    return Status();
}

static Result<Ref<Tensor>> contents_of(const Program &program, const View &view,
                                       unsigned char *arena) {
    LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::create(view.dtype, view.shape));
    View dense = view;
    set_strides(Order::kDense, view.shape, dense.stride);
    CopyParams copy;
    copy.loop = loop_over(view.shape, {&dense, &view});
    copy.element_bytes = static_cast<int32_t>(size_of(view.dtype));
    void *operands[] = {const_cast<void *>(tensor->data()), address_of(program, view, arena)};
    const Kernel &plain = kernel(KernelId::copy, Isa::kPlain);
    plain.run(&copy, operands, nullptr, 0, plain.tasks(&copy));
    return tensor;
}

// A graph of this node alone, so that the cost does not grow with the model.
static Status isolate_node(const Graph &graph, size_t node, Graph *alone) {
    Node copy;
    LINNET_TRY(graph.nodes[node].copy_to(&copy));
    auto move_value = [&](ValueId *id) -> Status {
        if (*id == kNoValue) return Status();
        Value value;
        LINNET_TRY(graph.value(*id).copy_to(&value));
        *id = static_cast<ValueId>(alone->values.size());
        return alone->values.push(std::move(value));
    };
    for (ValueId &input : copy.inputs) LINNET_TRY(move_value(&input));
    for (ValueId &output : copy.outputs) {
        LINNET_TRY(move_value(&output));
        if (output == kNoValue) continue;
        Port read; // all outputs are wanted
        read.value = output;
        LINNET_TRY(alone->outputs.push(std::move(read)));
    }
    return alone->nodes.push(std::move(copy));
}

Result<Array<Ref<Tensor>>> evaluate_node(const Graph &graph, size_t node) {
    Graph alone;
    LINNET_TRY(isolate_node(graph, node, &alone));
    WeightCache cache;
    LINNET_ASSIGN(Lowering lowering, Lowering::create(alone, &cache, {}));
    LINNET_TRY(lowering.lower_node(0));
    Array<View> views;
    for (ValueId output : alone.nodes[0].outputs) {
        if (output == kNoValue) {
            LINNET_TRY(views.push(View()));
            continue;
        }
        LINNET_TRY(lowering.add_output(output, alone.value(output).dtype));
        LINNET_TRY(views.push(lowering.program().outputs.back().view));
    }
    Program program = lowering.take_program();
    int64_t bytes = spread_buffers(&program);
    Array<unsigned char> arena;
    LINNET_TRY(arena.resize(static_cast<size_t>(bytes)));
    LINNET_TRY(run_steps(program, arena.data()));
    Array<Ref<Tensor>> results;
    for (const View &view : views) {
        Ref<Tensor> contents;
        if (view.space != Space::kNone) {
            LINNET_ASSIGN(contents, contents_of(program, view, arena.data()));
        }
        LINNET_TRY(results.push(std::move(contents)));
    }
    return results;
}

} // namespace linnet

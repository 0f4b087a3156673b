// A model made ready for fixed shapes: steps, weights, and where every tensor lies.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/array.h"
#include "base/text.h"
#include "kernels/kernel.h"
#include "model/tensor.h"

namespace linnet {

// Where an operand lies: in a buffer of the arena, in a block of the weights, or nowhere (absent).
enum class Space : uint8_t { kNone, kArena, kWeights };

// A tensor in memory: element (i, j, ...) lies at offset + i * stride[0] + j * stride[1] ...
// elements from the start of its buffer or weight block.
struct View {
    Space space = Space::kNone;
    int32_t block = 0; // index in Program::buffers or Program::weights
    int64_t offset = 0;
    DType dtype = DType::kNone;
    Shape shape;
    int64_t stride[kMaxRank] = {};
};

// A piece of the arena. Steps [first, last] use it; buffers whose steps overlap lie apart.
struct Buffer {
    int64_t bytes = 0;
    int64_t offset = 0; // in the arena
    int32_t first = INT32_MAX;
    int32_t last = -1;
    bool per_thread = false; // scratch of a step: `bytes` for each thread, one after the other
};

struct Operand {
    Space space = Space::kNone;
    int32_t block = 0;
    int64_t byte_offset = 0;
};

// One call of a kernel.
struct Step {
    KernelId kernel = KernelId::count_;
    uint16_t operand_count = 0;
    uint32_t first_operand = 0; // in Program::operands
    uint32_t params = 0;        // offset in Program::params, a multiple of 16
    uint32_t value = 0;         // index in Program::value_names: what it computes
    int32_t scratch = -1;       // index in Program::buffers; -1: the kernel needs none
};

// An input or output of the program and the element type in which the outside sees it.
struct ProgramPort {
    View view;
    DType dtype = DType::kNone;
};

// Plain data without pointers, but for the shared weight blocks. Immutable once planned; any number
// of sessions can run it, each on an arena of its own.
struct Program {
    Array<Step> steps;
    Array<Operand> operands;
    Array<unsigned char> params;
    Array<Buffer> buffers;
    Array<Ref<Tensor>> weights;
    Array<ProgramPort> inputs;
    Array<ProgramPort> outputs;
    Array<Text> value_names;
    int64_t arena_bytes = 0; // of all buffers
    int threads = 1;         // for which the buffers are placed

    const void *params_of(const Step &step) const { return params.data() + step.params; }
};

// Copies the params of a step to the end of Program::params; where they lie.
Result<uint32_t> append_params(Program *program, const void *params, size_t bytes);

// Adds a buffer of scratch for a step; its index, or -1 for none of 0 bytes.
Result<int32_t> append_scratch(Program *program, int64_t bytes, int32_t step);

// Takes out steps whose kernel is KernelId::count_, which nobody shall run, and renumbers those at
// which buffers live.
Status drop_empty_steps(Program *program);

// Steps [first, last] keep a buffer alive for ever: inputs and outputs.
constexpr int32_t kForever = INT32_MAX;

// The addresses of all operands of a program for an arena. The order is that of Program::operands.
void resolve_operands(const Program &program, unsigned char *arena, void **addresses);

// The address of the first element of a view.
unsigned char *address_of(const Program &program, const View &view, unsigned char *arena);

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "program/program.h"

#include <cstring>

namespace linnet {

Result<uint32_t> append_params(Program *program, const void *params, size_t bytes) {
    size_t at = (program->params.size() + 15) / 16 * 16;
    if (at + bytes > UINT32_MAX) return error(Code::kLimit, "the program is too large");
    LINNET_TRY(program->params.resize(at + bytes));
    std::memcpy(program->params.data() + at, params, bytes);
    return static_cast<uint32_t>(at);
}

Result<int32_t> append_scratch(Program *program, int64_t bytes, int32_t step) {
    if (bytes <= 0) return -1;
    Buffer buffer;
    buffer.bytes = (bytes + 63) / 64 * 64;
    buffer.first = buffer.last = step;
    buffer.per_thread = true;
    LINNET_TRY(program->buffers.push(buffer));
    return static_cast<int32_t>(program->buffers.size() - 1);
}

Status drop_empty_steps(Program *program) {
    Array<int32_t> number; // by old number: of the step at or before it
    size_t kept = 0;
    for (const Step &step : program->steps) {
        if (step.kernel != KernelId::count_) program->steps[kept++] = step;
        LINNET_TRY(number.push(static_cast<int32_t>(kept) - 1));
    }
    program->steps.shrink(kept);
    auto renumber = [&](int32_t step) {
        return step >= 0 && static_cast<size_t>(step) < number.size()
                   ? number[static_cast<size_t>(step)]
                   : step;
    };
    for (Buffer &lives : program->buffers) {
        lives.first = renumber(lives.first);
        lives.last = renumber(lives.last);
    }
    return Status();
}

static unsigned char *block_address(const Program &program, Space space, int32_t block,
                                    unsigned char *arena) {
    size_t index = static_cast<size_t>(block);
    switch (space) {
    case Space::kArena: return arena + program.buffers[index].offset;
    case Space::kWeights: {
        const void *data = program.weights[index]->data();
        return static_cast<unsigned char *>(const_cast<void *>(data));
    }
    case Space::kNone: break;
    }
    return nullptr;
}

void resolve_operands(const Program &program, unsigned char *arena, void **addresses) {
    for (size_t i = 0; i < program.operands.size(); ++i) {
        const Operand &operand = program.operands[i];
        unsigned char *block = block_address(program, operand.space, operand.block, arena);
        addresses[i] = block ? block + operand.byte_offset : nullptr;
    }
}

unsigned char *address_of(const Program &program, const View &view, unsigned char *arena) {
    unsigned char *block = block_address(program, view.space, view.block, arena);
    return block ? block + view.offset * static_cast<int64_t>(size_of(view.dtype)) : nullptr;
}

} // namespace linnet

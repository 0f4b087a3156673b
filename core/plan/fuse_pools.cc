// SPDX-License-Identifier: MIT
#include "plan/fuse_pools.h"

#include <algorithm>
#include <cstring>

#include "base/padding.h"
#include "kernels/pool2d.h"
#include "kernels/winograd2d.h"

namespace linnet {
namespace {

constexpr size_t kInput = 0, kResidual = 3, kOutput = 4; // operands of winograd2d

bool same(const PictureStrides &a, const PictureStrides &b) {
    return a.image == b.image && a.row == b.row && a.pixel == b.pixel;
}

bool keeps_order(const Activation &activation) {
    return activation.function == Function::kIdentity || activation.function == Function::kRelu ||
           activation.function == Function::kClip;
}

bool halves(const Pool2dParams &pool, const Conv2dParams &conv) {
    return !pool.average && pool.kernel_h == 2 && pool.kernel_w == 2 && pool.stride_h == 2 &&
           pool.stride_w == 2 && pool.dilation_h == 1 && pool.dilation_w == 1 &&
           pool.pad_top == 0 && pool.pad_left == 0 && pool.out_h == conv.out_h / 2 &&
           pool.out_w == conv.out_w / 2;
}

// Joins step i and the one behind it, if they can be; else leaves them.
Status fuse_pool(Program *program, size_t i) {
    Step &conv = program->steps[i], &pool = program->steps[i + 1];
    if (conv.kernel != KernelId::winograd2d || pool.kernel != KernelId::pool2d) return Status();
    Winograd2dParams params;
    Pool2dParams pool_params;
    std::memcpy(&params, program->params_of(conv), sizeof params);
    std::memcpy(&pool_params, program->params_of(pool), sizeof pool_params);
    Operand *operands = program->operands.data() + conv.first_operand;
    const Operand &read = program->operands[pool.first_operand];
    const Operand &stored = program->operands[pool.first_operand + 1];
    Operand &between = operands[kOutput];
    if (between.space != Space::kArena || stored.space != Space::kArena ||
        operands[kResidual].space != Space::kNone)
        return Status();
    Buffer &picture = program->buffers[static_cast<size_t>(between.block)];
    bool alone = params.tile > 2 && picture.first == static_cast<int32_t>(i) &&
                 picture.last == static_cast<int32_t>(i) + 1 && read.block == between.block &&
                 read.byte_offset == between.byte_offset &&
                 same(pool_params.in, params.conv.out) && stored.block != operands[kInput].block;
    if (!alone || !halves(pool_params, params.conv) || !keeps_order(params.conv.activation))
        return Status();
    picture.first = INT32_MAX;
    picture.last = -1;
    Buffer &result = program->buffers[static_cast<size_t>(stored.block)];
    result.first = std::min(result.first, static_cast<int32_t>(i));
    between = stored;
    params.pooled = true;
    params.conv.out = pool_params.out;
    const Winograd2dParams &plain = without_padding(params);
    LINNET_ASSIGN(conv.params, append_params(program, &plain, sizeof plain));
    conv.value = pool.value;
    pool = Step();
    return Status();
}

} // namespace

Status fuse_pools(Program *program) {
    for (size_t i = 0; i + 1 < program->steps.size(); ++i) LINNET_TRY(fuse_pool(program, i));
    return drop_empty_steps(program);
}

} // namespace linnet

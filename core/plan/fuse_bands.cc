// SPDX-License-Identifier: MIT
#include "plan/fuse_bands.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/padding.h"
#include "kernels/bands2d.h"
#include "kernels/bands2d_plan.h"

namespace linnet {
namespace {

// Pictures that stay in the second cache anyway gain nothing, and small ones want their work cut
// by channels, so that each thread reads a part of the weights.
constexpr int64_t kLargePicture = 480 << 10; // bytes
constexpr int64_t kMiddlingPicture = 192 << 10; // which may follow or lead a large one
constexpr int32_t kFewRows = 12, kFewColumns = 12;
// A band is as high as its pictures fit beside weights in a second cache of a megabyte, but there
// shall be enough of them for some threads.
constexpr int64_t kBandFloats = 128 << 10;
constexpr int32_t kBands = 8;

// A step as a stage of a chain, with its operands.
struct Link {
    BandStage stage;
    Operand x, weights, bias, residual, y;
};

class BandFuser {
public:
    explicit BandFuser(Program *program) : program_(program) {}

    Status run() {
        Array<Step> steps;
        for (size_t i = 0; i < program_->buffers.size(); ++i)
            LINNET_TRY(moved_.push(static_cast<int32_t>(i)));
        for (size_t i = 0; i < program_->steps.size();) {
            size_t count = chain_from(i);
            Step step = program_->steps[i];
            if (count > 1) LINNET_TRY(fuse(i, count, &step));
            LINNET_TRY(steps.push(step));
            i += count > 1 ? count : 1;
            // The steps behind keep their numbers, by which buffers know when they live; the
            // places of fused ones stay empty until the end.
            for (size_t k = 1; k < count; ++k) LINNET_TRY(steps.push(Step()));
        }
        for (ProgramPort &output : program_->outputs)
            if (output.view.space == Space::kArena) output.view.block = moved(output.view.block);
        program_->steps = std::move(steps);
        return drop_empty_steps(program_);
    }

private:
    const Operand &operand(const Step &step, int i) const {
        return program_->operands[step.first_operand + static_cast<size_t>(i)];
    }
    Buffer &buffer(int32_t block) { return program_->buffers[static_cast<size_t>(block)]; }

    // Where what a step calls `block` lies by now.
    int32_t moved(int32_t block) {
        int32_t last = block;
        auto next = [&](int32_t at) -> int32_t & { return moved_[static_cast<size_t>(at)]; };
        while (next(last) != last) last = next(last);
        while (next(block) != last) block = std::exchange(next(block), last);
        return last;
    }

    void move_operands(const Step &step) {
        for (uint16_t i = 0; i < step.operand_count; ++i) {
            Operand &operand = program_->operands[step.first_operand + i];
            if (operand.space == Space::kArena) operand.block = moved(operand.block);
        }
    }

    bool as_link(const Step &step, Link *link) {
        move_operands(step);
        const void *params = program_->params_of(step);
        if (step.kernel == KernelId::conv2d || step.kernel == KernelId::depthwise2d) {
            bool depthwise = step.kernel == KernelId::depthwise2d;
            link->stage.kind = depthwise ? BandKind::kDepthwise : BandKind::kConv;
            std::memcpy(&link->stage.conv, params, sizeof link->stage.conv);
            link->x = operand(step, 0);
            link->weights = operand(step, 1);
            link->bias = operand(step, 2);
            link->residual = operand(step, 3);
            link->y = operand(step, 4);
        } else if (step.kernel == KernelId::pool2d) {
            link->stage.kind = BandKind::kMaxPool;
            std::memcpy(&link->stage.pool, params, sizeof link->stage.pool);
            link->x = operand(step, 0);
            link->y = operand(step, 1);
            if (link->stage.pool.average) return false;
        } else {
            return false;
        }
        BandShape shape = shape_of_stage(link->stage);
        return shape.out_h >= kFewRows && shape.out_w >= kFewColumns;
    }

    // Whether step i + 1 reads all of what step i writes, and nobody else reads any of it.
    bool follow_each_other(size_t i, const Link &link, const Link &next) {
        const Operand &between = link.y;
        if (between.space != Space::kArena || between.byte_offset != 0) return false;
        const Buffer &lives = buffer(between.block);
        int32_t step = static_cast<int32_t>(i);
        BandShape shape = shape_of_stage(link.stage), after = shape_of_stage(next.stage);
        int64_t floats = int64_t(shape.batch) * shape.out_h * shape.out_w * shape.out_c;
        bool dense = shape.out.pixel == shape.out_c && shape.out.row == shape.out_w * shape.out_c;
        bool same = next.x.space == Space::kArena && next.x.block == between.block &&
                    next.x.byte_offset == 0 && after.in.pixel == shape.out.pixel &&
                    after.in.row == shape.out.row && after.in_c == shape.out_c &&
                    after.rows.in == shape.out_h && after.in_w == shape.out_w;
        return same && dense && lives.first == step && lives.last == step + 1 &&
               lives.bytes == floats * int64_t(sizeof(float)) &&
               link.residual.space == Space::kNone &&
               !(next.residual.space == Space::kArena && next.residual.block == between.block);
    }

    static bool is_pointwise(const BandStage &stage) {
        const Conv2dParams &p = stage.conv;
        return stage.kind == BandKind::kConv && p.kernel_h == 1 && p.kernel_w == 1 &&
               p.stride_h == 1 && p.stride_w == 1 && p.groups == 1;
    }

    // Which kinds may stand together: those that pay.
    static bool go_together(const BandStage &stage, const BandStage &next) {
        if (stage.kind == BandKind::kDepthwise) return is_pointwise(next);
        if (stage.kind == BandKind::kMaxPool || next.kind == BandKind::kConv) return false;
        return true;
    }

    // How many steps from step i on become one; they are in links_.
    size_t chain_from(size_t i) {
        if (!as_link(program_->steps[i], &links_[0])) return 1;
        bool is_large = false;
        size_t count = 1;
        for (; count < kMaxBandStages && i + count < program_->steps.size(); ++count) {
            const Link &link = links_[count - 1];
            Link &next = links_[count];
            if (!as_link(program_->steps[i + count], &next) ||
                !go_together(link.stage, next.stage) ||
                !follow_each_other(i + count - 1, link, next) ||
                buffer(link.y.block).bytes < kMiddlingPicture)
                break;
            is_large = is_large || buffer(link.y.block).bytes >= kLargePicture;
        }
        return is_large && has_own_output(links_[0], links_[count - 1]) ? count : 1;
    }

    // Whether the output lies apart from the input, or over it, so that it can get another place;
    // but not beside it, as two parts of one concatenation do.
    bool has_own_output(const Link &first, const Link &last) {
        if (!shares_buffer(first.x, last.y)) return true;
        BandShape shape = shape_of_stage(last.stage);
        int64_t floats = int64_t(shape.batch) * shape.out_h * shape.out_w * shape.out_c;
        return last.y.byte_offset == 0 &&
               buffer(last.y.block).bytes == floats * int64_t(sizeof(float));
    }

    Status fuse(size_t i, size_t count, Step *step) {
        Bands2dParams params;
        params.stages = static_cast<int32_t>(count);
        for (size_t k = 0; k < count; ++k) params.stage[k] = links_[k].stage;
        part_pixels(&params);
        choose_band(&params);
        const Link &first = links_[0];
        Link &last = links_[count - 1];
        int32_t from = static_cast<int32_t>(i), to = static_cast<int32_t>(i + count - 1);
        if (shares_buffer(first.x, last.y)) LINNET_TRY(part_output(from, to, &last));
        for (size_t k = 0; k + 1 < count; ++k) forget(links_[k].y.block);
        for (size_t k = 0; k < count; ++k) {
            int32_t scratch = program_->steps[i + k].scratch;
            if (scratch >= 0) forget(scratch);
        }
        step->kernel = KernelId::bands2d;
        step->value = program_->steps[i + count - 1].value;
        step->first_operand = static_cast<uint32_t>(program_->operands.size());
        LINNET_TRY(use(first.x, from));
        LINNET_TRY(use(last.y, from));
        LINNET_TRY(use(last.residual, from));
        for (size_t k = 0; k < count; ++k) {
            LINNET_TRY(use(links_[k].weights, from));
            LINNET_TRY(use(links_[k].bias, from));
        }
        step->operand_count =
            static_cast<uint16_t>(program_->operands.size() - step->first_operand);
        const Bands2dParams &plain = without_padding(params);
        LINNET_ASSIGN(step->params, append_params(program_, &plain, sizeof plain));
        LINNET_ASSIGN(step->scratch, append_scratch(program_, bands2d_scratch_bytes(params), from));
        if (step->scratch >= 0) LINNET_TRY(moved_.push(step->scratch));
        return Status();
    }

    static bool shares_buffer(const Operand &a, const Operand &b) {
        return a.space == Space::kArena && b.space == Space::kArena && a.block == b.block;
    }

    // As in Lowering::find_gaps, but from half as many channels on: a depthwise convolution, which
    // has more pixels at hand at once, collides with itself earlier.
    static void part_pixels(Bands2dParams *params) {
        constexpr int64_t kAliasingChannels = 256, kGap = 16;
        for (int i = 0; i + 1 < params->stages; ++i) {
            BandStage &maker = params->stage[i], &reader = params->stage[i + 1];
            BandShape shape = shape_of_stage(maker);
            if (shape.out_c % kAliasingChannels != 0) continue;
            int64_t pixel = shape.out_c + kGap;
            PictureStrides strides = {shape.out_h * shape.out_w * pixel, shape.out_w * pixel, pixel};
            (maker.kind == BandKind::kMaxPool ? maker.pool.out : maker.conv.out) = strides;
            (reader.kind == BandKind::kMaxPool ? reader.pool.in : reader.conv.in) = strides;
        }
    }

    static void choose_band(Bands2dParams *params) {
        int32_t out_h = shape_of_stage(params->stage[params->stages - 1]).out_h;
        int32_t most = std::max(1, (out_h + kBands - 1) / kBands), rows = 1;
        for (int32_t more = 2; more <= most; ++more) {
            params->band_rows = more;
            if (bands2d_picture_floats(*params) > kBandFloats) break;
            rows = more;
        }
        params->band_rows = rows;
    }

    void forget(int32_t block) {
        buffer(block).first = INT32_MAX;
        buffer(block).last = -1;
    }

    // The operand is used at this step: what the chain reads and writes lives there all at once.
    Status use(const Operand &operand, int32_t step) {
        if (operand.space == Space::kArena) {
            Buffer &used = buffer(operand.block);
            used.first = std::min(used.first, step);
            used.last = std::max(used.last, step);
        }
        return program_->operands.push(operand);
    }

    // The output lay over the input, which later bands still read. From here on it gets a buffer of
    // its own.
    Status part_output(int32_t from, int32_t to, Link *last) {
        int32_t old = last->y.block, fresh = static_cast<int32_t>(program_->buffers.size());
        Buffer added = buffer(old);
        added.first = from;
        buffer(old).last = to;
        LINNET_TRY(program_->buffers.push(added));
        LINNET_TRY(moved_.push(fresh));
        moved_[static_cast<size_t>(old)] = fresh;
        last->y.block = fresh;
        return Status();
    }

    Program *program_;
    Array<int32_t> moved_; // by block: the one to which its later contents moved, or itself
    Link links_[kMaxBandStages];
};

} // namespace

Status fuse_bands(Program *program) { return BandFuser(program).run(); }

} // namespace linnet

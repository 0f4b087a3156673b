// SPDX-License-Identifier: MIT
#include "predictor/planned.h"

#include "base/byte_order.h"
#include "base/sha256.h"
#include "model/weight_memory.h"
#include "predictor/planned_parts.h"

namespace linnet {
namespace {

// Plans are written where structs lie like this.
struct LayoutProbe {
    char first;
    int64_t second;
};
constexpr bool kReadsPlans = kLittleEndian && sizeof(LayoutProbe) == 16;

// Reads what is believed: lengths are not checked.
class PlanReader {
public:
    PlanReader(Bytes file, uint64_t start) : at_(file.data() + start) {}

    template <class Item> Status items(Array<Item> &array) {
        static_assert(std::is_trivially_copyable_v<Item>, "plain data");
        size_t count = take_count();
        const void *data = take(count * sizeof(Item));
        return array.assign(Span<const Item>(static_cast<const Item *>(data), count));
    }
    template <class Item> Status item(Item &item) {
        std::memcpy(&item, take(sizeof item), sizeof item);
        return Status();
    }
    template <class Item> Status sized(Array<Item> &array) { return array.resize(take_count()); }
    Status text(Text &text) {
        size_t size = take_count();
        return text.assign(string_view(static_cast<const char *>(take(size)), size));
    }

private:
    size_t take_count() {
        return static_cast<size_t>(little_endian64(static_cast<const unsigned char *>(take(8))));
    }
    const void *take(size_t bytes) {
        const void *taken = at_;
        at_ += (bytes + 7) / 8 * 8;
        return taken;
    }

    const unsigned char *at_;
};

Status cut_off() { return error(Code::kMalformed, "the planned model is cut off"); }

// The numbers of the head, from 0 on.
uint64_t head_number(Bytes file, size_t number) {
    return little_endian64(file.data() + sizeof kPlanMagic + number * sizeof(uint64_t));
}

} // namespace

Status check_plan(Bytes file) {
    if (!kReadsPlans)
        return error(Code::kUnsupported, "plans are for little-endian machines that align int64_t "
                     "to 8 bytes; use `linnet single-file` without --planned");
    uint64_t believed = head_number(file, 1);
    if (believed > file.size()) return cut_off();
    Sha256Text digest = sha256(file.part(0, static_cast<size_t>(believed)));
    for (const char *known : kPlans)
        if (std::strcmp(known, digest.text) == 0) return Status();
    return error(Code::kUnsupported, "the plan of this model %s%s", kNotHere, kCutHint);
}

Result<Program> read_planned_program(Bytes file, Span<const Ref<Tensor>> weights) {
    PlanReader reader(file, head_number(file, 2));
    Program program;
    LINNET_TRY(visit_program(reader, program));
    LINNET_TRY(program.weights.append(weights));
    return program;
}

// `stored` are the bytes of the block.
static Result<Ref<Tensor>> read_block(const PlannedBlock &block, const PlannedWeights &weights,
                                      const unsigned char *stored, WeightMemory *memory) {
    Ref<Tensor> tensor;
    if (block.stored == block.dtype) {
        LINNET_ASSIGN(tensor, Tensor::borrow(block.dtype, block.shape, stored));
    } else {
        LINNET_ASSIGN(tensor, Tensor::create_for_overwrite(block.dtype, block.shape));
        floats_from(block.stored, stored, tensor->writable<float>().data(), tensor->elements());
    }
    if (block.packing < 0) return tensor;
    const Pack2dParams &packing = weights.packings[static_cast<size_t>(block.packing)];
    LINNET_ASSIGN(Ref<Tensor> packed, memory->create(pack2d_floats(packing)));
    pack2d(packing, tensor->floats().data(), packed->writable<float>().data());
    return packed;
}

Status read_planned_model(Bytes file, LoadedModel *model, PlannedFacts *facts,
                          Array<Ref<Tensor>> *weights) {
    PlanReader reader(file, kPlanStart);
    PlannedWeights planned;
    LINNET_TRY(visit_weights(reader, planned));
    LINNET_TRY(visit_model(reader, *model, *facts, model->digest));
    size_t first = static_cast<size_t>(plan_aligned(head_number(file, 0)));
    WeightMemory memory;
    memory.expect(file.size());
    for (const PlannedBlock &block : planned.blocks) {
        size_t at = first + static_cast<size_t>(block.offset);
        size_t bytes = static_cast<size_t>(block.shape.elements()) * size_of(block.stored);
        if (at > file.size() || bytes > file.size() - at) return cut_off();
        LINNET_ASSIGN(Ref<Tensor> tensor, read_block(block, planned, file.data() + at, &memory));
        LINNET_TRY(weights->push(std::move(tensor)));
    }
    return Status();
}

} // namespace linnet

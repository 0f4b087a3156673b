// SPDX-License-Identifier: MIT
#include "predictor/planned_writer.h"

#if defined(LINNET_TELL_USES)

#include "base/byte_order.h"
#include "base/file_writer.h"
#include "base/padding.h"
#include "ops/convolution.h"
#include "plan/plan.h"
#include "predictor/planned_parts.h"

namespace linnet {
namespace {

class PlanWriter {
public:
    template <class Item> Status items(const Array<Item> &array) {
        LINNET_TRY(sized(array));
        for (const Item &item : array) {
            Item plain = without_padding(item);
            LINNET_TRY(append(&plain, sizeof plain));
        }
        return align();
    }
    template <class Item> Status item(const Item &item) {
        Item plain = without_padding(item);
        LINNET_TRY(append(&plain, sizeof plain));
        return align();
    }
    template <class Item> Status sized(const Array<Item> &array) { return count(array.size()); }
    Status text(const Text &text) {
        LINNET_TRY(count(text.size()));
        LINNET_TRY(append(text.c_str(), text.size()));
        return align();
    }
    Bytes written() const { return bytes_.span(); }

private:
    Status count(uint64_t number) { return append(&number, sizeof number); }
    Status append(const void *data, size_t size) {
        return bytes_.append({static_cast<const unsigned char *>(data), size});
    }
    Status align() { return bytes_.resize((bytes_.size() + 7) / 8 * 8); }

    Array<unsigned char> bytes_;
};

// Names are for linnet_session_step_info(): of other values there need be none.
void drop_names_of_no_step(Program *program) {
    Array<Text> &names = program->value_names;
    for (size_t value = 0; value < names.size(); ++value) {
        bool is_told = false;
        for (const Step &step : program->steps) is_told = is_told || step.value == value;
        if (!is_told) names[value] = Text();
    }
}

bool are_halves(Span<const float> floats) {
    for (float number : floats) {
        uint16_t half;
        float back;
        floats_to(DType::kFloat16, &number, &half, 1);
        floats_from(DType::kFloat16, &half, &back, 1);
        if (std::memcmp(&back, &number, sizeof number) != 0) return false;
    }
    return true;
}

// The weights of a program as they are stored.
class WeightStore {
public:
    Status add(const Model &model, const Ref<Tensor> &tensor) {
        Ref<Tensor> source;
        Pack2dParams packing;
        LINNET_TRY(find_source(model, *tensor, &source, &packing));
        PlannedBlock block;
        Ref<Tensor> stored = tensor;
        if (source && pays(*source, *tensor)) {
            stored = source;
            block.packing = static_cast<int32_t>(weights_.packings.size());
            LINNET_TRY(weights_.packings.push(packing));
        }
        block.dtype = block.stored = stored->dtype();
        block.shape = stored->shape();
        // Small ones are worth more where they can be read in place.
        if (stored->bytes() >= kLeastHalves && block.dtype == DType::kFloat32 &&
            are_halves(stored->floats()))
            block.stored = DType::kFloat16;
        LINNET_TRY(weights_.blocks.push(block));
        return tensors_.push(std::move(stored));
    }

    // The blocks that are not float32 get the first places, which end at believed().
    void place() {
        uint64_t end = 0;
        for (bool floats : {false, true}) {
            for (PlannedBlock &block : weights_.blocks) {
                if ((block.dtype == DType::kFloat32) != floats) continue;
                end = plan_aligned(end);
                block.offset = static_cast<int64_t>(end);
                end += static_cast<uint64_t>(block.shape.elements()) * size_of(block.stored);
            }
            if (!floats) believed_ = end;
        }
    }
    uint64_t believed() const { return believed_; }
    const PlannedWeights &weights() const { return weights_; }

    Status write(FileWriter *file, uint64_t first) const {
        Array<unsigned char> halves;
        for (size_t i = 0; i < tensors_.size(); ++i) {
            const Tensor &tensor = *tensors_[i];
            const PlannedBlock &block = weights_.blocks[i];
            Bytes contents(static_cast<const unsigned char *>(tensor.data()), tensor.bytes());
            if (block.stored != block.dtype) {
                LINNET_TRY(halves.resize(tensor.elements() * size_of(block.stored)));
                floats_to(block.stored, tensor.floats().data(), halves.data(), tensor.elements());
                contents = halves.span();
            }
            LINNET_TRY(file->write(first + static_cast<uint64_t>(block.offset), contents));
        }
        return Status();
    }

private:
    static constexpr size_t kLeastHalves = 1024;

    // Packed forms are stored if they are hardly larger: then nobody has to make them.
    static bool pays(const Tensor &source, const Tensor &packed) {
        size_t bytes = are_halves(source.floats()) ? source.bytes() / 2 : source.bytes();
        return packed.bytes() > bytes + bytes / 16;
    }

    // What a tensor was packed from, if it was by pack2d().
    static Status find_source(const Model &model, const Tensor &packed, Ref<Tensor> *source,
                              Pack2dParams *packing) {
        const Tensor *found = nullptr;
        LINNET_TRY(model.cache()->for_each(
            [&](const Tensor &from, Span<const int64_t> key, const Tensor &made) {
                if (&made == &packed && find_packing(key, packing)) found = &from;
                return Status();
            }));
        if (!found) return Status();
        LINNET_ASSIGN(*source, Tensor::present(found));
        return Status();
    }

    PlannedWeights weights_;
    Array<Ref<Tensor>> tensors_;
    uint64_t believed_ = 0;
};

} // namespace

Status write_planned_model(const Model &model, string_view path) {
    if (!kLittleEndian)
        return error(Code::kUnsupported, "plans are made on little-endian machines");
    Array<Shape> shapes;
    for (size_t i = 0; i < model.graph().inputs.size(); ++i)
        LINNET_TRY(shapes.push(model.default_shape(i)));
    const Graph *graph = model.graph_for(shapes.span());
    if (!graph)
        return error(Code::kUnsupported, "the model does not run with its default shapes: there is "
                     "nothing to plan ahead");
    LINNET_ASSIGN(Program program, plan_program(*graph, model.cache(),
                                                 model.conv_choices(), 1));
    drop_names_of_no_step(&program);
    WeightStore store;
    for (const Ref<Tensor> &tensor : program.weights) LINNET_TRY(store.add(model, tensor));
    store.place();
    PlannedFacts facts;
    facts.parameters = model.parameters();
    facts.macs = model.macs();
    facts.picture_input = model.picture_input();
    facts.picture_layout = static_cast<uint8_t>(model.picture_layout());
    facts.scores = static_cast<uint8_t>(model.scores());
    Text digest;
    LINNET_ASSIGN(const char *digest_text, model.digest());
    LINNET_TRY(digest.assign(digest_text));
    PlanWriter plan;
    LINNET_TRY(visit_weights(plan, store.weights()));
    LINNET_TRY(visit_model(plan, model.loaded(), facts, digest));
    uint64_t program_start = kPlanStart + plan.written().size();
    LINNET_TRY(visit_program(plan, program));

    unsigned char head[kPlanStart] = {};
    std::memcpy(head, kPlanMagic, sizeof kPlanMagic);
    uint64_t end = kPlanStart + plan.written().size(), first = plan_aligned(end);
    put_little_endian(end, 8, head + sizeof kPlanMagic);
    uint64_t believed = store.believed() ? first + store.believed() : end;
    put_little_endian(believed, 8, head + sizeof kPlanMagic + 8);
    put_little_endian(program_start, 8, head + sizeof kPlanMagic + 16);
    LINNET_ASSIGN(FileWriter file, FileWriter::create(path));
    LINNET_TRY(file.write(0, head));
    LINNET_TRY(file.write(kPlanStart, plan.written()));
    LINNET_TRY(store.write(&file, first));
    return file.commit();
}

} // namespace linnet

#endif

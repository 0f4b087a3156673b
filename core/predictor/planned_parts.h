// The parts of a plan in their order, for who reads and for who writes them. Plain data lie as in
// memory, aligned to 8 bytes.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/pack2d.h"
#include "predictor/planned.h"

namespace linnet {

inline uint64_t plan_aligned(uint64_t offset) {
    return (offset + kPlanStart - 1) / kPlanStart * kPlanStart;
}

// A block of the weights: what a step reads, or what that is packed from (pack2d) when the model is
// opened. float32 may be stored as float16 that stands for the same numbers.
struct PlannedBlock {
    int64_t offset = 0; // from the first one
    DType dtype = DType::kNone, stored = DType::kNone;
    Shape shape;          // as it is stored
    int32_t packing = -1; // which of the packings; -1: none
};

// An archive has items() for arrays of plain data, item() for one, text(), and sized() for arrays
// whose items follow one by one.
template <class Archive> Status visit_program(Archive &archive, Program &program) {
    LINNET_TRY(archive.items(program.steps));
    LINNET_TRY(archive.items(program.operands));
    LINNET_TRY(archive.items(program.params));
    LINNET_TRY(archive.items(program.buffers));
    LINNET_TRY(archive.items(program.inputs));
    LINNET_TRY(archive.items(program.outputs));
    LINNET_TRY(archive.sized(program.value_names));
    for (Text &name : program.value_names) LINNET_TRY(archive.text(name));
    return Status();
}

struct PlannedWeights {
    Array<PlannedBlock> blocks;
    Array<Pack2dParams> packings;
};

template <class Archive, class Weights>
Status visit_weights(Archive &archive, Weights &weights) {
    LINNET_TRY(archive.items(weights.blocks));
    return archive.items(weights.packings);
}

template <class Archive, class Ports> Status visit_ports(Archive &archive, Ports &ports) {
    LINNET_TRY(archive.sized(ports));
    for (auto &port : ports) {
        LINNET_TRY(archive.text(port.name));
        LINNET_TRY(archive.item(port.dtype));
        LINNET_TRY(archive.item(port.shape));
    }
    return Status();
}

template <class Archive, class Loaded>
Status visit_model(Archive &archive, Loaded &model, PlannedFacts &facts, Text &digest) {
    LINNET_TRY(archive.item(facts));
    LINNET_TRY(archive.text(digest));
    LINNET_TRY(visit_ports(archive, model.graph.inputs));
    LINNET_TRY(visit_ports(archive, model.graph.outputs));
    LINNET_TRY(archive.sized(model.metadata));
    for (auto &entry : model.metadata) {
        LINNET_TRY(archive.text(entry.key));
        LINNET_TRY(archive.text(entry.value));
    }
    LINNET_TRY(archive.sized(model.operators));
    for (auto &count : model.operators) {
        LINNET_TRY(archive.text(count.op));
        LINNET_TRY(archive.item(count.nodes));
    }
    return Status();
}

} // namespace linnet

// Models with their plan: what sessions of the default shapes run, made ahead, so that nothing that
// loads, optimises or plans is needed. A plan holds params of kernels and places in memory as they
// are. It is believed like code: only a build that has its digest inside reads it. `linnet
// single-file --planned` writes both.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>

#include "base/cut.h"
#include "model/graph.h"
#include "program/program.h"

namespace linnet {

// A file: this magic, three numbers (uint64), zeros up to kPlanStart; the plan; from the next
// multiple of kPlanStart on the weights, each block at such a multiple. The first number is where
// the plan ends; the second one, where those bytes end that the digest is of: the plan, and all
// weights that are not float32, since kernels take places in memory from such; the third one, where
// in the plan the program begins, which sessions read, behind what the model reads.
constexpr unsigned char kPlanMagic[8] = {0x89, 'L', 'I', 'N', 'P', 'L', 'A', 'N'};
constexpr size_t kPlanStart = 64;

// What a model tells of itself that follows from its graph.
struct PlannedFacts {
    int64_t parameters = 0, macs = 0;
    int32_t picture_input = -1;
    uint8_t picture_layout = 0, scores = 0; // PictureLayout, Scores
};

// Whether the file begins as a planned model, and whether this build reads such.
inline bool begins_as_plan(Bytes file) {
    return file.size() >= kPlanStart &&
           std::memcmp(file.data(), kPlanMagic, sizeof kPlanMagic) == 0;
}
inline bool is_planned_file(Bytes file) { return kIsPlanned && begins_as_plan(file); }

// Whether this build was made for the plan: kUnsupported. Aligned to kPlanStart.
Status check_plan(Bytes file);

// Both of a file that check_plan() takes. Weights that need no packing stay where they are: the
// bytes must outlive the tensors. The program is not placed yet (place_buffers).
Status read_planned_model(Bytes file, LoadedModel *model, PlannedFacts *facts,
                          Array<Ref<Tensor>> *weights);
Result<Program> read_planned_program(Bytes file, Span<const Ref<Tensor>> weights);

} // namespace linnet

// The recurrence of a long short-term memory.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace linnet {

// Hochreiter and Schmidhuber's memory with forget gates, as ONNX defines LSTM, with the default
// activations: gates in the order input, output, forget, cell.
// Operands: y, y_h, y_c, gates, r, h, c, peepholes, lengths.
// gates: what the inputs add to the four gates, bias and all, [4 * hidden] for each element of a
// sequence. r: [directions, hidden, 4 * hidden] without gaps. h, c: the states at the beginning;
// nullptr: 0. peepholes: [directions, 3 * hidden] without gaps, input, output, forget; nullptr: 0.
// lengths (int32): of each sequence of the batch, the others being 0 behind it; nullptr: `steps`.
// y, y_h and y_c may be nullptr. Each runs along `hidden` without gaps.
// One task for each sequence and direction. Scratch: lstm_sequence_scratch_bytes().
struct LstmSequenceParams {
    int64_t steps = 1, batch = 1, hidden = 1;
    int32_t directions = 1;
    bool backward = false; // of a single direction; of two, the second one is
    bool input_forget = false;
    float clip = 0;                                       // of what enters activations; 0: none
    int64_t gates_step = 0, gates_sequence = 0;           // strides; directions follow each other
    int64_t y_step = 0, y_direction = 0, y_sequence = 0;
    int64_t y_h_direction = 0, y_h_sequence = 0, y_c_direction = 0, y_c_sequence = 0;
    int64_t h_direction = 0, h_sequence = 0, c_direction = 0, c_sequence = 0;
};

int64_t lstm_sequence_scratch_bytes(const LstmSequenceParams &params);

} // namespace linnet

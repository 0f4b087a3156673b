// SPDX-License-Identifier: MIT
#include "kernels/lstm_sequence.h"

#include <cmath>

#include "kernels/kernel.h"

namespace linnet {
namespace {

int64_t lstm_sequence_tasks(const void *params) {
    const LstmSequenceParams &p = *static_cast<const LstmSequenceParams *>(params);
    return p.batch * p.directions;
}

float lstm_sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

// One sequence in one direction. In the scratch: the gates, then the output, then the cell.
class LstmSequence {
public:
    LstmSequence(const LstmSequenceParams &p, void *const *operands, float *scratch, int64_t task)
        : p_(p), sequence_(task / p.directions), direction_(task % p.directions), gates_(scratch),
          h_(scratch + 4 * p.hidden), c_(h_ + p.hidden) {
        y_ = place<float>(operands[0], direction_ * p.y_direction + sequence_ * p.y_sequence);
        y_h_ = place<float>(operands[1], direction_ * p.y_h_direction + sequence_ * p.y_h_sequence);
        y_c_ = place<float>(operands[2], direction_ * p.y_c_direction + sequence_ * p.y_c_sequence);
        x_ = place<float>(operands[3],
                          direction_ * 4 * p.hidden + sequence_ * p.gates_sequence);
        r_ = place<float>(operands[4], direction_ * p.hidden * 4 * p.hidden);
        begin(h_, place<float>(operands[5], direction_ * p.h_direction + sequence_ * p.h_sequence));
        begin(c_, place<float>(operands[6], direction_ * p.c_direction + sequence_ * p.c_sequence));
        peepholes_ = place<float>(operands[7], direction_ * 3 * p.hidden);
        const int32_t *length = place<int32_t>(operands[8], sequence_);
        length_ = !length ? p.steps : *length < 0 ? 0 : *length < p.steps ? *length : p.steps;
    }

    void run() {
        bool backward = p_.directions == 2 ? direction_ == 1 : p_.backward;
        for (int64_t i = 0; i < length_; ++i) {
            int64_t at = backward ? length_ - 1 - i : i;
            add_up_gates(x_ + at * p_.gates_step);
            update_state();
            finish(h_, y_ ? y_ + at * p_.y_step : nullptr);
        }
        for (int64_t at = length_; y_ && at < p_.steps; ++at)
            for (int64_t i = 0; i < p_.hidden; ++i) y_[at * p_.y_step + i] = 0;
        finish(h_, y_h_);
        finish(c_, y_c_);
    }

private:
    template <class T> static T *place(void *base, int64_t offset) {
        return base ? static_cast<T *>(base) + offset : nullptr;
    }
    void begin(float *state, const float *given) const {
        for (int64_t i = 0; i < p_.hidden; ++i) state[i] = given ? given[i] : 0;
    }
    void finish(const float *state, float *to) const {
        for (int64_t i = 0; to && i < p_.hidden; ++i) to[i] = state[i];
    }
    void add_up_gates(const float *x) {
        const int64_t gates = 4 * p_.hidden;
        for (int64_t g = 0; g < gates; ++g) gates_[g] = x[g];
        for (int64_t k = 0; k < p_.hidden; ++k) {
            const float h = h_[k];
            const float *row = r_ + k * gates;
            for (int64_t g = 0; g < gates; ++g) gates_[g] += h * row[g];
        }
    }
    float clipped(float x) const {
        if (p_.clip <= 0) return x;
        return x < -p_.clip ? -p_.clip : x > p_.clip ? p_.clip : x;
    }
    // What the cell adds to gate 0, 1 or 2 (input, output, forget) of one unit.
    float seen_through(int64_t gate, int64_t i, float cell) const {
        return peepholes_ ? peepholes_[gate * p_.hidden + i] * cell : 0;
    }
    void update_state() {
        const int64_t hidden = p_.hidden;
        for (int64_t i = 0; i < hidden; ++i) {
            float cell = c_[i];
            float in = lstm_sigmoid(clipped(gates_[i] + seen_through(0, i, cell)));
            float forget =
                p_.input_forget
                    ? 1 - in
                    : lstm_sigmoid(clipped(gates_[2 * hidden + i] + seen_through(2, i, cell)));
            cell = forget * cell + in * std::tanh(clipped(gates_[3 * hidden + i]));
            float out = lstm_sigmoid(clipped(gates_[hidden + i] + seen_through(1, i, cell)));
            c_[i] = cell;
            h_[i] = out * std::tanh(cell);
        }
    }

    const LstmSequenceParams &p_;
    int64_t sequence_, direction_, length_;
    float *gates_, *h_, *c_;
    float *y_, *y_h_, *y_c_;
    const float *x_, *r_, *peepholes_;
};

void lstm_sequence_run(const void *params, void *const *operands, void *scratch, int64_t begin,
              int64_t end) {
    const LstmSequenceParams &p = *static_cast<const LstmSequenceParams *>(params);
    for (int64_t task = begin; task < end; ++task)
        LstmSequence(p, operands, static_cast<float *>(scratch), task).run();
}

} // namespace

int64_t lstm_sequence_scratch_bytes(const LstmSequenceParams &params) {
    return 6 * params.hidden * static_cast<int64_t>(sizeof(float));
}

extern const Kernel lstm_sequence_kernel;
const Kernel lstm_sequence_kernel = {"lstm_sequence", lstm_sequence_tasks, lstm_sequence_run};

} // namespace linnet

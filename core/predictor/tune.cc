// SPDX-License-Identifier: MIT
#include "predictor/tune.h"

#include <algorithm>
#include <cfloat>
#include <cstring>

#include "kernels/bands2d.h"
#include "plan/plan.h"
#include "run/execution.h"

namespace linnet {
namespace {

constexpr ConvMethod kTriedMethods[] = {ConvMethod::kPanels, ConvMethod::kWinograd2,
                                        ConvMethod::kWinograd4, ConvMethod::kWinograd6};
constexpr size_t kTrials = sizeof kTriedMethods / sizeof kTriedMethods[0];
constexpr int kRounds = 9; // of which the fastest counts
constexpr double kClearly = 0.97;

// The network with one method for all convolutions that have a choice.
struct Trial {
    Owned<Execution> execution;
    Array<double> least; // by step: milliseconds
    Array<double> until; // by value: of all steps to the last one that works on it
    Array<int> steps;    // by value: how many do

    const Program &program() const { return execution->program(); }
};

class Tuner {
public:
    Tuner(const Graph &graph, const TuneSettings &settings)
        : graph_(graph), settings_(settings) {}

    Result<Array<ConvChoice>> run() {
        LINNET_TRY(find_kinds());
        if (kinds_.empty()) return std::move(kinds_);
        for (size_t t = 0; t < kTrials; ++t) LINNET_TRY(create_trial(t));
        for (int round = 0; round < kRounds; ++round)
            for (Trial &trial : trials_) LINNET_TRY(run_once(&trial));
        for (Trial &trial : trials_) LINNET_TRY(sum_up(&trial));
        LINNET_TRY(share_times());
        for (size_t kind = 0; kind < kinds_.size(); ++kind) choose(kind);
        return std::move(kinds_);
    }

private:
    Result<Program> plan(Span<const ConvChoice> stated) {
        int threads = settings_.pool ? settings_.pool->threads() : 1;
        return plan_program(graph_, &cache_, stated, threads);
    }

    Status check_cancelled() const {
        if (!settings_.cancelled || !settings_.cancelled->exchange(false)) return Status();
        return error(Code::kCancelled, "the tuning was cancelled");
    }

    Status create_trial(size_t t) {
        LINNET_TRY(check_cancelled()); // packing takes time, too
        Trial &trial = trials_[t];
        Array<ConvChoice> stated;
        LINNET_TRY(stated.assign(kinds_.span()));
        for (ConvChoice &choice : stated) choice.method = kTriedMethods[t];
        LINNET_ASSIGN(Program program, plan(stated.span()));
        LINNET_TRY(trial.least.fill(program.steps.size(), DBL_MAX));
        LINNET_ASSIGN(trial.execution, Execution::create(std::move(program), settings_.isa,
                                                         settings_.pool, {}));
        return clear_inputs(&trial);
    }

    // Calls visit(params) for every convolution of a step that has a choice.
    template <class Visit>
    static Status for_each_choice(const Program &program, const Step &step, Visit visit) {
        auto try_conv = [&](const Conv2dParams &conv, const Operand &weights) {
            return has_conv_choice(conv, weights.space == Space::kWeights) ? visit(conv) : Status();
        };
        const Operand *operands = program.operands.data() + step.first_operand;
        if (step.kernel == KernelId::conv2d || step.kernel == KernelId::winograd2d) {
            Conv2dParams conv; // the params of winograd2d begin with it
            std::memcpy(&conv, program.params_of(step), sizeof conv);
            return try_conv(conv, operands[1]);
        }
        if (step.kernel != KernelId::bands2d) return Status();
        Bands2dParams bands;
        std::memcpy(&bands, program.params_of(step), sizeof bands);
        for (int32_t i = 0; i < bands.stages; ++i)
            if (bands.stage[i].kind == BandKind::kConv)
                LINNET_TRY(try_conv(bands.stage[i].conv, operands[3 + 2 * i]));
        return Status();
    }

    // With the method of the cost model.
    Status find_kinds() {
        LINNET_TRY(check_cancelled());
        LINNET_ASSIGN(Program program, plan({}));
        for (const Step &step : program.steps)
            LINNET_TRY(for_each_choice(program, step, [&](const Conv2dParams &conv) {
                if (kind_of(conv) < kinds_.size()) return Status();
                return kinds_.push(ConvChoice::of(conv, choose_conv_method(conv, true, {})));
            }));
        return taken_.fill(kinds_.size() * kTrials, 0.0);
    }

    size_t kind_of(const Conv2dParams &conv) const {
        size_t kind = 0;
        while (kind < kinds_.size() && !kinds_[kind].is_for(conv)) ++kind;
        return kind;
    }

    static Status clear_inputs(Trial *trial) {
        for (size_t i = 0; i < trial->program().inputs.size(); ++i) {
            const ProgramPort &port = trial->program().inputs[i];
            size_t bytes = static_cast<size_t>(port.view.shape.elements()) * size_of(port.dtype);
            Array<unsigned char> zeros;
            LINNET_TRY(zeros.fill(bytes, 0));
            if (bytes) trial->execution->write_input(i, port.dtype, zeros.data());
        }
        return Status();
    }

    Status run_once(Trial *trial) {
        for (size_t step = 0; step < trial->least.size(); ++step) {
            LINNET_TRY(check_cancelled());
            trial->execution->run_step(step);
            trial->least[step] = std::min(trial->least[step], trial->execution->milliseconds(step));
        }
        return Status();
    }

    Status sum_up(Trial *trial) {
        double sum = 0;
        LINNET_TRY(trial->until.fill(graph_.values.size(), 0.0));
        LINNET_TRY(trial->steps.fill(graph_.values.size(), 0));
        for (size_t step = 0; step < trial->least.size(); ++step) {
            uint32_t value = trial->program().steps[step].value;
            trial->until[value] = sum += trial->least[step];
            ++trial->steps[value];
        }
        return Status();
    }

    // Programs differ where steps are joined: the step has the last one's value then. So what a kind
    // takes is the time between two values on which all programs work by as many steps; as a rule,
    // only its convolutions lie between these.
    Status share_times() {
        const Program &program = trials_[0].program();
        double before[kTrials] = {};
        Array<size_t> inside; // the kinds since the last such value
        for (size_t i = 0; i < program.steps.size(); ++i) {
            LINNET_TRY(for_each_choice(program, program.steps[i], [&](const Conv2dParams &conv) {
                return inside.push(kind_of(conv));
            }));
            uint32_t value = program.steps[i].value;
            bool ends = i + 1 == program.steps.size() || program.steps[i + 1].value != value;
            for (const Trial &trial : trials_)
                ends = ends && trial.steps[value] == trials_[0].steps[value];
            if (!ends) continue;
            for (size_t t = 0; t < kTrials; ++t) {
                for (size_t kind : inside)
                    taken_[kind * kTrials + t] += trials_[t].until[value] - before[t];
                before[t] = trials_[t].until[value];
            }
            inside.clear();
        }
        return Status();
    }

    void choose(size_t kind) {
        const double *taken = &taken_[kind * kTrials];
        double least = DBL_MAX;
        for (size_t t = 0; t < kTrials; ++t)
            if (kTriedMethods[t] == kinds_[kind].method) least = taken[t] * kClearly;
        for (size_t t = 0; t < kTrials; ++t) {
            if (taken[t] >= least) continue;
            least = taken[t];
            kinds_[kind].method = kTriedMethods[t];
        }
    }

    const Graph &graph_;
    const TuneSettings &settings_;
    WeightCache cache_;
    Array<ConvChoice> kinds_;
    Array<double> taken_; // by kind and trial: milliseconds
    Trial trials_[kTrials];
};

} // namespace

Result<Array<ConvChoice>> tune(const Graph &graph, const TuneSettings &settings) {
    return Tuner(graph, settings).run();
}

} // namespace linnet

// A model made ready for input shapes, with the memory to run it.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "image/picture.h"
#include "predictor/model.h"
#include "run/execution.h"

namespace linnet {

struct SessionOptions {
    int threads = 1;
    Isa isa = Isa::kAuto;
    Span<unsigned char> arena; // empty: the session's own
};

// One thread at a time; a second one inside gets kWrongState. Only cancel() is free of that.
class Session {
public:
    static Result<Owned<Session>> create(Ref<Model> model, const SessionOptions &options);
    Session() = default;

    const Model &model() const { return *model_; }
    size_t input_count() const { return shapes_.size(); }
    size_t output_count() const;

    Status set_shape(size_t input, const Shape &shape);
    Status watch(string_view tensor, size_t *output);
    Result<Shape> input_shape(size_t input) const;
    Result<Shape> output_shape(size_t output) const;
    Result<DType> output_dtype(size_t output) const;

    Status set_input(size_t input, DType dtype, const void *data, size_t count);
    Status set_pixels(int64_t item, const Picture &picture);
    Status run();
    // One more step; `done` counts those since the run began.
    Status step(size_t *done);
    void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
    Status read_output(size_t output, DType dtype, void *data, size_t count) const;
    // The best classes of an item; returns how many there are, at most indices.size().
    Result<size_t> top(int64_t item, Span<int32_t> indices, Span<float> probabilities) const;
    Result<size_t> classify(const Picture &picture, Span<int32_t> indices,
                            Span<float> probabilities);

    // Times the methods of the convolutions for the shapes as they are; what is fastest here, as a
    // value of the metadata entry linnet.convolutions.
    Status tune(const char **convolutions);

    Result<int64_t> arena_bytes() const;
    Result<size_t> step_count() const;
    Status step_info(size_t step, const char **tensor, const char **kernel,
                     double *milliseconds) const;

private:
    class Turn;
    Status require_ready() const;
    Result<Owned<Execution>> prepare(Span<const Shape> shapes, Span<const Text> watched) const;
    Result<Owned<Execution>> prepare_graph(Span<const Shape> shapes,
                                           Span<const Text> watched) const;
    // The model's own where that has these shapes, or else one that is made in `made`.
    Result<const Graph *> shaped_graph(Span<const Shape> shapes, Span<const Text> watched,
                                       Graph *made) const;
    Result<Owned<Execution>> prepare_planned(Span<const Shape> shapes,
                                             Span<const Text> watched) const;
    Result<Owned<Execution>> plan(const Graph &graph) const;
    Result<Owned<Execution>> run_program(Program program) const;
    Status make_ready(bool may_wait, Span<const Shape> shapes);
    void replace_execution(Owned<Execution> execution);
    Status check_input(size_t input) const;
    Status check_output(size_t output) const;
    Status check_inputs_set() const;
    // As the functions of like names, in a turn that the caller holds.
    Status write_pixels(int64_t item, const Picture &picture);
    Status run_steps();
    Result<size_t> best_classes(int64_t item, Span<int32_t> indices,
                                Span<float> probabilities) const;
    void input_changed(size_t input);
    Status run_next_step();
    Status read_scores(int64_t item, Array<float> *scores) const;

    Ref<Model> model_;
    SessionOptions options_;
    Owned<ThreadPool> pool_;
    Array<Shape> shapes_;
    Array<Text> watched_;
    Text tuned_;
    Owned<Execution> execution_; // empty while the shapes do not allow one
    Text not_ready_;             // why
    Array<bool> input_set_;
    Array<bool> item_set_; // of the picture input, while it is set item by item
    size_t next_step_ = 0;
    bool has_run_ = false;
    mutable std::atomic<bool> busy_{false};
    std::atomic<bool> cancelled_{false};
};

} // namespace linnet

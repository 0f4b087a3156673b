// How nodes become steps: what an operator sees of its node when all shapes are known, and the
// builder that collects the steps of a program.
// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "base/padding.h"
#include "kernels/conv_method.h"
#include "model/graph.h"
#include "ops/weight_cache.h"
#include "program/layout.h"

namespace linnet {

// A view of rank 3 or 4 whose channels lie innermost, as picture kernels want it.
struct PictureView {
    View view;
    int32_t batch = 1, channels = 1, height = 1, width = 1;
    PictureStrides strides;
};

// Whether both views see the same elements in the same order.
bool same_place(const View &a, const View &b);

// Whether both lie in the same buffer or block of weights.
inline bool shares_block(const View &a, const View &b) {
    return a.space == b.space && a.block == b.block;
}

// Builds a program for a graph whose shapes are all known, node by node in order. Buffers get their
// sizes and lifetimes here and their places in the arena from the planner.
class Lowering {
public:
    // All that is handed over must outlive it. `choices`: methods of convolutions that are stated.
    static Result<Lowering> create(const Graph &graph, WeightCache *cache,
                                   Span<const ConvChoice> choices);

    // Declares an input of the program that the caller fills: it keeps its buffer for ever.
    Status add_input(ValueId value, DType dtype, Order order);
    // After the last node: an output of the program.
    Status add_output(ValueId value, DType dtype);
    Status lower_node(size_t node);
    Program take_program() { return std::move(program_); }
    const Program &program() const { return program_; }

    // ---- for operators ----
    const Graph &graph() const { return *graph_; }
    const Node &node() const { return graph_->nodes[node_]; }
    bool has_input(size_t i) const { return node().has_input(i); }
    size_t input_count() const { return node().inputs.size(); }
    size_t output_count() const { return node().outputs.size(); }
    bool has_output(size_t i) const {
        return i < node().outputs.size() && node().outputs[i] != kNoValue;
    }
    const Shape &input_shape(size_t i) const { return graph_->value(node().inputs[i]).shape; }
    DType input_dtype(size_t i) const { return graph_->value(node().inputs[i]).dtype; }
    const Shape &output_shape(size_t i) const { return graph_->value(node().outputs[i]).shape; }
    DType output_dtype(size_t i) const { return graph_->value(node().outputs[i]).dtype; }
    const Tensor *constant(size_t i) const { return graph_->constant(node().input(i)); }
    Span<const ConvChoice> conv_choices() const { return choices_; }

    // Where an input lies, as it lies.
    Result<View> input(size_t i);
    // The input row-major without gaps; copied if it lies otherwise.
    Result<View> dense_input(size_t i);
    // The input [N, C, H, W] or [N, C, W] with its channels innermost; copied if it lies otherwise.
    Result<PictureView> picture_input(size_t i);
    // A copy of any view, in an order, if it does not lie so already.
    Result<View> arranged(const View &view, Order order);

    // A place for an output. It may be part of a larger tensor (a concatenation), so that rows can
    // have gaps; dense_output() never has any.
    Result<View> output(size_t i, Order order);
    Result<View> dense_output(size_t i);
    Result<PictureView> picture_output(size_t i);
    // A picture output in the memory of `like`, as output_like().
    Result<PictureView> picture_output_like(size_t i, const View &like);
    // The place of a concatenation's output, where some of its inputs may already lie.
    Result<View> concatenation(size_t i, Order order);
    // A place for an output that an elementwise kernel computes from `like`, a view of the same
    // shape: lying the same way, and in its very memory if nothing but this node reads that any
    // more. A kernel that reads an element after writing another one must not have it there.
    Result<View> output_like(size_t i, const View &like);
    // The output is a view of an input, or of another output: no step.
    Status alias(size_t i, const View &view);

    // Memory for a part of this node's work.
    Result<View> temporary(DType dtype, const Shape &shape, Order order);

    // A constant as an operand.
    Result<View> weights(Ref<Tensor> contents);
    // A constant in another form, made once for all sessions of a model. `key` tells one form of
    // `source` from another; `pack(context, floats)` fills the new block.
    Result<View> packed_weights(const Tensor *source, Span<const int64_t> key, int64_t floats,
                                PackFunction pack, const void *context);

    // Adds a step. The params are copied; absent operands are View().
    template <class Params>
    Status emit(KernelId kernel, const Params &params, std::initializer_list<View> operands,
                int64_t scratch_bytes = 0) {
        static_assert(std::is_trivially_copyable_v<Params>, "params are plain data");
        const Params &plain = without_padding(params);
        return emit_bytes(kernel, &plain, sizeof plain, operands, scratch_bytes);
    }
    // Adds a step that copies a view into another of the same shape and type.
    Status emit_copy(const View &from, const View &to);

    // An error about this node.
    Status fail(const char *format, ...) const LINNET_PRINTF(2, 3);
    Status unsupported(const char *format, ...) const LINNET_PRINTF(2, 3);

private:
    // Where a value shall lie because a later node concatenates it.
    struct Slot {
        ValueId whole = kNoValue;
        int axis = 0;
        int64_t start = 0;
    };

    Status emit_bytes(KernelId kernel, const void *params, size_t bytes,
                      std::initializer_list<View> operands, int64_t scratch_bytes);
    Status find_slots();
    bool has_known_inputs(const Node &node) const;
    // Whether none of the node's outputs has any element; then there is no step.
    bool computes_nothing() const;
    Status place_empty_outputs();
    Result<int32_t> add_buffer(int64_t bytes);
    Result<View> place(ValueId value, Order order, bool may_share);
    void find_gaps();
    Result<View> own_place(ValueId value, Order order);
    void locate(ValueId value, const View &view);
    bool dies_here(const View &view) const;
    PictureView as_picture(const View &view) const;

    const Graph *graph_ = nullptr;
    WeightCache *cache_ = nullptr;
    Span<const ConvChoice> choices_;
    size_t node_ = 0;
    Program program_;
    Array<View> located_;            // by value; Space::kNone: nowhere yet
    Array<int32_t> pending_;         // by value: reads still to come
    Array<int32_t> buffer_pending_;  // by buffer: the sum over the values in it
    Array<int64_t> buffer_gap_;      // by buffer: channels between its pixels that nobody has
    Array<Slot> slots_;              // by value
    Array<bool> gaps_;               // by value: whether its pixels shall lie apart
};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "ops/lowering.h"

#include <cstring>

#include "base/cut.h"
#include "base/message_log.h"
#include "kernels/copy.h"
#include "kernels/interleave.h"
#include "ops/operator.h"

namespace linnet {

bool same_place(const View &a, const View &b) {
    if (a.space != b.space || a.block != b.block) return false;
    if (a.offset != b.offset || a.shape != b.shape) return false;
    for (int axis = 0; axis < a.shape.rank(); ++axis)
        if (a.stride[axis] != b.stride[axis]) return false;
    return true;
}

static size_t index_of(ValueId value) { return static_cast<size_t>(value); }

Result<Lowering> Lowering::create(const Graph &graph, WeightCache *cache,
                                  Span<const ConvChoice> choices) {
    Lowering lowering;
    lowering.graph_ = &graph;
    lowering.cache_ = cache;
    lowering.choices_ = choices;
    size_t values = graph.values.size();
    LINNET_TRY(lowering.located_.resize(values));
    LINNET_TRY(lowering.pending_.resize(values));
    LINNET_TRY(lowering.slots_.resize(values));
    LINNET_TRY(lowering.program_.value_names.resize(values));
    for (size_t v = 0; v < values; ++v)
        LINNET_TRY(lowering.program_.value_names[v].assign(graph.values[v].name));
    for (const Node &node : graph.nodes)
        for (ValueId input : node.inputs)
            if (input != kNoValue) ++lowering.pending_[index_of(input)];
    for (const Port &port : graph.outputs) ++lowering.pending_[index_of(port.value)];
    LINNET_TRY(lowering.find_slots());
    LINNET_TRY(lowering.gaps_.resize(values));
    lowering.find_gaps();
    return lowering;
}

// A convolution reads the same channels of many pixels in turn. If these lie a multiple of 2 KB
// apart, they all fall on the same few places of the first cache. A picture that is added to the
// output and lends it its memory lies as that shall lie.
void Lowering::find_gaps() {
    constexpr int64_t kAliasingChannels = 512;
    for (size_t i = graph_->nodes.size(); i-- > 0;) {
        const Node &node = graph_->nodes[i];
        if (node.op.view() != "Conv") continue;
        if (node.has_input(3) && gaps_[index_of(node.outputs[0])])
            gaps_[index_of(node.inputs[3])] = true;
        const Shape &shape = graph_->value(node.inputs[0]).shape;
        bool has_pixels = shape.is_known() && shape.rank() == 4 && shape[2] * shape[3] > 1;
        if (has_pixels && shape[1] % kAliasingChannels == 0)
            gaps_[index_of(node.inputs[0])] = true;
    }
}

bool Lowering::has_known_inputs(const Node &node) const {
    for (ValueId input : node.inputs)
        if (input == kNoValue || !graph_->value(input).shape.is_known()) return false;
    return graph_->value(node.outputs[0]).shape.is_known();
}

// A value that one concatenation reads once, and that a node computes, is computed in its place.
Status Lowering::find_slots() {
    LINNET_ASSIGN(GraphUses uses, GraphUses::of(*graph_));
    Array<int32_t> times; // that the Concat at hand reads each value
    LINNET_TRY(times.fill(graph_->values.size(), 0));
    Array<bool> is_output;
    LINNET_TRY(is_output.fill(graph_->values.size(), false));
    for (const Port &port : graph_->outputs) is_output[index_of(port.value)] = true;
    for (const Node &node : graph_->nodes) {
        if (node.op.view() != "Concat" || !has_known_inputs(node)) continue;
        for (ValueId input : node.inputs) ++times[index_of(input)];
        const Shape &whole = graph_->value(node.outputs[0]).shape;
        int64_t axis = node.get_int("axis", 0);
        if (axis < 0) axis += whole.rank();
        int64_t start = 0;
        for (size_t i = 0; i < node.inputs.size(); ++i) {
            ValueId input = node.inputs[i];
            bool repeated = times[index_of(input)] > 1;
            Slot &slot = slots_[index_of(input)];
            if (uses.producer(input) >= 0 && !repeated && slot.whole == kNoValue &&
                !is_output[index_of(input)])
                slot = Slot{node.outputs[0], static_cast<int>(axis), start};
            start += graph_->value(input).shape[static_cast<int>(axis)];
        }
        for (ValueId input : node.inputs) times[index_of(input)] = 0;
    }
    return Status();
}

Result<int32_t> Lowering::add_buffer(int64_t bytes) {
    Buffer buffer;
    buffer.bytes = bytes;
    LINNET_TRY(program_.buffers.push(buffer));
    LINNET_TRY(buffer_pending_.push(0));
    LINNET_TRY(buffer_gap_.push(0));
    return static_cast<int32_t>(program_.buffers.size() - 1);
}

void Lowering::locate(ValueId value, const View &view) {
    located_[index_of(value)] = view;
    if (view.space == Space::kArena)
        buffer_pending_[static_cast<size_t>(view.block)] += pending_[index_of(value)];
}

// A place for a value that is computed now: in a concatenation if it may have gaps, else its own.
Result<View> Lowering::place(ValueId value, Order order, bool may_share) {
    const Value &described = graph_->value(value);
    const Slot &slot = slots_[index_of(value)];
    if (may_share && slot.whole != kNoValue) {
        if (located_[index_of(slot.whole)].space == Space::kNone) {
            LINNET_ASSIGN(View whole, place(slot.whole, order, true));
            locate(slot.whole, whole);
        }
        const View &whole = located_[index_of(slot.whole)];
        bool same_order = order == Order::kChannelsLast && whole.shape.rank() >= 3
                              ? whole.stride[1] == 1
                              : whole.stride[whole.shape.rank() - 1] == 1;
        if (same_order)
            return slice_view(whole, slot.axis, slot.start, 1, described.shape[slot.axis]);
    }
    return own_place(value, order);
}

Result<View> Lowering::own_place(ValueId value, Order order) {
    const Value &described = graph_->value(value);
    if (order != Order::kChannelsLast || !gaps_[index_of(value)])
        return temporary(described.dtype, described.shape, order);
    constexpr int64_t kGap = 16; // a cache line of floats
    Shape spaced = described.shape;
    spaced[1] += kGap;
    LINNET_ASSIGN(View view, temporary(described.dtype, spaced, order));
    view.shape = described.shape;
    buffer_gap_[static_cast<size_t>(view.block)] = kGap;
    return view;
}

Result<View> Lowering::temporary(DType dtype, const Shape &shape, Order order) {
    if (!fits(shape, kMostElements))
        return unsupported("a part of its work would have the shape %s", ShapeText(shape).c_str());
    View view;
    view.space = Space::kArena;
    view.dtype = dtype;
    view.shape = shape;
    set_strides(order, shape, view.stride);
    int64_t bytes = shape.elements() * static_cast<int64_t>(size_of(dtype));
    LINNET_ASSIGN(view.block, add_buffer(bytes));
    return view;
}

Status Lowering::add_input(ValueId value, DType dtype, Order order) {
    LINNET_ASSIGN(View view, place(value, order, false));
    Buffer &buffer = program_.buffers[static_cast<size_t>(view.block)];
    buffer.first = 0;
    buffer.last = kForever;
    ++buffer_pending_[static_cast<size_t>(view.block)]; // never overwritten
    locate(value, view);
    return program_.inputs.push(ProgramPort{view, dtype});
}

Status Lowering::add_output(ValueId value, DType dtype) {
    View view = located_[index_of(value)];
    if (view.space == Space::kNone) {
        Ref<Tensor> constant = graph_->value(value).constant;
        if (!constant) return error(Code::kInternal, "an output is computed by no node");
        LINNET_ASSIGN(view, weights(constant));
    }
    if (view.space == Space::kArena)
        program_.buffers[static_cast<size_t>(view.block)].last = kForever;
    return program_.outputs.push(ProgramPort{view, dtype});
}

Status Lowering::lower_node(size_t node) {
    node_ = node;
    const Node &described = graph_->nodes[node];
    const Operator *op = find_operator(described.op);
    if (!op) return unsupported("no such operator");
    for (ValueId output : described.outputs)
        if (output != kNoValue && !graph_->value(output).shape.is_known())
            return unsupported("the shape of its output '%s' depends on the data",
                               graph_->value(output).name.c_str());
    LINNET_TRY(name_what_is_missing(
        described, computes_nothing() ? place_empty_outputs() : op->lower(*this)));
    for (ValueId input : described.inputs) {
        if (input == kNoValue) continue;
        --pending_[index_of(input)];
        const View &view = located_[index_of(input)];
        if (view.space == Space::kArena) --buffer_pending_[static_cast<size_t>(view.block)];
    }
    return Status();
}

bool Lowering::computes_nothing() const {
    for (ValueId output : node().outputs)
        if (output != kNoValue && graph_->value(output).shape.elements() != 0) return false;
    return true;
}

Status Lowering::place_empty_outputs() {
    for (size_t i = 0; i < output_count(); ++i) {
        if (!has_output(i) || located_[index_of(node().outputs[i])].space != Space::kNone) continue;
        LINNET_ASSIGN(View place, dense_output(i));
        static_cast<void>(place);
    }
    return Status();
}

Result<View> Lowering::input(size_t i) {
    ValueId value = node().inputs[i];
    View &view = located_[index_of(value)];
    if (view.space != Space::kNone) return view;
    Ref<Tensor> constant = graph_->value(value).constant;
    if (!constant) return error(Code::kInternal, "a node reads what no node has computed");
    LINNET_ASSIGN(view, weights(constant));
    return view;
}

Result<View> Lowering::arranged(const View &view, Order order) {
    if (lies_in(order, view)) return view;
    LINNET_ASSIGN(View copy, temporary(view.dtype, view.shape, order));
    LINNET_TRY(emit_copy(view, copy));
    return copy;
}

Result<View> Lowering::dense_input(size_t i) {
    LINNET_ASSIGN(View view, input(i));
    return arranged(view, Order::kDense);
}

PictureView Lowering::as_picture(const View &view) const {
    bool flat = view.shape.rank() == 3;
    PictureView picture;
    picture.view = view;
    picture.batch = static_cast<int32_t>(view.shape[0]);
    picture.channels = static_cast<int32_t>(view.shape[1]);
    picture.height = flat ? 1 : static_cast<int32_t>(view.shape[2]);
    picture.width = static_cast<int32_t>(view.shape[flat ? 2 : 3]);
    picture.strides.image = view.stride[0];
    picture.strides.row = flat ? view.stride[2] * view.shape[2] : view.stride[2];
    picture.strides.pixel = view.stride[flat ? 2 : 3];
    return picture;
}

Result<PictureView> Lowering::picture_input(size_t i) {
    LINNET_ASSIGN(View view, input(i));
    if (view.shape.rank() != 3 && view.shape.rank() != 4)
        return unsupported("its input has the shape %s; rank 3 or 4 is supported",
                           ShapeText(view.shape).c_str());
    for (int64_t dim : view.shape.dims())
        if (dim > INT32_MAX)
            return unsupported("its input %s is too large", ShapeText(view.shape).c_str());
    if (view.shape[1] != 1 && view.stride[1] != 1) {
        LINNET_ASSIGN(view, arranged(view, Order::kChannelsLast));
    }
    return as_picture(view);
}

Result<View> Lowering::output(size_t i, Order order) {
    ValueId value = node().outputs[i];
    LINNET_ASSIGN(View view, place(value, order, true));
    locate(value, view);
    return view;
}

Result<View> Lowering::dense_output(size_t i) {
    ValueId value = node().outputs[i];
    LINNET_ASSIGN(View view, place(value, Order::kDense, false));
    locate(value, view);
    return view;
}

Result<PictureView> Lowering::picture_output(size_t i) {
    LINNET_ASSIGN(View view, output(i, Order::kChannelsLast));
    return as_picture(view);
}

Result<PictureView> Lowering::picture_output_like(size_t i, const View &like) {
    if (order_of(like) != Order::kChannelsLast) return picture_output(i);
    LINNET_ASSIGN(View view, output_like(i, like));
    return as_picture(view);
}

Result<View> Lowering::concatenation(size_t i, Order order) {
    const View &begun = located_[index_of(node().outputs[i])];
    if (begun.space != Space::kNone) return begun;
    return output(i, order);
}

// Nothing reads the memory after this node: all reads still to come are this node's own and see the
// memory in the same way, and the view covers its buffer, without seeing an element twice.
bool Lowering::dies_here(const View &view) const {
    if (view.space != Space::kArena) return false;
    const Buffer &buffer = program_.buffers[static_cast<size_t>(view.block)];
    Shape whole = view.shape;
    int64_t gap = buffer_gap_[static_cast<size_t>(view.block)];
    if (gap > 0) whole[1] += gap;
    if (buffer.bytes != whole.elements() * static_cast<int64_t>(size_of(view.dtype))) return false;
    for (int axis = 0; axis < view.shape.rank(); ++axis)
        if (view.shape[axis] > 1 && view.stride[axis] == 0) return false;
    int32_t own = 0;
    for (ValueId input : node().inputs) {
        if (input == kNoValue) continue;
        const View &other = located_[index_of(input)];
        if (other.space != Space::kArena || other.block != view.block) continue;
        if (!same_place(other, view)) return false;
        ++own;
    }
    return buffer_pending_[static_cast<size_t>(view.block)] == own;
}

Result<View> Lowering::output_like(size_t i, const View &like) {
    ValueId value = node().outputs[i];
    const Value &described = graph_->value(value);
    bool same = described.dtype == like.dtype && described.shape == like.shape;
    if (same && slots_[index_of(value)].whole == kNoValue && dies_here(like)) {
        locate(value, like);
        return like;
    }
    return output(i, order_of(like));
}

Status Lowering::alias(size_t i, const View &view) {
    View located = view;
    located.dtype = output_dtype(i);
    locate(node().outputs[i], located);
    return Status();
}

static Status copy_floats(const void *, const Tensor &source, float *floats) {
    return source.write_to(0, {reinterpret_cast<unsigned char *>(floats), source.bytes()});
}

Result<View> Lowering::weights(Ref<Tensor> contents) {
    View view;
    view.space = Space::kWeights;
    view.dtype = contents->dtype();
    view.shape = contents->shape();
    set_strides(Order::kDense, view.shape, view.stride);
    if (contents->is_deferred()) {
        int64_t floats = view.shape.elements();
        LINNET_ASSIGN(contents, cache_->get(contents.get(), {}, floats, copy_floats, nullptr));
    }
    for (size_t i = program_.weights.size(); i-- > 0;) {
        if (program_.weights[i].get() != contents.get()) continue;
        view.block = static_cast<int32_t>(i);
        return view;
    }
    view.block = static_cast<int32_t>(program_.weights.size());
    LINNET_TRY(program_.weights.push(std::move(contents)));
    return view;
}

Result<View> Lowering::packed_weights(const Tensor *source, Span<const int64_t> key, int64_t floats,
                                      PackFunction pack, const void *context) {
    LINNET_ASSIGN(Ref<Tensor> packed, cache_->get(source, key, floats, pack, context));
    return weights(std::move(packed));
}

Status Lowering::emit_copy(const View &from, const View &to) {
    CopyParams params;
    params.loop = loop_over(to.shape, {&to, &from});
    params.element_bytes = static_cast<int32_t>(size_of(to.dtype));
    InterleaveParams interleave;
    int64_t distance;
    if (is_interleave(params, &interleave, &distance)) {
        View x[kMostInterleaved];
        for (int32_t i = 0; i < interleave.parts; ++i) {
            x[i] = from;
            x[i].offset += i * distance;
        }
        return emit(KernelId::interleave, interleave, {to, x[0], x[1], x[2], x[3]});
    }
    return emit(KernelId::copy, params, {to, from});
}

Status Lowering::emit_bytes(KernelId kernel, const void *params, size_t bytes,
                            std::initializer_list<View> operands, int64_t scratch_bytes) {
    if (!has_kernel(kernel)) return unsupported("a kernel for it %s%s", kNotHere, kCutHint);
    tell_use("kernel", linnet::kernel(kernel, Isa::kPlain).name);
    int32_t number = static_cast<int32_t>(program_.steps.size());
    Step step;
    step.kernel = kernel;
    step.operand_count = static_cast<uint16_t>(operands.size());
    step.first_operand = static_cast<uint32_t>(program_.operands.size());
    for (ValueId output : node().outputs) {
        if (output == kNoValue) continue;
        step.value = static_cast<uint32_t>(output);
        break;
    }
    for (const View &view : operands) {
        Operand operand{view.space, view.block,
                        view.offset * static_cast<int64_t>(size_of(view.dtype))};
        LINNET_TRY(program_.operands.push(operand));
        if (view.space != Space::kArena) continue;
        Buffer &buffer = program_.buffers[static_cast<size_t>(view.block)];
        if (number < buffer.first) buffer.first = number;
        if (number > buffer.last) buffer.last = number;
    }
    LINNET_ASSIGN(step.params, append_params(&program_, params, bytes));
    LINNET_ASSIGN(step.scratch, append_scratch(&program_, scratch_bytes, number));
    if (step.scratch >= 0) {
        LINNET_TRY(buffer_pending_.push(0));
        LINNET_TRY(buffer_gap_.push(0));
    }
    LINNET_TRY(program_.steps.push(step));
    return Status();
}

} // namespace linnet

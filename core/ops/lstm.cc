// SPDX-License-Identifier: MIT
#include "kernels/lstm_sequence.h"
#include "ops/conversion.h"
#include "ops/matrix_product.h"
#include "ops/single_steps.h"

namespace linnet {
namespace {

enum LstmInput : size_t { kX, kW, kR, kB, kLengths, kInitialH, kInitialC, kPeepholes };

// The sizes of the node, of which some may be unknown while shapes are inferred.
struct LstmSizes {
    int64_t steps = kUnknown, batch = kUnknown, input = kUnknown;
    int64_t hidden = kUnknown, directions = 1;
    bool batch_first = false;

    // Axes that the layout orders.
    Shape sequences(int64_t last) const {
        return batch_first ? Shape{batch, steps, last} : Shape{steps, batch, last};
    }
    Shape states() const {
        return batch_first ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden};
    }
    Shape outputs() const {
        return batch_first ? Shape{batch, steps, directions, hidden}
                           : Shape{steps, directions, batch, hidden};
    }
};

LstmSizes lstm_sizes(const Node &node, const Shape &x, const Shape &r) {
    LstmSizes sizes;
    sizes.batch_first = node.get_int("layout", 0) != 0;
    sizes.directions = node.get_text("direction", "forward") == "bidirectional" ? 2 : 1;
    sizes.hidden = node.get_int("hidden_size", r.rank() == 3 ? r[2] : kUnknown);
    if (x.rank() != 3) return sizes;
    sizes.steps = x[sizes.batch_first ? 1 : 0];
    sizes.batch = x[sizes.batch_first ? 0 : 1];
    sizes.input = x[2];
    return sizes;
}

// Whether numbers of elements and of multiply-adds do not overflow. Unknown and empty axes count 1.
bool are_sizes_usable(const LstmSizes &sizes) {
    constexpr int64_t most = int64_t{1} << 56;
    // input + hidden is at most twice their product.
    const int64_t factors[] = {sizes.steps,  sizes.batch, 8 * sizes.directions,
                               sizes.hidden, sizes.hidden, sizes.input};
    int64_t total = 1;
    for (int64_t factor : factors) {
        if (factor <= 0) continue;
        if (total > most / factor) return false;
        total *= factor;
    }
    return true;
}

// Whether the input, if there is one, has a shape or can have it once it is known.
Status check_lstm_input(const Inference &inference, size_t i, const Shape &expected) {
    if (!inference.has_input(i)) return Status();
    if (i != kLengths) LINNET_TRY(inference.require_dtype(i, {DType::kFloat32}));
    const Shape &found = inference.shape(i);
    bool fits = !found.has_rank() || found.rank() == expected.rank();
    for (int axis = 0; fits && axis < found.rank(); ++axis)
        fits = found[axis] < 0 || expected[axis] < 0 || found[axis] == expected[axis];
    if (fits) return Status();
    return inference.fail("its input %zu has the shape %s; expected %s", i,
                          ShapeText(found).c_str(), ShapeText(expected).c_str());
}

Status check_lstm_inputs(const Inference &inference, const LstmSizes &sizes) {
    int64_t directions = sizes.directions, hidden = sizes.hidden;
    int64_t gates = hidden < 0 ? kUnknown : 4 * hidden;
    const Shape expected[] = {sizes.sequences(sizes.input),
                              {directions, gates, sizes.input},
                              {directions, gates, hidden},
                              {directions, hidden < 0 ? kUnknown : 8 * hidden},
                              {sizes.batch},
                              sizes.states(),
                              sizes.states(),
                              {directions, hidden < 0 ? kUnknown : 3 * hidden}};
    for (size_t i = 0; i < 8; ++i) LINNET_TRY(check_lstm_input(inference, i, expected[i]));
    if (!inference.has_input(kLengths)) return Status();
    return inference.require_dtype(kLengths, {DType::kInt32});
}

Status infer_lstm(Inference &inference) {
    const Node &node = inference.node();
    string_view direction = node.get_text("direction", "forward");
    if (direction != "forward" && direction != "reverse" && direction != "bidirectional")
        return inference.fail("its attribute 'direction' is none of forward, reverse and "
                              "bidirectional");
    if (!node.get_floats("activation_alpha").empty() || !node.get_floats("activation_beta").empty())
        return inference.unsupported("its activations are not the usual ones");
    LstmSizes sizes = lstm_sizes(node, inference.shape(kX), inference.shape(kR));
    if (sizes.hidden > INT32_MAX / 8 || sizes.hidden == 0 || sizes.hidden < kUnknown)
        return inference.fail("its attribute 'hidden_size' is out of range");
    LINNET_TRY(check_lstm_inputs(inference, sizes));
    if (!are_sizes_usable(sizes)) return inference.unsupported("its inputs are too large");
    inference.set_output(0, DType::kFloat32, sizes.outputs());
    inference.set_output(1, DType::kFloat32, sizes.states());
    inference.set_output(2, DType::kFloat32, sizes.states());
    return Status();
}

// The two halves of the bias, of the inputs and of the recurrence, come together.
Result<View> lstm_bias(Lowering &lowering, const LstmSizes &sizes) {
    LINNET_ASSIGN(View halves, lowering.dense_input(kB));
    reshape_view(halves, {sizes.directions, 2, 4 * sizes.hidden}, &halves);
    Shape one = {sizes.directions, 1, 4 * sizes.hidden};
    LINNET_ASSIGN(View sum, lowering.temporary(DType::kFloat32, one, Order::kDense));
    LINNET_TRY(emit_binary_step(lowering, sum, slice_view(halves, 1, 0, 1, 1),
                                slice_view(halves, 1, 1, 1, 1), BinaryFunction::kAdd));
    reshape_view(sum, {sizes.directions * 4 * sizes.hidden}, &sum);
    return sum;
}

// What the inputs add to the gates: a row for each element of each sequence, in the order of x.
Result<View> lstm_gates(Lowering &lowering, const LstmSizes &sizes) {
    int64_t rows = sizes.steps * sizes.batch, gates = sizes.directions * 4 * sizes.hidden;
    RowProduct product;
    LINNET_ASSIGN(View x, lowering.dense_input(kX));
    reshape_view(x, {rows, sizes.input}, &product.a);
    LINNET_ASSIGN(product.y,
                  lowering.temporary(DType::kFloat32, {rows, gates}, Order::kDense));
    if (lowering.has_input(kB)) {
        LINNET_ASSIGN(product.bias, lstm_bias(lowering, sizes));
    }
    if (lowering.constant(kW)) {
        product.b = kW;
        product.b_transposed = true;
        LINNET_TRY(emit_row_product(lowering, product));
        return product.y;
    }
    LINNET_ASSIGN(View w, lowering.dense_input(kW));
    reshape_view(w, {gates, sizes.input}, &w);
    const int64_t swapped[] = {1, 0};
    LINNET_TRY(
        emit_matrix_product(lowering, product.a, transpose_view(w, swapped), product.y, 1));
    if (lowering.has_input(kB))
        LINNET_TRY(emit_binary_step(lowering, product.y, product.y, product.bias,
                                    BinaryFunction::kAdd));
    return product.y;
}

Result<View> dense_or_none(Lowering &lowering, size_t i) {
    if (!lowering.has_input(i)) return View();
    return lowering.dense_input(i);
}

Result<View> lstm_output(Lowering &lowering, size_t i) {
    if (!lowering.has_output(i)) return View();
    return lowering.dense_output(i);
}

// The strides of a state, by direction and by sequence.
void set_state_strides(const LstmSizes &sizes, int64_t *direction, int64_t *sequence) {
    *direction = sizes.batch_first ? sizes.hidden : sizes.batch * sizes.hidden;
    *sequence = sizes.batch_first ? sizes.directions * sizes.hidden : sizes.hidden;
}

LstmSequenceParams lstm_params(const Node &node, const LstmSizes &sizes) {
    LstmSequenceParams params;
    params.steps = sizes.steps;
    params.batch = sizes.batch;
    params.hidden = sizes.hidden;
    params.directions = static_cast<int32_t>(sizes.directions);
    params.backward = node.get_text("direction", "forward") == "reverse";
    params.input_forget = node.get_int("input_forget", 0) != 0;
    params.clip = node.get_float("clip", 0);
    int64_t row = sizes.directions * 4 * sizes.hidden, state = sizes.directions * sizes.hidden;
    params.gates_step = sizes.batch_first ? row : sizes.batch * row;
    params.gates_sequence = sizes.batch_first ? sizes.steps * row : row;
    params.y_step = sizes.batch_first ? state : sizes.batch * state;
    params.y_direction = sizes.batch_first ? sizes.hidden : sizes.batch * sizes.hidden;
    params.y_sequence = sizes.batch_first ? sizes.steps * state : sizes.hidden;
    set_state_strides(sizes, &params.y_h_direction, &params.y_h_sequence);
    set_state_strides(sizes, &params.y_c_direction, &params.y_c_sequence);
    set_state_strides(sizes, &params.h_direction, &params.h_sequence);
    set_state_strides(sizes, &params.c_direction, &params.c_sequence);
    return params;
}

Status lower_lstm(Lowering &lowering) {
    LstmSizes sizes =
        lstm_sizes(lowering.node(), lowering.input_shape(kX), lowering.input_shape(kR));
    LINNET_ASSIGN(View gates, lstm_gates(lowering, sizes));
    LINNET_ASSIGN(View r, lowering.input(kR));
    const int64_t swapped[] = {0, 2, 1};
    LINNET_ASSIGN(r, lowering.arranged(transpose_view(r, swapped), Order::kDense));
    LINNET_ASSIGN(View lengths, dense_or_none(lowering, kLengths));
    LINNET_ASSIGN(View h, dense_or_none(lowering, kInitialH));
    LINNET_ASSIGN(View c, dense_or_none(lowering, kInitialC));
    LINNET_ASSIGN(View peepholes, dense_or_none(lowering, kPeepholes));
    LINNET_ASSIGN(View y, lstm_output(lowering, 0));
    LINNET_ASSIGN(View y_h, lstm_output(lowering, 1));
    LINNET_ASSIGN(View y_c, lstm_output(lowering, 2));
    LstmSequenceParams params = lstm_params(lowering.node(), sizes);
    return lowering.emit(KernelId::lstm_sequence, params,
                         {y, y_h, y_c, gates, r, h, c, peepholes, lengths},
                         lstm_sequence_scratch_bytes(params));
}

int64_t lstm_macs(const Graph &graph, const Node &node) {
    LstmSizes sizes = lstm_sizes(node, graph.value(node.inputs[kX]).shape,
                                 graph.value(node.inputs[kR]).shape);
    return sizes.steps * sizes.batch * sizes.directions * 4 * sizes.hidden *
           (sizes.input + sizes.hidden);
}

// Activations by name, a list of strings, are refused by the loaders.
const AttributeRule kLstmAttributes[] = {{"activation_alpha", Attribute::Kind::kFloats},
                                         {"activation_beta", Attribute::Kind::kFloats},
                                         {"clip", Attribute::Kind::kFloat},
                                         {"direction", Attribute::Kind::kText},
                                         {"hidden_size", Attribute::Kind::kInt},
                                         {"input_forget", Attribute::Kind::kInt},
                                         {"layout", Attribute::Kind::kInt}};

} // namespace

extern const Operator lstm_operator;
const Operator lstm_operator = {"LSTM",     3,          8,        0, 3, kLstmAttributes, false,
                                infer_lstm, lower_lstm, lstm_macs};

} // namespace linnet

// Layer normalisation as exporters write it:
//   d = x - mean(x);  y = d / sqrt(mean(d * d) + epsilon)
// with means over the last axis. It becomes LayerNormalization with a scale of ones; the Mul and
// Add that follow are folded into that by fold_affine_back().
// SPDX-License-Identifier: MIT
#include "optimize/arithmetic.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// d = x - mean(x)
struct CentredValue {
    ValueId value = kNoValue, mean = kNoValue, x = kNoValue;
};

bool is_last_axis(const GraphEditor &editor, const Node &mean) {
    const Tensor *axes = editor.constant(mean.input(1));
    int rank = editor.value(mean.inputs[0]).shape.rank();
    if (!axes || axes->elements() != 1 || rank < 1) return false;
    if (mean.get_int("keepdims", 1) == 0) return false;
    return axes->integer(0) == -1 || axes->integer(0) == rank - 1;
}

// value = the mean of x over its last axis
bool is_mean(const GraphEditor &editor, ValueId value, ValueId *x) {
    const Node *mean = editor.made_by(value, "ReduceMean");
    if (!mean || !is_last_axis(editor, *mean) || editor.is_output(value)) return false;
    *x = mean->inputs[0];
    return true;
}

bool is_centred(const GraphEditor &editor, ValueId value, CentredValue *centred) {
    const Node *sub = editor.made_by(value, "Sub");
    if (!sub || !is_plain(*sub) || editor.is_output(value)) return false;
    *centred = {value, sub->inputs[1], sub->inputs[0]};
    ValueId x;
    return is_mean(editor, centred->mean, &x) && x == centred->x;
}

// value = base * base; *reads tells how often that reads the base
bool is_square_of(const GraphEditor &editor, ValueId value, ValueId *base, int32_t *reads) {
    if (const Node *mul = step_before(editor, value, "Mul")) {
        *base = mul->inputs[0];
        *reads = 2;
        return mul->inputs[1] == *base;
    }
    const Node *pow = step_before(editor, value, "Pow");
    double two;
    if (!pow || !scalar_beside(editor, pow->inputs[1], pow->inputs[0], &two)) return false;
    *base = pow->inputs[0];
    *reads = 1;
    return two == 2;
}

// value = sqrt(mean(base * base) + epsilon)
bool is_deviation(const GraphEditor &editor, ValueId value, ValueId *base, int32_t *reads,
                  double *epsilon) {
    const Node *sqrt = step_before(editor, value, "Sqrt");
    ValueId variance, square;
    return sqrt && shifted_from(editor, sqrt->inputs[0], &variance, epsilon) && *epsilon >= 0 &&
           editor.passes_through(variance) && is_mean(editor, variance, &square) &&
           is_square_of(editor, square, base, reads);
}

// The two operands of d / deviation, however it is written.
bool split_quotient(const GraphEditor &editor, const Node &node, ValueId *d, ValueId *deviation) {
    if (!is_plain(node)) return false;
    if (node.op.view() == "Div") {
        *d = node.inputs[0];
        *deviation = node.inputs[1];
        return true;
    }
    if (node.op.view() != "Mul") return false;
    for (size_t i = 0; i < 2; ++i) {
        *d = node.inputs[1 - i];
        if (const Node *inverse = step_before(editor, node.inputs[i], "Reciprocal")) {
            *deviation = inverse->inputs[0];
            return true;
        }
        const Node *div = step_before(editor, node.inputs[i], "Div");
        double one;
        if (div && scalar_beside(editor, div->inputs[0], div->inputs[1], &one) && one == 1) {
            *deviation = div->inputs[1];
            return true;
        }
    }
    return false;
}

// Some exporters centre twice: once to be divided, once to be squared. Nothing outside the pattern
// may read what lies within it.
bool is_closed(const GraphEditor &editor, const CentredValue &divided, const CentredValue &squared,
               int32_t square_reads) {
    if (divided.x != squared.x) return false;
    bool same = divided.value == squared.value, same_mean = divided.mean == squared.mean;
    int32_t mean_reads = same_mean && !same ? 2 : 1;
    return editor.readers(divided.value) == (same ? 1 + square_reads : 1) &&
           (same || editor.readers(squared.value) == square_reads) &&
           editor.readers(divided.mean) == mean_reads &&
           editor.readers(squared.mean) == mean_reads;
}

bool find_normalisation(const GraphEditor &editor, const Node &node, ValueId *x, double *epsilon) {
    ValueId d, deviation, base;
    int32_t reads;
    CentredValue divided, squared;
    if (!split_quotient(editor, node, &d, &deviation)) return false;
    if (!is_deviation(editor, deviation, &base, &reads, epsilon)) return false;
    if (!is_centred(editor, d, &divided) || !is_centred(editor, base, &squared)) return false;
    *x = divided.x;
    const Value &input = editor.value(*x);
    return is_closed(editor, divided, squared, reads) && input.dtype == DType::kFloat32 &&
           input.shape[input.shape.rank() - 1] > 0;
}

Status write_normalisation(GraphEditor *editor, size_t at, ValueId x, double epsilon) {
    const Shape &shape = editor->value(x).shape;
    LINNET_ASSIGN(Ref<Tensor> ones, Tensor::create(DType::kFloat32, {shape[shape.rank() - 1]}));
    for (float &one : ones->writable<float>()) one = 1;
    LINNET_ASSIGN(ValueId scale, editor->add_constant(std::move(ones)));
    LINNET_TRY(editor->become(at, "LayerNormalization", {x, scale}));
    Node &node = editor->node(at);
    LINNET_TRY(node.set_int("axis", -1));
    return node.set_float("epsilon", static_cast<float>(epsilon));
}

} // namespace

Status find_layer_norm(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    for (size_t at = 0; at < editor.node_count(); ++at) {
        ValueId x;
        double epsilon;
        if (find_normalisation(editor, editor.node(at), &x, &epsilon))
            LINNET_TRY(write_normalisation(&editor, at, x, epsilon));
    }
    return editor.commit(changed);
}

} // namespace linnet

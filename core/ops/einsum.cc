// Two tensors at a time, from the left: what stands in one of them alone is summed first, the rest
// is a product of matrices, with axes that are in the result and in both as the batch.
// SPDX-License-Identifier: MIT
#include "ops/einsum_equation.h"
#include "ops/matrix_product.h"
#include "ops/reduce_family.h"
#include "ops/single_steps.h"

namespace linnet {
namespace {

constexpr int kMostEinsumBatchAxes = 6; // of the kernel
// Multiply-adds of one product of all inputs; no shape within it is then too large to compute with.
constexpr int64_t kMostEinsumMacs = int64_t{1} << 56;

// A tensor whose axes have labels, each one once.
struct LabelledView {
    View view;
    EinsumTerm term;
    bool is_result = false; // lies in the place of the node's output

    int64_t length(int label) const {
        int axis = term.find(label);
        return axis < 0 ? 1 : view.shape[axis];
    }
};

// The axes in another order; labels that the tensor lacks become axes of length 1.
LabelledView in_order(const LabelledView &from, const EinsumTerm &term) {
    LabelledView to = from;
    to.term = term;
    to.view.shape = Shape::of_rank(term.rank, 1);
    for (int i = 0; i < term.rank; ++i) {
        int axis = from.term.find(term.label[i]);
        to.view.stride[i] = axis < 0 ? 1 : from.view.stride[axis];
        if (axis >= 0) to.view.shape[i] = from.view.shape[axis];
    }
    return to;
}

// A label that a term has twice takes the diagonal.
LabelledView along_diagonals(const View &view, const EinsumTerm &term) {
    LabelledView result;
    result.view = view;
    result.view.shape = Shape();
    for (int axis = 0; axis < term.rank; ++axis) {
        int known = result.term.find(term.label[axis]);
        if (known >= 0) {
            result.view.stride[known] += view.stride[axis];
            continue;
        }
        result.term.push(term.label[axis]);
        result.view.shape.append(view.shape[axis]);
        result.view.stride[result.term.rank - 1] = view.stride[axis];
    }
    return result;
}

// Sums the axes whose labels are not kept.
Result<LabelledView> sum_others(Lowering &lowering, const LabelledView &x, const bool *kept) {
    bool reduced[kMaxRank] = {};
    LabelledView sum;
    Shape shape = x.view.shape;
    for (int axis = 0; axis < x.term.rank; ++axis) {
        reduced[axis] = !kept[x.term.label[axis]];
        if (reduced[axis]) shape[axis] = 1;
        else sum.term.push(x.term.label[axis]);
    }
    if (sum.term.rank == x.term.rank) return x;
    LabelledView whole = x;
    LINNET_ASSIGN(whole.view, lowering.temporary(x.view.dtype, shape, order_of(x.view)));
    LINNET_TRY(emit_reduction(lowering, x.view, whole.view, reduced, Reduction::kSum));
    return in_order(whole, sum.term);
}

// The labels of two tensors by their part in the product of matrices.
struct EinsumGroups {
    EinsumTerm batch, rows, columns, summed;
};

EinsumGroups group_labels(const LabelledView &a, const LabelledView &b, const bool *kept) {
    EinsumGroups groups;
    for (int axis = 0; axis < a.term.rank; ++axis) {
        int label = a.term.label[axis];
        if (b.term.find(label) < 0) groups.rows.push(label);
        else (kept[label] ? groups.batch : groups.summed).push(label);
    }
    for (int axis = 0; axis < b.term.rank; ++axis)
        if (a.term.find(b.term.label[axis]) < 0) groups.columns.push(b.term.label[axis]);
    return groups;
}

// Several terms as one; false if the whole has more axes than a tensor can have.
bool join_terms(std::initializer_list<const EinsumTerm *> parts, EinsumTerm *whole) {
    for (const EinsumTerm *part : parts)
        for (int i = 0; i < part->rank; ++i)
            if (!whole->push(part->label[i])) return false;
    return true;
}

// A shape with the lengths of a term's labels in either tensor, of which one can be 1.
Shape common_shape(const EinsumTerm &term, const LabelledView &a, const LabelledView &b) {
    Shape shape;
    for (int i = 0; i < term.rank; ++i) {
        int64_t length = a.length(term.label[i]);
        shape.append(length == 1 ? b.length(term.label[i]) : length);
    }
    return shape;
}

Status too_many_axes(const Lowering &lowering) {
    return lowering.unsupported("a product within it has more than %d axes", kMaxRank);
}

// Two tensors into one, of which the labels in `kept` remain.
class Contraction {
public:
    Contraction(Lowering &lowering, const LabelledView &a, const LabelledView &b, const bool *kept)
        : lowering_(lowering), a_(a), b_(b), kept_(kept), groups_(group_labels(a, b, kept)) {}

    // In the order batch, rows, columns; in the place of the node's output if that is `wanted`.
    Result<LabelledView> run(const EinsumTerm *wanted) {
        LabelledView y;
        if (!join_terms({&groups_.batch, &groups_.rows, &groups_.columns}, &y.term))
            return too_many_axes(lowering_);
        bool matrices = a_.view.dtype == DType::kFloat32 && groups_.summed.rank > 0;
        if (!matrices) return multiply();
        y.is_result = wanted && wanted->is_same(y.term);
        LINNET_ASSIGN(y.view, y.is_result ? lowering_.dense_output(0) : temporary(y.term));
        LINNET_TRY(multiply_matrices(y.view));
        return y;
    }

private:
    Result<View> temporary(const EinsumTerm &term) {
        return lowering_.temporary(a_.view.dtype, common_shape(term, a_, b_), Order::kDense);
    }

    // Element by element, then the sum: for integers, and where nothing is summed.
    Result<LabelledView> multiply() {
        LabelledView y;
        if (!join_terms({&groups_.batch, &groups_.rows, &groups_.columns, &groups_.summed},
                        &y.term))
            return too_many_axes(lowering_);
        LINNET_ASSIGN(y.view, temporary(y.term));
        LINNET_TRY(emit_binary_step(lowering_, y.view, in_order(a_, y.term).view,
                                    in_order(b_, y.term).view, BinaryFunction::kMul));
        return sum_others(lowering_, y, kept_);
    }

    // One factor as [batch, first, second], each group one axis; copied where it does not lie so.
    Result<View> as_matrices(const LabelledView &from, const EinsumTerm &first,
                             const EinsumTerm &second) {
        EinsumTerm term;
        join_terms({&groups_.batch, &first, &second}, &term); // no more labels than the tensor's
        View view = in_order(from, term).view;
        Shape wide = view.shape;
        for (int i = 0; i < term.rank; ++i)
            if (groups_.summed.find(term.label[i]) >= 0 || merges_batch())
                wide[i] = common_shape(term, a_, b_)[i];
        bool repeats = wide != view.shape;
        view = broadcast_view(view, wide);
        Shape shape = matrix_shape(view.shape, first.rank, second.rank);
        View matrices;
        if (!repeats && reshape_view(view, shape, &matrices)) return matrices;
        LINNET_ASSIGN(View dense, lowering_.temporary(view.dtype, view.shape, Order::kDense));
        LINNET_TRY(lowering_.emit_copy(view, dense));
        reshape_view(dense, shape, &matrices);
        return matrices;
    }
    bool merges_batch() const { return groups_.batch.rank > kMostEinsumBatchAxes; }
    Shape matrix_shape(const Shape &shape, int first, int second) const {
        int batch = groups_.batch.rank;
        Shape merged;
        if (merges_batch()) merged.append(shape.elements(0, batch));
        else
            for (int i = 0; i < batch; ++i) merged.append(shape[i]);
        merged.append(shape.elements(batch, batch + first));
        merged.append(shape.elements(batch + first, batch + first + second));
        return merged;
    }

    Status multiply_matrices(const View &y) {
        LINNET_ASSIGN(View left, as_matrices(a_, groups_.rows, groups_.summed));
        LINNET_ASSIGN(View right, as_matrices(b_, groups_.summed, groups_.columns));
        View product;
        reshape_view(y, matrix_shape(y.shape, groups_.rows.rank, groups_.columns.rank), &product);
        return emit_matrix_product(lowering_, left, right, product, 1);
    }

    Lowering &lowering_;
    const LabelledView &a_, &b_;
    const bool *kept_;
    EinsumGroups groups_;
};

Status read_equation(const Node &node, const Graph &graph, EinsumEquation *equation,
                     Text *reason) {
    Array<int> ranks;
    for (ValueId input : node.inputs) LINNET_TRY(ranks.push(graph.value(input).shape.rank()));
    return equation->read(node.get_text("equation", ""), ranks.span(), reason);
}

// The length of each label; those of 1 give way to others.
Status find_lengths(const Inference &inference, const EinsumEquation &equation, int64_t *lengths) {
    for (int label = 0; label < kEinsumLabels; ++label) lengths[label] = 1;
    for (size_t i = 0; i < equation.inputs.size(); ++i) {
        const EinsumTerm &term = equation.inputs[i];
        const Shape &shape = inference.shape(i);
        for (int axis = 0; axis < term.rank; ++axis) {
            int64_t &length = lengths[term.label[axis]], next = shape[axis];
            int first = term.find(term.label[axis]);
            bool fits = first == axis || next < 0 || shape[first] < 0 || next == shape[first];
            if (!fits || (next > 1 && length > 1 && next != length) ||
                (next == 0 && length > 1) || (length == 0 && next > 1))
                return inference.fail("axis %d of its input %zu, %s, has another length than an "
                                      "axis of the same label",
                                      axis, i, ShapeText(shape).c_str());
            if (length == 1 || (length == kUnknown && next != 1)) length = next;
        }
    }
    return Status();
}

// Whether numbers of elements and of multiply-adds do not overflow. Unknown and empty axes count 1.
bool are_lengths_usable(const int64_t *lengths) {
    int64_t total = 1;
    for (int label = 0; label < kEinsumLabels; ++label) {
        int64_t length = lengths[label] > 0 ? lengths[label] : 1;
        if (total > kMostEinsumMacs / length) return false;
        total *= length;
    }
    return true;
}

Status infer_einsum(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32, DType::kInt32, DType::kInt64}));
    bool ranked = true;
    for (size_t i = 0; i < inference.input_count(); ++i) {
        if (!inference.has_input(i)) return inference.fail("its input %zu is absent", i);
        LINNET_TRY(inference.require_dtype(i, {inference.dtype(0)}));
        ranked = ranked && inference.shape(i).has_rank();
    }
    if (!ranked) {
        inference.set_output(0, inference.dtype(0), Shape::unknown());
        return Status();
    }
    EinsumEquation equation;
    Text reason;
    LINNET_TRY(read_equation(inference.node(), inference.graph(), &equation, &reason));
    if (!reason.empty()) return inference.fail("its equation: %s", reason.c_str());
    int64_t lengths[kEinsumLabels];
    LINNET_TRY(find_lengths(inference, equation, lengths));
    if (!are_lengths_usable(lengths)) return inference.unsupported("its inputs are too large");
    Shape y;
    for (int i = 0; i < equation.output.rank; ++i) y.append(lengths[equation.output.label[i]]);
    inference.set_output(0, inference.dtype(0), y);
    return Status();
}

void keep_labels(const EinsumTerm &term, bool *kept) {
    for (int axis = 0; axis < term.rank; ++axis) kept[term.label[axis]] = true;
}

Result<LabelledView> einsum_input(Lowering &lowering, const EinsumEquation &equation, size_t i) {
    LINNET_ASSIGN(View view, lowering.input(i));
    return along_diagonals(view, equation.inputs[i]);
}

Status lower_einsum(Lowering &lowering) {
    EinsumEquation equation;
    Text reason;
    LINNET_TRY(read_equation(lowering.node(), lowering.graph(), &equation, &reason));
    size_t count = equation.inputs.size();
    LINNET_ASSIGN(LabelledView y, einsum_input(lowering, equation, 0));
    for (size_t i = 0; i < count; ++i) {
        bool kept[kEinsumLabels] = {}; // what the result and the inputs after the next one have
        keep_labels(equation.output, kept);
        for (size_t k = i + 2; k < count; ++k) keep_labels(equation.inputs[k], kept);
        if (i + 1 == count) {
            LINNET_ASSIGN(y, sum_others(lowering, y, kept));
            break;
        }
        LINNET_ASSIGN(LabelledView next, einsum_input(lowering, equation, i + 1));
        bool kept_by_y[kEinsumLabels], kept_by_next[kEinsumLabels];
        for (int label = 0; label < kEinsumLabels; ++label)
            kept_by_y[label] = kept_by_next[label] = kept[label];
        keep_labels(next.term, kept_by_y);
        keep_labels(y.term, kept_by_next);
        LINNET_ASSIGN(y, sum_others(lowering, y, kept_by_y));
        LINNET_ASSIGN(next, sum_others(lowering, next, kept_by_next));
        const EinsumTerm *wanted = i + 2 == count ? &equation.output : nullptr;
        LINNET_ASSIGN(y, Contraction(lowering, y, next, kept).run(wanted));
    }
    return y.is_result ? Status() : lowering.alias(0, in_order(y, equation.output).view);
}

// Of one product of all inputs.
int64_t einsum_macs(const Graph &graph, const Node &node) {
    EinsumEquation equation;
    Text reason;
    Status read = read_equation(node, graph, &equation, &reason);
    if (!read.ok() || !reason.empty() || equation.inputs.size() < 2) return 0;
    int64_t total = 1;
    bool counted[kEinsumLabels] = {};
    for (size_t i = 0; i < equation.inputs.size(); ++i) {
        const Shape &shape = graph.value(node.inputs[i]).shape;
        const EinsumTerm &term = equation.inputs[i];
        for (int axis = 0; axis < term.rank; ++axis) {
            bool &known = counted[term.label[axis]];
            if (known || shape[axis] == 1) continue;
            known = true;
            total *= shape[axis];
        }
    }
    return total;
}

const AttributeRule kEinsumAttributes[] = {{"equation", Attribute::Kind::kText, true}};

} // namespace

extern const Operator einsum_operator;
const Operator einsum_operator = {"Einsum",     1,            kAnyNumber,  1, 1, kEinsumAttributes,
                                  false,        infer_einsum, lower_einsum, einsum_macs};

} // namespace linnet

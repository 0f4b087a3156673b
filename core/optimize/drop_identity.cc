// SPDX-License-Identifier: MIT
#include "optimize/graph_editor.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

bool is_any_op(string_view op, std::initializer_list<const char *> candidates) {
    for (const char *candidate : candidates)
        if (op == candidate) return true;
    return false;
}

// Whether a reshape from one shape to the other changes nothing. One axis that is unknown in both
// is the same length in both, because the number of elements is; unless that is zero.
bool is_same_after_reshape(const Shape &from, const Shape &to) {
    if (!from.has_rank() || from != to) return false;
    int unknown = 0;
    bool has_zero = false;
    for (int64_t dim : from.dims()) {
        unknown += dim < 0;
        has_zero = has_zero || dim == 0;
    }
    return unknown == 0 || (unknown == 1 && !has_zero);
}

bool all_integers(const Tensor *contents, int64_t wanted) {
    if (!contents || contents->dtype() == DType::kFloat32) return false;
    for (size_t i = 0; i < contents->elements(); ++i)
        if (contents->integer(i) != wanted) return false;
    return true;
}

bool is_plain_slice(const Graph &graph, const Node &node) {
    return !node.has_input(4) || all_integers(graph.constant(node.input(4)), 1);
}

bool is_unpadded(const Graph &graph, const Node &node) {
    return node.has_input(1) && all_integers(graph.constant(node.input(1)), 0);
}

bool is_ordered(const Node &node, int rank) {
    Span<const int64_t> order = node.get_ints("perm");
    if (order.empty()) return rank == 0 || rank == 1;
    for (size_t i = 0; i < order.size(); ++i)
        if (order[i] != static_cast<int64_t>(i)) return false;
    return true;
}

// A cast to the type that the tensor has. Casts to half precision round, though a graph has float32
// on both sides of them.
bool is_empty_cast(const Value &x, const Value &y, const Node &node) {
    DType to = static_cast<DType>(node.get_int("to", 0));
    return x.dtype != DType::kNone && x.dtype == y.dtype && to != DType::kFloat16 &&
           to != DType::kBfloat16;
}

// Only inference is run: training mode must be absent or known to be off.
bool is_inference_dropout(const Graph &graph, const Node &node) {
    return !node.has_input(2) || all_integers(graph.constant(node.input(2)), 0);
}

bool keeps_everything(const Graph &graph, const Node &node) {
    const Value &x = graph.value(node.inputs[0]), &y = graph.value(node.outputs[0]);
    string_view op = node.op.view();
    bool known_same = x.shape.is_known() && x.shape == y.shape;
    if (op == "Identity") return true;
    if (op == "Dropout") return is_inference_dropout(graph, node);
    if (op == "Cast") return is_empty_cast(x, y, node);
    if (op == "Transpose") return is_ordered(node, x.shape.rank());
    if (op == "Pad") return is_unpadded(graph, node);
    if (op == "Slice") return known_same && is_plain_slice(graph, node);
    if (op == "Expand" || op == "Tile") return known_same;
    if (is_any_op(op, {"Concat", "Sum", "Min", "Max", "Mean"})) return node.inputs.size() == 1;
    if (is_any_op(op, {"Reshape", "Flatten", "Squeeze", "Unsqueeze"}))
        return is_same_after_reshape(x.shape, y.shape);
    return false;
}

class IdentityDropping {
public:
    explicit IdentityDropping(GraphEditor editor) : editor_(std::move(editor)) {}

    Status run(bool *changed) {
        for (size_t at = 0; at < editor_.node_count(); ++at) {
            editor_.settle(at);
            LINNET_TRY(merge_transposes(at));
            LINNET_TRY(merge_reshapes(at));
            drop(at);
        }
        return editor_.commit(changed);
    }

private:
    // Transpose(Transpose(x)) reads x. The first one stays if others read it.
    Status merge_transposes(size_t at) {
        Node &outer = editor_.node(at);
        if (outer.op.view() != "Transpose") return Status();
        const Node *inner = editor_.made_by(outer.inputs[0], "Transpose");
        if (!inner) return Status();
        Span<const int64_t> first = inner->get_ints("perm"), second = outer.get_ints("perm");
        if (first.empty() || first.size() != second.size()) return Status();
        int64_t both[kMaxRank];
        for (size_t i = 0; i < second.size(); ++i) {
            if (i >= kMaxRank || second[i] < 0 || second[i] >= static_cast<int64_t>(first.size()))
                return Status(); // of unknown rank and wrong: its shape rule will say so
            both[i] = first[static_cast<size_t>(second[i])];
        }
        LINNET_TRY(outer.set_ints("perm", Span<const int64_t>(both, first.size())));
        return editor_.set_input(at, 0, inner->inputs[0]);
    }

    // A reshape that states its result without looking at the shape before (no zeros).
    Status merge_reshapes(size_t at) {
        const Node &outer = editor_.node(at);
        if (outer.op.view() != "Reshape") return Status();
        const Tensor *wanted = editor_.constant(outer.input(1));
        if (!wanted) return Status();
        for (size_t i = 0; i < wanted->elements(); ++i)
            if (wanted->integer(i) == 0) return Status();
        for (const char *op : {"Reshape", "Flatten", "Squeeze", "Unsqueeze"})
            if (const Node *inner = editor_.made_by(outer.inputs[0], op))
                return editor_.set_input(at, 0, inner->inputs[0]);
        return Status();
    }

    // Readers of the output read the input. An output of the graph must go on being made: by the
    // node before, if nobody else reads what that makes.
    void drop(size_t at) {
        const Node &node = editor_.node(at);
        if (node.inputs.empty() || !makes_only_first(node)) return;
        ValueId from = node.inputs[0], to = node.outputs[0];
        if (from == kNoValue || !keeps_everything(editor_.graph(), node)) return;
        if (!editor_.is_output(to))
            editor_.bypass(at);
        else if (editor_.passes_through(from))
            editor_.take_over(at, editor_.producer(from), to);
    }

    bool makes_only_first(const Node &node) const {
        if (node.outputs.empty() || node.outputs[0] == kNoValue) return false;
        for (size_t i = 1; i < node.outputs.size(); ++i)
            if (node.outputs[i] != kNoValue && (editor_.readers(node.outputs[i]) > 0 ||
                                                editor_.is_output(node.outputs[i])))
                return false;
        return true;
    }

    GraphEditor editor_;
};

} // namespace

Status drop_identity(Graph *graph, bool *changed) {
    LINNET_ASSIGN(GraphEditor editor, GraphEditor::of(graph));
    return IdentityDropping(std::move(editor)).run(changed);
}

} // namespace linnet

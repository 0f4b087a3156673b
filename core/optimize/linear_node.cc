// SPDX-License-Identifier: MIT
#include "optimize/linear_node.h"

#include <iterator>

#include "base/xxhash64.h"

namespace linnet {
namespace {

bool read_convolution(const Node &node, const Shape &w, LinearNode *linear) {
    if (w.rank() < 3) return false;
    bool transposed = node.op.view() == "ConvTranspose";
    linear->layout = {w[0], w[1], w.elements(2, w.rank()), node.get_int("group", 1), !transposed};
    linear->rank = w.rank();
    return linear->layout.groups > 0 && w[0] % linear->layout.groups == 0;
}

bool read_matrix(const Node &node, const Shape &w, LinearNode *linear) {
    if (w.rank() != 2) return false;
    bool gemm = node.op.view() == "Gemm";
    linear->layout = {w[0], w[1], 1, 1, gemm && node.get_int("transB", 0) != 0};
    linear->alpha = node.get_float("alpha", 1);
    linear->channel_axis = -1;
    if (gemm) linear->rank = 2;
    return true;
}

// One scale per channel: rows without columns.
bool read_scale(const GraphEditor &editor, const Node &node, const Shape &w, LinearNode *linear) {
    if (w.rank() != 1) return false;
    linear->layout = {w[0], 1, 1, 1, true};
    linear->mixes = false;
    linear->rank = editor.value(node.inputs[0]).shape.rank();
    if (node.op.view() != "LayerNormalization") return true;
    linear->channel_axis = -1;
    int64_t axis = node.get_int("axis", -1);
    return axis == -1 || (linear->rank > 0 && axis == linear->rank - 1);
}

bool is_training(const Node &node) {
    return node.op.view() == "BatchNormalization" && node.get_int("training_mode", 0) != 0;
}

// Absent, one number, or one number per channel along the last axis.
bool is_bias(const GraphEditor &editor, const Node &node, int64_t channels) {
    if (!node.has_input(2)) return true;
    const Tensor *bias = editor.constant(node.inputs[2]);
    if (!bias || bias->dtype() != DType::kFloat32) return false;
    const Shape &shape = bias->shape();
    int64_t elements = static_cast<int64_t>(bias->elements());
    return elements == 1 || (elements == channels && shape[shape.rank() - 1] == channels);
}

} // namespace

bool read_linear_node(const GraphEditor &editor, const Node &node, LinearNode *linear) {
    string_view op = node.op.view();
    bool convolution = op == "Conv" || op == "ConvTranspose";
    bool matrix = op == "Gemm" || op == "MatMul";
    bool scale = op == "LayerNormalization" || op == "BatchNormalization" ||
                 op == "InstanceNormalization";
    if (!convolution && !matrix && !scale) return false;
    linear->weights = editor.constant(node.input(1));
    if (!linear->weights || linear->weights->dtype() != DType::kFloat32 || is_training(node))
        return false;
    const Shape &w = linear->weights->shape();
    bool readable = convolution ? read_convolution(node, w, linear)
                    : matrix    ? read_matrix(node, w, linear)
                                : read_scale(editor, node, w, linear);
    return readable && is_bias(editor, node, linear->layout.outputs());
}

Status read_bias(const GraphEditor &editor, const Node &node, int64_t channels,
                 Array<double> *bias) {
    LINNET_TRY(bias->fill(static_cast<size_t>(channels), 0));
    if (!node.has_input(2)) return Status();
    LINNET_ASSIGN(Ref<Tensor> constant, Tensor::present(editor.constant(node.inputs[2])));
    Span<const float> given = constant->floats();
    double beta = node.op.view() == "Gemm" ? node.get_float("beta", 1) : 1;
    for (size_t i = 0; i < bias->size(); ++i)
        (*bias)[i] = beta * static_cast<double>(given[given.size() == 1 ? 0 : i]);
    return Status();
}

Status write_bias(GraphEditor *editor, size_t at, Span<const double> bias) {
    LINNET_ASSIGN(Ref<Tensor> tensor,
                  Tensor::create(DType::kFloat32, {static_cast<int64_t>(bias.size())}));
    Span<float> target = tensor->writable<float>();
    for (size_t i = 0; i < bias.size(); ++i) target[i] = static_cast<float>(bias[i]);
    LINNET_ASSIGN(ValueId id, editor->add_constant(std::move(tensor)));
    LINNET_TRY(editor->set_input(at, 2, id));
    if (editor->node(at).op.view() == "Gemm") editor->node(at).remove_attribute("beta");
    return Status();
}

// Calls visit(first element, output channel, input channel) for every run of taps of some rows, in
// memory order; elements count from the first of these rows.
template <class Visit>
static void for_each_pair(const LinearWeights &layout, int64_t row, int64_t row_end, Visit visit) {
    size_t element = 0;
    for (; row < row_end; ++row) {
        int64_t first = layout.first_column_channel(row);
        for (int64_t other = first; other < first + layout.columns; ++other) {
            size_t out = static_cast<size_t>(layout.rows_are_outputs ? row : other);
            size_t in = static_cast<size_t>(layout.rows_are_outputs ? other : row);
            visit(element, out, in);
            element += static_cast<size_t>(layout.taps);
        }
    }
}

static double factor_of(Span<const double> factors, size_t channel) {
    return factors.empty() ? 1 : factors[channel];
}

// Weights of another tensor times factors of their channels.
class ScaledWeights final : public TensorSource {
public:
    static Result<Ref<ScaledWeights>> of(const LinearNode &linear, Span<const double> by_output,
                                         Span<const double> by_input) {
        Ref<ScaledWeights> scaled = make_ref<ScaledWeights>();
        if (!scaled) return out_of_memory();
        scaled->weights_ = Ref<Tensor>::share(const_cast<Tensor *>(linear.weights));
        scaled->layout_ = linear.layout;
        LINNET_TRY(scaled->by_output_.assign(by_output));
        LINNET_TRY(scaled->by_input_.assign(by_input));
        return scaled;
    }

    Status write(size_t from, Span<unsigned char> part) override {
        LINNET_TRY(weights_->write_to(from, part));
        float *weights = reinterpret_cast<float *>(part.data());
        size_t row = static_cast<size_t>(layout_.columns * layout_.taps) * sizeof(float);
        if (row == 0) return Status();
        size_t first_row = from / row, end_row = (from + part.size()) / row;
        size_t count = row / sizeof(float), taps = static_cast<size_t>(layout_.taps);
        if (layout_.rows_are_outputs && by_input_.empty()) {
            for (size_t out = first_row; out < end_row; ++out, weights += count)
                scale(by_output_[out], count, weights);
            return Status();
        }
        for_each_pair(layout_, static_cast<int64_t>(first_row), static_cast<int64_t>(end_row),
                      [&](size_t first, size_t out, size_t in) {
                          scale(factor_of(by_output_.span(), out) *
                                    factor_of(by_input_.span(), in),
                                taps, weights + first);
                      });
        return Status();
    }
    uint64_t fingerprint() const override {
        uint64_t weights = weights_->fingerprint();
        if (weights == 0) return 0;
        const int64_t layout[] = {layout_.rows, layout_.columns, layout_.taps, layout_.groups,
                                  layout_.rows_are_outputs,
                                  static_cast<int64_t>(by_output_.size())};
        XxHash64 hash;
        auto add = [&](const auto *numbers, size_t count) {
            hash.update_numbers({reinterpret_cast<const unsigned char *>(numbers),
                                 count * sizeof *numbers}, sizeof *numbers);
        };
        add(&weights, 1);
        add(layout, std::size(layout));
        add(by_output_.data(), by_output_.size());
        add(by_input_.data(), by_input_.size());
        return hash.digest();
    }
    void destroy() override { Owned<ScaledWeights>(this).reset(); }

private:
    static void scale(double factor, size_t count, float *weights) {
        for (size_t i = 0; i < count; ++i)
            weights[i] = static_cast<float>(static_cast<double>(weights[i]) * factor);
    }

    Ref<Tensor> weights_;
    LinearWeights layout_;
    Array<double> by_output_, by_input_;
};

// Deferred where they are large: they will be packed, and not be read again.
Status scale_weights(GraphEditor *editor, size_t at, const LinearNode &linear,
                     Span<const double> by_output, Span<const double> by_input) {
    if (by_output.empty() && by_input.empty()) return Status();
    LINNET_ASSIGN(Ref<ScaledWeights> source, ScaledWeights::of(linear, by_output, by_input));
    LINNET_ASSIGN(Ref<Tensor> scaled,
                  Tensor::defer(DType::kFloat32, linear.weights->shape(),
                                Ref<TensorSource>::adopt(source.release_ownership())));
    if (!Tensor::is_large(DType::kFloat32, linear.weights->shape())) {
        LINNET_ASSIGN(scaled, Tensor::present(scaled.get()));
    }
    LINNET_ASSIGN(ValueId id, editor->add_constant(std::move(scaled)));
    return editor->set_input(at, 1, id);
}

Status sum_weights(const LinearNode &linear, Span<const double> by_input, Array<double> *sums) {
    LINNET_TRY(sums->fill(static_cast<size_t>(linear.layout.outputs()), 0));
    LINNET_ASSIGN(Ref<Tensor> present, Tensor::present(linear.weights));
    const float *weights = present->floats().data();
    size_t taps = static_cast<size_t>(linear.layout.taps);
    for_each_pair(linear.layout, 0, linear.layout.rows, [&](size_t first, size_t out, size_t in) {
        double sum = 0;
        for (size_t i = first; i < first + taps; ++i) sum += static_cast<double>(weights[i]);
        (*sums)[out] += sum * by_input[in];
    });
    return Status();
}

} // namespace linnet

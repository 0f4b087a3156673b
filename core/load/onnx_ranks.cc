// What is known of ranks while a file is being read: enough to tell for nearly every Softmax of
// opset 12 and before whether its axis is the last one.
// SPDX-License-Identifier: MIT
#include "load/onnx_upgrade.h"

namespace linnet {
namespace {

// Each name between blanks: a list of pointers would be several times as large in the library.
constexpr char kOnnxRankKeepers[] =
    " Abs AveragePool BatchNormalization Cast Ceil Clip Concat Conv ConvTranspose CumSum "
    "DepthToSpace DequantizeLinear Dropout Elu Erf Exp Floor Gelu GlobalAveragePool "
    "GlobalMaxPool HardSigmoid HardSwish Hardmax Identity InstanceNormalization LRN "
    "LayerNormalization LeakyRelu Log LogSoftmax LpNormalization MaxPool Mish Neg PRelu "
    "Pad QuantizeLinear Reciprocal Relu Resize Round Selu Sigmoid Sign Slice Softmax "
    "Softplus Softsign SpaceToDepth Split Sqrt Tanh ThresholdedRelu Tile TopK Transpose ";
constexpr char kOnnxRankBroadcasters[] = " Add Div Max Mean Min Mul Pow Sub Sum Where ";

bool onnx_rank_list_has(string_view list, string_view op) {
    for (size_t at = list.find(op, 1); at != string_view::npos; at = list.find(op, at + 1)) {
        size_t end = at + op.size();
        if (list[at - 1] == ' ' && end < list.size() && list[end] == ' ') return true;
    }
    return false;
}

class OnnxRankRule {
public:
    OnnxRankRule(const OnnxUpgrade &upgrade, const Graph &graph, const Node &node)
        : upgrade_(upgrade), graph_(graph), node_(node), op_(node.op.view()) {}

    int apply() const {
        if (onnx_rank_list_has(kOnnxRankKeepers, op_)) return rank(0);
        if (onnx_rank_list_has(kOnnxRankBroadcasters, op_)) return broadcast();
        if (op_ == "Flatten" || op_ == "Gemm") return 2;
        if (op_ == "Shape") return 1;
        if (op_ == "MatMul") return rank(0) >= 2 && rank(1) >= 2 ? broadcast() : -1;
        if (op_ == "Reshape") return elements(1);
        if (op_ == "Unsqueeze") return changed_by_axes(1);
        if (op_ == "Squeeze") return changed_by_axes(-1);
        if (op_ == "Gather") return rank(0) > 0 && rank(1) >= 0 ? rank(0) + rank(1) - 1 : -1;
        if (op_ == "ArgMax" || op_ == "ArgMin") return keeps_axes() ? rank(0) : less(1);
        if (is_reduction()) return keeps_axes() ? rank(0) : changed_by_axes(-1);
        return -1;
    }

private:
    int rank(size_t input) const { return upgrade_.rank(node_.input(input)); }
    bool keeps_axes() const { return node_.get_int("keepdims", 1) != 0; }
    bool is_reduction() const {
        return op_.size() > 6 && string_view(op_.data(), 6) == "Reduce";
    }
    int less(int axes) const { return rank(0) >= axes ? rank(0) - axes : -1; }

    // The number of elements of a list, such as a shape; -1 if that is not known or too large.
    int elements(size_t input) const {
        ValueId list = node_.input(input);
        if (list == kNoValue || upgrade_.rank(list) != 1) return -1;
        const Shape &shape = graph_.value(list).shape;
        return shape.has_rank() && shape[0] >= 0 && shape[0] <= kMaxRank
                   ? static_cast<int>(shape[0])
                   : -1;
    }

    int broadcast() const {
        int largest = 0;
        for (size_t i = 0; i < node_.inputs.size(); ++i) {
            if (rank(i) < 0) return -1;
            if (rank(i) > largest) largest = rank(i);
        }
        return largest;
    }

    int changed_by_axes(int sign) const {
        int axes = elements(1), result = rank(0) < 0 || axes < 0 ? -1 : rank(0) + sign * axes;
        return result > kMaxRank ? -1 : result;
    }

    const OnnxUpgrade &upgrade_;
    const Graph &graph_;
    const Node &node_;
    string_view op_;
};

} // namespace

int onnx_output_rank(const OnnxUpgrade &upgrade, const Graph &graph, const Node &node) {
    return OnnxRankRule(upgrade, graph, node).apply();
}

} // namespace linnet

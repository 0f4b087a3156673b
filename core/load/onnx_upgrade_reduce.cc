// Reductions, and operators of the kind of Softmax.
// SPDX-License-Identifier: MIT
#include "load/onnx_upgrade.h"

namespace linnet {
namespace {

// No axes, or an empty list of them: all axes.
Status upgrade_reduce_axes(OnnxUpgrade &upgrade) {
    Array<int64_t> axes;
    LINNET_TRY(upgrade.take_ints("axes", &axes).take_status());
    if (axes.empty()) return Status();
    if (upgrade.node().has_input(1))
        return upgrade.refuse("it has \"axes\" as an attribute and as an input");
    LINNET_ASSIGN(ValueId id, upgrade.constant("axes", axes.span()));
    return upgrade.set_input(1, id);
}

// Before opset 13 all axes from `axis` on were taken together, as if the tensor were a matrix.
// Where `axis` is the last one that is the same as now; else the matrix is made.
Status upgrade_softmax(OnnxUpgrade &upgrade) {
    int64_t axis = 1;
    LINNET_TRY(upgrade.take_int("axis", &axis).take_status());
    ValueId x = upgrade.node().input(0);
    int rank = upgrade.rank(x);
    if (axis == -1 || (rank >= 1 && axis == rank - 1)) return upgrade.node().set_int("axis", -1);
    LINNET_ASSIGN(ValueId shape, upgrade.emit("Shape", "shape", {x}));
    LINNET_ASSIGN(ValueId matrix, upgrade.emit("Flatten", "matrix", {x}));
    LINNET_TRY(upgrade.emitted().set_int("axis", axis));
    LINNET_ASSIGN(Text op, Text::of(upgrade.node().op));
    LINNET_ASSIGN(ValueId result, upgrade.emit(op.c_str(), "of_matrix", {matrix}));
    LINNET_TRY(upgrade.emitted().set_int("axis", -1));
    LINNET_TRY(upgrade.node().inputs.assign({result, shape}));
    return upgrade.node().op.assign("Reshape");
}

constexpr OnnxUpgradeRule kOnnxReduceRules[] = {
    {"Hardmax", 13, upgrade_softmax},
    {"LogSoftmax", 13, upgrade_softmax},
    {"ReduceL1", 18, upgrade_reduce_axes},
    {"ReduceL2", 18, upgrade_reduce_axes},
    {"ReduceLogSum", 18, upgrade_reduce_axes},
    {"ReduceLogSumExp", 18, upgrade_reduce_axes},
    {"ReduceMax", 18, upgrade_reduce_axes},
    {"ReduceMean", 18, upgrade_reduce_axes},
    {"ReduceMin", 18, upgrade_reduce_axes},
    {"ReduceProd", 18, upgrade_reduce_axes},
    {"ReduceSum", 13, upgrade_reduce_axes},
    {"ReduceSumSquare", 18, upgrade_reduce_axes},
    {"Softmax", 13, upgrade_softmax},
};

} // namespace

Span<const OnnxUpgradeRule> onnx_upgrade_reduce_rules() { return kOnnxReduceRules; }

} // namespace linnet

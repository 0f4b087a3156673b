// SPDX-License-Identifier: MIT
#include "ops/operator.h"

namespace linnet {

// Constant folding replaces an If by its branch where the condition is known. While it is not, all
// that is known of the outputs is what the file states.
static Status infer_if(Inference &inference) {
    const Branch *branch = inference.graph().branch(inference.node(), "then_branch");
    for (size_t i = 0; i < inference.output_count(); ++i) {
        DType dtype = inference.graph().value(branch->outputs[i]).dtype;
        if (dtype == DType::kNone)
            return inference.unsupported("the file does not state the type of output %zu of its "
                                         "then_branch", i);
        inference.set_output(i, dtype, Shape::unknown());
    }
    return Status();
}

static Status lower_if(Lowering &lowering) {
    return lowering.unsupported("its condition is not known before the model runs");
}

static const AttributeRule kIfAttributes[] = {{"then_branch", Attribute::Kind::kBranch, true},
                                              {"else_branch", Attribute::Kind::kBranch, true}};

extern const Operator if_operator;
const Operator if_operator = {"If", 1, kAnyNumber, 1, kAnyNumber, kIfAttributes, false, infer_if,
                              lower_if};

} // namespace linnet

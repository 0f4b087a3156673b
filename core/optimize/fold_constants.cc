// SPDX-License-Identifier: MIT
#include "ops/operator.h"
#include "optimize/branches.h"
#include "optimize/passes.h"

namespace linnet {
namespace {

// A few bytes of a file can ask for gigabytes (ConstantOfShape, Expand, Tile, and chains of them).
// What is not folded is computed by sessions, where the planner counts it.
constexpr int64_t kLargestResult = int64_t{64} << 20; // elements of a folded node
constexpr int64_t kLargestGrowth = 1000;              // times the inputs ...
constexpr int64_t kSmallResult = int64_t{1} << 20;    // ... unless the result is small
constexpr int64_t kGrowthBudget = int64_t{64} << 20;  // elements more than the file's, in total,
                                                      // whatever the number of passes

class ConstantFolding {
public:
    explicit ConstantFolding(Graph *graph) : graph_(graph) {}

    Status run(bool *changed) {
        LINNET_TRY(count_reads());
        size_t nodes_before = graph_->nodes.size();
        LINNET_TRY(todo_.push({std::move(graph_->nodes), 0}));
        graph_->nodes = Array<Node>();
        LINNET_TRY(graph_->nodes.reserve(nodes_before));
        while (!todo_.empty()) {
            if (todo_.back().next == todo_.back().nodes.size())
                todo_.shrink(todo_.size() - 1);
            else
                LINNET_TRY(visit(std::move(todo_.back().nodes[todo_.back().next++]), changed));
        }
        return Status();
    }

private:
    // Nodes that are still to be visited: the graph's, and on top of them those of a branch.
    struct Rest {
        Array<Node> nodes;
        size_t next;
    };

    // The node goes to the end of the graph, unless it is folded or makes room for a branch.
    Status visit(Node node, bool *changed) {
        if (is_if(node) && graph_->constant(node.inputs[0])) {
            *changed = true;
            return enter_branch(node);
        }
        size_t at = graph_->nodes.size();
        LINNET_TRY(graph_->nodes.push(std::move(node)));
        LINNET_TRY(infer_node(graph_, at));
        LINNET_ASSIGN(bool folded, fold(at));
        if (!folded) return Status();
        *changed = true;
        graph_->nodes.shrink(at);
        return Status();
    }

    Status enter_branch(const Node &node) {
        LINNET_ASSIGN(Array<Node> nodes, take_branch(graph_, node));
        for (const Node &inner : nodes)
            for (ValueId input : inner.inputs)
                if (input != kNoValue) ++reads_left_[static_cast<size_t>(input)];
        release_inputs(node);
        return todo_.push({std::move(nodes), 0});
    }

    Status count_reads() {
        LINNET_TRY(reads_left_.fill(graph_->values.size(), 0));
        for (const Node &node : graph_->nodes)
            for (ValueId input : node.inputs)
                if (input != kNoValue) ++reads_left_[static_cast<size_t>(input)];
        for (const Port &port : graph_->outputs) ++reads_left_[static_cast<size_t>(port.value)];
        return Status();
    }

    bool inputs_suffice(const Node &node) const {
        if (is_if(node)) return false;
        if (node.op.view() == "Shape" || node.op.view() == "Size")
            return graph_->value(node.inputs[0]).shape.is_known();
        for (ValueId input : node.inputs)
            if (input != kNoValue && !graph_->constant(input)) return false;
        return true;
    }

    // The elements of the node's outputs; -1 if they are not known, or too many.
    int64_t result_elements(const Node &node) const {
        int64_t total = 0;
        for (ValueId output : node.outputs) {
            if (output == kNoValue) continue;
            const Shape &shape = graph_->value(output).shape;
            if (!shape.is_known() || !fits(shape, kLargestResult - total)) return -1;
            total += shape.elements();
        }
        return total;
    }

    int64_t input_elements(const Node &node) const {
        int64_t total = 1;
        for (ValueId input : node.inputs)
            if (const Tensor *contents = graph_->constant(input))
                total += static_cast<int64_t>(contents->elements());
        return total;
    }

    bool is_affordable(const Node &node) {
        int64_t result = result_elements(node), given = input_elements(node);
        if (result < 0) return false;
        if (result > kSmallResult && result / given > kLargestGrowth) return false;
        if (result <= given) return true;
        if (graph_->folded_elements + result - given > kGrowthBudget) return false;
        graph_->folded_elements += result - given;
        return true;
    }

    // Constants go as soon as their last reader has, so that long chains do not pile up.
    void release_inputs(const Node &node) {
        for (ValueId input : node.inputs)
            if (input != kNoValue && --reads_left_[static_cast<size_t>(input)] == 0)
                graph_->value(input).constant = Ref<Tensor>();
    }

    Result<bool> fold(size_t at) {
        const Node &node = graph_->nodes[at];
        if (!inputs_suffice(node) || !is_affordable(node)) return false;
        LINNET_ASSIGN(Array<Ref<Tensor>> contents, evaluate_node(*graph_, at));
        for (size_t i = 0; i < node.outputs.size(); ++i) {
            if (node.outputs[i] == kNoValue) continue;
            Value &value = graph_->value(node.outputs[i]);
            value.dtype = contents[i]->dtype();
            value.shape = contents[i]->shape();
            if (reads_left_[static_cast<size_t>(node.outputs[i])] > 0)
                value.constant = std::move(contents[i]);
        }
        release_inputs(node);
        return true;
    }

    Graph *graph_;
    Array<Rest> todo_;
    Array<int32_t> reads_left_; // by value; outputs of the graph count as reads
};

} // namespace

Status fold_constants(Graph *graph, bool *changed) { return ConstantFolding(graph).run(changed); }

} // namespace linnet

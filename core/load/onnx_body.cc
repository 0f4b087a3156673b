// The names and the order of the nodes of a graph or a function.
// SPDX-License-Identifier: MIT
#include "load/onnx_format.h"
#include "load/quoted.h"

namespace linnet {

Result<OnnxName> OnnxBody::intern(string_view name) {
    int64_t known = index.find(name);
    if (known >= 0) return static_cast<OnnxName>(known);
    if (!is_utf8(name))
        return error(Code::kMalformed, "the name %s is not UTF-8", Quoted(name).c_str());
    if (names.size() >= INT32_MAX) return error(Code::kLimit, "the graph has too many names");
    OnnxName number = static_cast<OnnxName>(names.size());
    LINNET_TRY(names.push(name));
    LINNET_TRY(index.insert(name, static_cast<uint32_t>(number)));
    return number;
}

namespace {

// Puts the nodes of a body into topological order, which is the file's own one where that is
// topological already, as it has to be.
class OnnxOrder {
public:
    OnnxOrder(OnnxBody *body, Array<OnnxName> *captures) : body_(*body), captures_(captures) {}

    Status run(Span<const OnnxName> given, Span<const OnnxName> handed_on) {
        LINNET_TRY(find_producers(given));
        LINNET_TRY(check_inputs());
        for (OnnxName name : handed_on)
            if (producer(name) == kNobody) LINNET_TRY(capture(name));
        LINNET_TRY(state_.fill(body_.nodes.size(), kNew));
        for (size_t n = 0; n < body_.nodes.size(); ++n) LINNET_TRY(visit(n));
        return apply();
    }

private:
    enum State : uint8_t { kNew, kOpen, kDone };
    static constexpr int32_t kNobody = -1, kGiven = -2;
    struct Visit {
        size_t node;
        size_t next_input;
    };

    int32_t &producer(OnnxName name) { return producers_[static_cast<size_t>(name)]; }

    Status fault(const OnnxNode &node, const char *what, OnnxName name) const {
        return error(Code::kMalformed, "node %s (%s): %s %s", Quoted(node.name).c_str(),
                     Quoted(node.op).c_str(), what,
                     Quoted(body_.names[static_cast<size_t>(name)]).c_str());
    }

    Status find_producers(Span<const OnnxName> given) {
        LINNET_TRY(producers_.fill(body_.names.size(), kNobody));
        for (OnnxName name : given) {
            if (name == kOnnxNoName) return error(Code::kMalformed, "an input has no name");
            if (producer(name) == kGiven)
                return error(Code::kMalformed, "the input %s is there twice",
                             Quoted(body_.names[static_cast<size_t>(name)]).c_str());
            producer(name) = kGiven;
        }
        for (size_t n = 0; n < body_.nodes.size(); ++n) {
            for (OnnxName name : body_.nodes[n].outputs) {
                if (name == kOnnxNoName) continue;
                if (producer(name) != kNobody)
                    return fault(body_.nodes[n], "a second value named", name);
                producer(name) = static_cast<int32_t>(n);
            }
        }
        return Status();
    }

    Status check_inputs() {
        LINNET_TRY(body_.read.fill(body_.names.size(), false));
        LINNET_TRY(body_.produced.fill(body_.names.size(), false));
        for (size_t i = 0; i < producers_.size(); ++i)
            body_.produced[i] = producers_[i] != kNobody;
        for (const OnnxNode &node : body_.nodes) {
            for (OnnxName name : node.inputs) {
                if (name == kOnnxNoName) continue;
                if (producer(name) == kNobody) {
                    if (!captures_) return fault(node, "nothing produces its input", name);
                    LINNET_TRY(capture(name));
                }
                body_.read[static_cast<size_t>(name)] = true;
            }
        }
        return Status();
    }

    Status capture(OnnxName name) {
        producer(name) = kGiven;
        return captures_->push(name);
    }

    // Depth first, on a stack of our own: chains in hostile files are long.
    Status visit(size_t start) {
        if (state_[start] != kNew) return Status();
        LINNET_TRY(open(start));
        while (!stack_.empty()) {
            Visit &top = stack_.back();
            const OnnxNode &node = body_.nodes[top.node];
            if (top.next_input == node.inputs.size()) {
                state_[top.node] = kDone;
                LINNET_TRY(order_.push(top.node));
                stack_.shrink(stack_.size() - 1);
                continue;
            }
            OnnxName name = node.inputs[top.next_input++];
            int32_t from = name == kOnnxNoName ? kGiven : producer(name);
            if (from < 0 || state_[static_cast<size_t>(from)] == kDone) continue;
            if (state_[static_cast<size_t>(from)] == kOpen)
                return fault(node, "a cycle leads through its input", name);
            LINNET_TRY(open(static_cast<size_t>(from)));
        }
        return Status();
    }

    Status open(size_t node) {
        state_[node] = kOpen;
        return stack_.push({node, 0});
    }

    Status apply() {
        Array<OnnxNode> sorted;
        LINNET_TRY(sorted.reserve(order_.size()));
        for (size_t n : order_) LINNET_TRY(sorted.push(std::move(body_.nodes[n])));
        body_.nodes = std::move(sorted);
        return Status();
    }

    OnnxBody &body_;
    Array<OnnxName> *captures_; // nullptr: nothing may come from around the body
    Array<int32_t> producers_; // of names: a node, or one of the constants above
    Array<uint8_t> state_;     // of nodes
    Array<size_t> order_;
    Array<Visit> stack_;
};

} // namespace

Status OnnxBody::prepare(Span<const OnnxName> given) {
    return OnnxOrder(this, nullptr).run(given, {});
}

Status OnnxBody::prepare_branch(Span<const OnnxName> given, Span<const OnnxName> handed_on,
                                Array<OnnxName> *captures) {
    return OnnxOrder(this, captures).run(given, handed_on);
}

} // namespace linnet

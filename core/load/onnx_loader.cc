// From the file's own terms to a Graph: names to values, functions inlined, constants found.
// SPDX-License-Identifier: MIT
#include "load/onnx_loader.h"

#include <algorithm>

#include "load/onnx_format.h"
#include "load/onnx_upgrade.h"
#include "load/quoted.h"

namespace linnet {
namespace {

constexpr int kOnnxCallDepth = 64;
// What inlining may add, counted in bytes of the file's records and of names, so that a small file
// of functions that call functions stays small.
constexpr size_t kOnnxInlinedBytes = size_t{32} << 20;
constexpr size_t kOnnxInlinedValueBytes = 128;

// An attribute under the name that it has here: in a function's body it may be the caller's.
struct OnnxArgument {
    string_view name;
    const OnnxAttribute *attribute;
};

// One graph, one branch of an If, or one call of a function.
struct OnnxScope {
    const OnnxBody *body = nullptr;
    const OnnxFunction *function = nullptr; // nullptr: the main graph, or a branch in it
    const OnnxScope *around = nullptr;      // of a branch
    Span<const OnnxArgument> arguments;     // of the call
    Text prefix;                            // of names
    int64_t opset = 0;
    int depth = 0;
    Array<ValueId> values; // by OnnxName
    Array<bool> wanted;    // by OnnxName: read by a node or handed on
};

// Operators whose outputs behind the first one may be left out where nobody reads them.
constexpr string_view kOnnxOptionalOutputs[] = {"BatchNormalization", "Dropout", "LSTM",
                                                "LayerNormalization", "MaxPool"};

bool onnx_outputs_are_optional(const OnnxNode &node) {
    for (string_view op : kOnnxOptionalOutputs)
        if (node.domain.empty() && node.op == op) return true;
    return false;
}

class OnnxLowering {
public:
    OnnxLowering(OnnxModel *model, const LoadOptions &options)
        : model_(*model), options_(options), fresh_(&model->graph.body.index),
          upgrade_(&loaded_.graph, &fresh_, &reasons_) {}

    Result<LoadedModel> run() {
        LINNET_TRY(index_functions());
        OnnxScope scope;
        LINNET_TRY(open_main(&scope));
        for (const OnnxNode &node : model_.graph.body.nodes) LINNET_TRY(lower_node(&scope, node));
        LINNET_TRY(add_outputs(scope));
        LINNET_TRY(reasons_.as_status());
        std::sort(loaded_.operators.begin(), loaded_.operators.end(),
                  [](const OperatorCount &a, const OperatorCount &b) {
                      return a.op.view() < b.op.view();
                  });
        loaded_.metadata = std::move(model_.metadata);
        return std::move(loaded_);
    }

private:
    Graph &graph() { return loaded_.graph; }

    // ---- The main graph -------------------------------------------------------------------------

    Status open_main(OnnxScope *scope) {
        scope->body = &model_.graph.body;
        scope->opset = onnx_default_opset(model_.opsets.span());
        LINNET_TRY(scope->values.fill(model_.graph.body.names.size(), kNoValue));
        LINNET_TRY(scope->wanted.append(model_.graph.body.read.span()));
        for (const OnnxPort &port : model_.graph.outputs)
            scope->wanted[static_cast<size_t>(port.name)] = true;
        for (const OnnxPort &port : model_.graph.inputs) LINNET_TRY(add_input(scope, port));
        for (OnnxInitializer &initializer : model_.graph.initializers)
            LINNET_TRY(add_initializer(scope, &initializer));
        return Status();
    }

    Status fill_port(const OnnxPort &from, const char *what, string_view name, Port *port) {
        LINNET_TRY(port->name.assign(name));
        port->shape = from.shape;
        bool known = onnx_graph_dtype(from.dtype) != DType::kNone;
        if (known) port->dtype = static_cast<DType>(from.dtype);
        if (!from.problem.empty()) return reasons_.add(what, name, from.problem.c_str());
        if (known || from.dtype == 0) return check_port_size(what, name, *port);
        Text reason;
        LINNET_TRY(reason.appendf("has element type %s", onnx_dtype_name(from.dtype)));
        return reasons_.add(what, name, reason.c_str());
    }

    // Free axes count as 1.
    Status check_port_size(const char *what, string_view name, const Port &port) {
        Shape smallest = port.shape;
        for (int i = 0; i < smallest.rank(); ++i)
            if (smallest[i] <= 0) smallest[i] = 1;
        if (!smallest.has_rank() || fits(smallest, options_.tensor_elements)) return Status();
        return error(Code::kLimit, "the %s %s has more than %lld elements", what,
                     Quoted(name).c_str(), static_cast<long long>(options_.tensor_elements));
    }

    Status add_input(OnnxScope *scope, const OnnxPort &from) {
        string_view name = model_.graph.body.names[static_cast<size_t>(from.name)];
        Port port;
        LINNET_TRY(fill_port(from, "input", name, &port));
        if (port.dtype == DType::kNone && from.dtype == 0 && from.problem.empty())
            return error(Code::kMalformed, "the input %s has no type", Quoted(name).c_str());
        LINNET_ASSIGN(port.value, graph().add_value(name, graph_dtype(port.dtype), port.shape));
        scope->values[static_cast<size_t>(from.name)] = port.value;
        return graph().inputs.push(std::move(port));
    }

    // One that a Graph cannot hold is a reason only where somebody wants it.
    Status add_initializer(OnnxScope *scope, OnnxInitializer *from) {
        size_t at = static_cast<size_t>(from->name);
        string_view name = model_.graph.body.names[at];
        if (from->tensor) {
            LINNET_ASSIGN(scope->values[at],
                          graph().add_constant(name, std::move(from->tensor)));
            return Status();
        }
        LINNET_ASSIGN(scope->values[at], graph().add_value(name, DType::kNone, Shape::unknown()));
        return scope->wanted[at] ? reasons_.add("tensor", name, from->problem.c_str()) : Status();
    }

    Status add_outputs(const OnnxScope &scope) {
        Array<bool> seen;
        LINNET_TRY(seen.fill(model_.graph.body.names.size(), false));
        for (const OnnxPort &from : model_.graph.outputs) {
            size_t at = static_cast<size_t>(from.name);
            string_view name = model_.graph.body.names[at];
            Port port;
            port.value = scope.values[at];
            if (port.value == kNoValue)
                return error(Code::kMalformed, "nothing produces the output %s",
                             Quoted(name).c_str());
            if (seen[at])
                return error(Code::kMalformed, "the output %s is there twice",
                             Quoted(name).c_str());
            seen[at] = true;
            LINNET_TRY(fill_port(from, "output", name, &port));
            LINNET_TRY(graph().outputs.push(std::move(port)));
        }
        return Status();
    }

    // ---- Nodes ----------------------------------------------------------------------------------

    Status lower_node(OnnxScope *scope, const OnnxNode &node) {
        Array<OnnxArgument> arguments;
        LINNET_TRY(resolve_attributes(*scope, node, &arguments));
        OnnxFunction *function = nullptr;
        LINNET_TRY(find_function(node, &function));
        if (function) return inline_call(scope, node, function, arguments.span());
        LINNET_TRY(count_node(*scope, node));
        if (node.domain.empty() && node.op == "Constant")
            return lower_constant(scope, node, arguments.span());
        return lower_operator(scope, node, arguments.span());
    }

    Status resolve_attributes(const OnnxScope &scope, const OnnxNode &node,
                              Array<OnnxArgument> *arguments) {
        for (const OnnxAttribute &attribute : node.attributes) {
            const OnnxAttribute *meant = &attribute;
            if (!attribute.ref.empty()) {
                if (!scope.function)
                    return error(Code::kMalformed,
                                 "node %s: its attribute %s refers to a function's, but is in none",
                                 Quoted(node.name).c_str(), Quoted(attribute.name).c_str());
                meant = find_argument(scope, attribute.ref);
            }
            // One that the caller leaves out and that has no default is absent here as well.
            if (meant) LINNET_TRY(arguments->push({attribute.name, meant}));
        }
        return Status();
    }

    static const OnnxAttribute *find_argument(const OnnxScope &scope, string_view name) {
        for (const OnnxArgument &argument : scope.arguments)
            if (argument.name == name) return argument.attribute;
        for (const OnnxAttribute &otherwise : scope.function->defaults)
            if (otherwise.name == name && otherwise.ref.empty()) return &otherwise;
        return nullptr;
    }

    Status count_node(const OnnxScope &scope, const OnnxNode &node) {
        if (++nodes_ > options_.nodes)
            return error(Code::kLimit, "the model has more than %llu nodes, functions inlined",
                         static_cast<unsigned long long>(options_.nodes));
        if (scope.function) LINNET_TRY(spend(node.bytes + scope.prefix.size()));
        Text op;
        LINNET_TRY(name_operator(node, &op));
        int64_t known = counts_.find(op);
        if (known >= 0) {
            ++loaded_.operators[static_cast<size_t>(known)].nodes;
            return Status();
        }
        LINNET_TRY(counts_.insert(op, static_cast<uint32_t>(loaded_.operators.size())));
        OperatorCount count;
        count.op = std::move(op);
        count.nodes = 1;
        return loaded_.operators.push(std::move(count));
    }

    static Status name_operator(const OnnxNode &node, Text *op) {
        if (!node.domain.empty()) {
            LINNET_TRY(op->assign(node.domain));
            LINNET_TRY(op->append("::"));
        }
        return op->append(node.op);
    }

    Status spend(size_t bytes) {
        if (bytes > kOnnxInlinedBytes - inlined_bytes_)
            return error(Code::kLimit, "the model's functions are too large when they are inlined");
        inlined_bytes_ += bytes;
        return Status();
    }

    // The value of an output, which is made when it is first needed.
    Result<ValueId> output_value(OnnxScope *scope, OnnxName output) {
        if (output == kOnnxNoName) return kNoValue;
        ValueId &value = scope->values[static_cast<size_t>(output)];
        if (value != kNoValue) return value;
        string_view own = scope->body->names[static_cast<size_t>(output)];
        Text name;
        if (scope->function)
            LINNET_TRY(spend(scope->prefix.size() + own.size() + kOnnxInlinedValueBytes));
        if (scope->function || scope->around) {
            LINNET_TRY(inner_name(*scope, own, &name));
            own = name;
        }
        LINNET_ASSIGN(value, graph().add_value(own, DType::kNone, Shape::unknown()));
        return value;
    }

    // The names of the main graph alone are the file's.
    Status inner_name(const OnnxScope &scope, string_view own, Text *name) {
        LINNET_TRY(name->assign(scope.prefix));
        LINNET_TRY(name->append(own));
        return fresh_.make_unique(name);
    }

    Status refuse(const OnnxScope &scope, const OnnxNode &node, const char *reason) {
        Text name;
        if (!node.name.empty()) {
            LINNET_TRY(name.assign(scope.prefix));
            LINNET_TRY(name.append(node.name));
        }
        string_view output;
        for (OnnxName id : node.outputs)
            if (id != kOnnxNoName && output.empty())
                output = scope.body->names[static_cast<size_t>(id)];
        return reasons_.add_node(name, node.op, output, reason);
    }

    Status lower_operator(OnnxScope *scope, const OnnxNode &from,
                          Span<const OnnxArgument> arguments) {
        Node node;
        LINNET_TRY(name_operator(from, &node.op));
        LINNET_TRY(node.name.assign(scope->prefix));
        LINNET_TRY(node.name.append(from.name));
        LINNET_TRY(node.inputs.reserve(from.inputs.size()));
        LINNET_TRY(node.outputs.reserve(from.outputs.size()));
        LINNET_TRY(node.attributes.reserve(arguments.size()));
        for (OnnxName input : from.inputs)
            LINNET_TRY(node.inputs.push(
                input == kOnnxNoName ? kNoValue : scope->values[static_cast<size_t>(input)]));
        LINNET_TRY(lower_outputs(scope, from, &node));
        bool usable = true;
        for (const OnnxArgument &argument : arguments)
            if (usable) LINNET_TRY(lower_attribute(scope, from, argument, &node, &usable));
        if (!usable) return Status();
        return from.domain.empty() ? upgrade_.translate(std::move(node), scope->opset)
                                   : upgrade_.add(std::move(node));
    }

    Status lower_outputs(OnnxScope *scope, const OnnxNode &from, Node *node) {
        bool optional = onnx_outputs_are_optional(from);
        for (size_t i = 0; i < from.outputs.size(); ++i) {
            OnnxName name = from.outputs[i];
            bool wanted = name != kOnnxNoName && scope->wanted[static_cast<size_t>(name)];
            ValueId value = kNoValue;
            if (i == 0 || wanted || !optional) {
                LINNET_ASSIGN(value, output_value(scope, name));
            }
            LINNET_TRY(node->outputs.push(value));
        }
        while (optional && node->outputs.size() > 1 && node->outputs.back() == kNoValue)
            node->outputs.shrink(node->outputs.size() - 1);
        return Status();
    }

    // An operator of a foreign domain is unknown anyhow: what its attributes are does not matter.
    Status lower_attribute(OnnxScope *scope, const OnnxNode &node, const OnnxArgument &argument,
                           Node *target, bool *usable) {
        const OnnxAttribute &from = *argument.attribute;
        if (!from.problem.empty()) {
            if (!node.domain.empty()) return Status();
            *usable = false;
            Text reason;
            LINNET_TRY(reason.appendf("its attribute %s %s", Quoted(argument.name).c_str(),
                                      from.problem.c_str()));
            return refuse(*scope, node, reason.c_str());
        }
        Attribute to;
        LINNET_TRY(to.name.assign(argument.name));
        if (from.branch >= 0) {
            // The inputs of a node carry what its own branches read, not what a function's
            // argument does.
            bool is_own = &from >= node.attributes.begin() && &from < node.attributes.end();
            *usable = is_own;
            if (!is_own) return refuse(*scope, node, "its branches are arguments of a function");
            to.kind = Attribute::Kind::kBranch;
            LINNET_ASSIGN(to.i, lower_branch(scope, from, *target));
            return target->attributes.push(std::move(to));
        }
        to.kind = from.kind;
        to.i = from.i;
        to.f = from.f;
        if (from.kind == Attribute::Kind::kText) LINNET_TRY(to.text.assign(from.text));
        LINNET_TRY(to.ints.assign(from.ints.span()));
        LINNET_TRY(to.floats.assign(from.floats.span()));
        to.tensor = from.tensor;
        return target->attributes.push(std::move(to));
    }

    // ---- Branches -------------------------------------------------------------------------------

    // The number of the branch in the Graph.
    Result<int64_t> lower_branch(OnnxScope *around, const OnnxAttribute &attribute,
                                 const Node &owner) {
        if (around->depth == kOnnxCallDepth)
            return error(Code::kLimit, "functions and branches lie more than %d deep",
                         kOnnxCallDepth);
        const OnnxBranch &from = model_.branches[static_cast<size_t>(attribute.branch)];
        OnnxScope scope;
        Branch branch;
        LINNET_TRY(open_branch(*around, from, &scope));
        LINNET_TRY(bind_captures(from, owner, &scope, &branch));
        // Translation adds to the nodes of the graph: until the branch ends these are its own.
        Array<Node> nodes_before = std::move(graph().nodes);
        graph().nodes = Array<Node>();
        for (const OnnxNode &node : scope.body->nodes) LINNET_TRY(lower_node(&scope, node));
        branch.nodes = std::move(graph().nodes);
        graph().nodes = std::move(nodes_before);
        for (const OnnxPort &port : from.graph.outputs)
            LINNET_TRY(add_branch_output(scope, port, &branch));
        LINNET_TRY(graph().branches.push(std::move(branch)));
        return static_cast<int64_t>(graph().branches.size() - 1);
    }

    Status open_branch(const OnnxScope &around, const OnnxBranch &from, OnnxScope *scope) {
        scope->body = &from.graph.body;
        scope->function = around.function;
        scope->around = &around;
        scope->arguments = around.arguments;
        scope->opset = around.opset;
        scope->depth = around.depth + 1;
        LINNET_TRY(scope->prefix.assign(around.prefix));
        LINNET_TRY(scope->values.fill(scope->body->names.size(), kNoValue));
        LINNET_TRY(scope->wanted.append(scope->body->read.span()));
        for (const OnnxPort &port : from.graph.outputs)
            scope->wanted[static_cast<size_t>(port.name)] = true;
        LINNET_TRY(check_shadows(*scope));
        for (const OnnxInitializer &initializer : from.graph.initializers)
            LINNET_TRY(add_branch_initializer(scope, initializer));
        return Status();
    }

    // A name means one thing wherever it can be seen.
    static Status check_shadows(const OnnxScope &scope) {
        for (size_t at = 0; at < scope.body->names.size(); ++at) {
            if (!scope.body->produced[at]) continue;
            string_view name = scope.body->names[at];
            for (const OnnxScope *outer = scope.around; outer; outer = outer->around) {
                int64_t known = outer->body->index.find(name);
                if (known >= 0 && outer->body->produced[static_cast<size_t>(known)])
                    return error(Code::kMalformed, "a branch has a second value named %s",
                                 Quoted(name).c_str());
            }
        }
        return Status();
    }

    Status add_branch_initializer(OnnxScope *scope, const OnnxInitializer &from) {
        size_t at = static_cast<size_t>(from.name);
        LINNET_ASSIGN(ValueId id, output_value(scope, from.name));
        if (!from.tensor)
            return scope->wanted[at] ? reasons_.add("tensor", scope->body->names[at],
                                                    from.problem.c_str())
                                     : Status();
        set_constant(id, from.tensor);
        return Status();
    }

    // A constant is read where it is, so that whoever asks for constants finds it; every other
    // value by a parameter.
    Status bind_captures(const OnnxBranch &from, const Node &owner, OnnxScope *scope,
                         Branch *branch) {
        branch->first_input = from.first_input;
        for (size_t i = 0; i < from.captures.size(); ++i) {
            size_t at = static_cast<size_t>(from.captures[i]);
            ValueId outer = owner.inputs[from.first_input + i];
            if (outer == kNoValue)
                return error(Code::kMalformed, "nothing produces %s, which a branch reads",
                             Quoted(scope->body->names[at]).c_str());
            ValueId parameter = kNoValue;
            if (!graph().constant(outer)) {
                LINNET_ASSIGN(parameter, output_value(scope, from.captures[i]));
                LINNET_TRY(upgrade_.note_same(parameter, outer));
            }
            scope->values[at] = parameter == kNoValue ? outer : parameter;
            LINNET_TRY(branch->parameters.push(parameter));
        }
        return Status();
    }

    Status add_branch_output(const OnnxScope &scope, const OnnxPort &from, Branch *branch) {
        string_view name = scope.body->names[static_cast<size_t>(from.name)];
        ValueId value = scope.values[static_cast<size_t>(from.name)];
        if (value == kNoValue)
            return error(Code::kMalformed, "nothing produces the output %s of a branch",
                         Quoted(name).c_str());
        Port port;
        LINNET_TRY(fill_port(from, "output", name, &port));
        DType &dtype = graph().value(value).dtype;
        if (dtype == DType::kNone) dtype = graph_dtype(port.dtype);
        return branch->outputs.push(value);
    }

    // ---- Constants ------------------------------------------------------------------------------

    Status lower_constant(OnnxScope *scope, const OnnxNode &node,
                          Span<const OnnxArgument> arguments) {
        if (node.outputs.size() != 1 || node.outputs[0] == kOnnxNoName)
            return error(Code::kMalformed, "node %s (Constant) needs one output",
                         Quoted(node.name).c_str());
        LINNET_ASSIGN(ValueId id, output_value(scope, node.outputs[0]));
        if (arguments.size() != 1)
            return error(Code::kMalformed, "node %s (Constant) needs one attribute",
                         Quoted(node.name).c_str());
        const OnnxAttribute &from = *arguments[0].attribute;
        if (!from.problem.empty()) {
            Text reason;
            LINNET_TRY(reason.appendf("its value %s", from.problem.c_str()));
            return refuse(*scope, node, reason.c_str());
        }
        if (from.kind == Attribute::Kind::kText) return refuse(*scope, node, "its value is a text");
        LINNET_ASSIGN(Ref<Tensor> contents, constant_contents(from));
        set_constant(id, std::move(contents));
        return Status();
    }

    void set_constant(ValueId id, Ref<Tensor> contents) {
        Value &value = graph().value(id);
        value.dtype = contents->dtype();
        value.shape = contents->shape();
        value.constant = std::move(contents);
    }

    // "value", "value_int", "value_ints" and so on: the kind tells.
    static Result<Ref<Tensor>> constant_contents(const OnnxAttribute &from) {
        switch (from.kind) {
        case Attribute::Kind::kInt: return Tensor::of_int64({}, {&from.i, 1});
        case Attribute::Kind::kFloat: return Tensor::of_float({}, {&from.f, 1});
        case Attribute::Kind::kInts:
            return Tensor::of_int64({static_cast<int64_t>(from.ints.size())}, from.ints.span());
        case Attribute::Kind::kFloats:
            return Tensor::of_float({static_cast<int64_t>(from.floats.size())},
                                    from.floats.span());
        default: return from.tensor;
        }
    }

    // ---- Functions ------------------------------------------------------------------------------

    // Zero bytes cannot be part of the names.
    static Status function_key(string_view domain, string_view name, string_view overload,
                               Text *key) {
        LINNET_TRY(key->assign(domain));
        LINNET_TRY(key->append(string_view("\0", 1)));
        LINNET_TRY(key->append(name));
        LINNET_TRY(key->append(string_view("\0", 1)));
        return key->append(overload);
    }

    Status index_functions() {
        for (size_t i = 0; i < model_.functions.size(); ++i) {
            const OnnxFunction &function = model_.functions[i];
            Text key;
            LINNET_TRY(function_key(function.domain, function.name, function.overload, &key));
            if (functions_.find(key) >= 0)
                return error(Code::kMalformed, "the function %s is there twice",
                             Quoted(function.name).c_str());
            LINNET_TRY(functions_.insert(key, static_cast<uint32_t>(i)));
        }
        return Status();
    }

    Status find_function(const OnnxNode &node, OnnxFunction **function) {
        if (functions_.size() == 0) return Status();
        Text key;
        LINNET_TRY(function_key(node.domain, node.op, node.overload, &key));
        int64_t found = functions_.find(key);
        if (found >= 0) *function = &model_.functions[static_cast<size_t>(found)];
        return Status();
    }

    Status inline_call(OnnxScope *caller, const OnnxNode &call, OnnxFunction *function,
                       Span<const OnnxArgument> arguments) {
        Quoted name(function->name);
        if (function->active)
            return error(Code::kMalformed, "the function %s calls itself", name.c_str());
        if (caller->depth == kOnnxCallDepth)
            return error(Code::kLimit, "functions call functions more than %d deep",
                         kOnnxCallDepth);
        if (++calls_ > options_.nodes)
            return error(Code::kLimit, "functions are called more than %llu times",
                         static_cast<unsigned long long>(options_.nodes));
        if (call.inputs.size() > function->inputs.size() ||
            call.outputs.size() > function->outputs.size())
            return error(Code::kMalformed, "node %s: the function %s takes %d inputs, gives %d",
                         Quoted(call.name).c_str(), name.c_str(),
                         static_cast<int>(function->inputs.size()),
                         static_cast<int>(function->outputs.size()));
        OnnxScope scope;
        LINNET_TRY(open_call(*caller, call, *function, &scope));
        scope.arguments = arguments;
        if (scope.opset < kOnnxOldestOpset || scope.opset > kOnnxNewestOpset) {
            Text reason;
            LINNET_TRY(reason.appendf("its function is of opset %lld; %lld to %lld are supported",
                                      static_cast<long long>(scope.opset),
                                      static_cast<long long>(kOnnxOldestOpset),
                                      static_cast<long long>(kOnnxNewestOpset)));
            LINNET_TRY(refuse(*caller, call, reason.c_str()));
            return make_outputs(caller, call);
        }
        function->active = true;
        LINNET_TRY(bind_outputs(caller, call, &scope));
        for (const OnnxNode &node : function->body.nodes) LINNET_TRY(lower_node(&scope, node));
        LINNET_TRY(return_outputs(caller, call, scope));
        function->active = false;
        return Status();
    }

    Status make_outputs(OnnxScope *caller, const OnnxNode &call) {
        for (OnnxName output : call.outputs)
            LINNET_TRY(output_value(caller, output).take_status());
        return Status();
    }

    Status open_call(const OnnxScope &caller, const OnnxNode &call, const OnnxFunction &function,
                     OnnxScope *scope) {
        scope->body = &function.body;
        scope->function = &function;
        scope->depth = caller.depth + 1;
        scope->opset = onnx_default_opset(function.opsets.span());
        if (scope->opset < 0) scope->opset = onnx_default_opset(model_.opsets.span());
        LINNET_TRY(spend(function.bytes + caller.prefix.size() + call.name.size()));
        LINNET_TRY(scope->prefix.assign(caller.prefix));
        LINNET_TRY(scope->prefix.append(call.name.empty() ? call.op : call.name));
        LINNET_TRY(scope->prefix.append("/"));
        LINNET_TRY(scope->values.fill(function.body.names.size(), kNoValue));
        LINNET_TRY(scope->wanted.append(function.body.read.span()));
        for (size_t i = 0; i < call.inputs.size(); ++i)
            if (call.inputs[i] != kOnnxNoName)
                scope->values[static_cast<size_t>(function.inputs[i])] =
                    caller.values[static_cast<size_t>(call.inputs[i])];
        return Status();
    }

    // What a node of the body produces goes straight into the caller's value.
    Status bind_outputs(OnnxScope *caller, const OnnxNode &call, OnnxScope *scope) {
        const OnnxFunction &function = *scope->function;
        Array<bool> is_input;
        LINNET_TRY(is_input.fill(function.body.names.size(), false));
        for (OnnxName input : function.inputs) is_input[static_cast<size_t>(input)] = true;
        for (size_t i = 0; i < call.outputs.size(); ++i) {
            OnnxName inner = function.outputs[i], outer = call.outputs[i];
            if (inner == kOnnxNoName)
                return error(Code::kMalformed, "an output of the function %s has no name",
                             Quoted(function.name).c_str());
            if (outer == kOnnxNoName) continue;
            size_t at = static_cast<size_t>(inner);
            scope->wanted[at] = scope->wanted[at] || caller->wanted[static_cast<size_t>(outer)];
            if (is_input[at] || scope->values[at] != kNoValue) continue;
            LINNET_ASSIGN(scope->values[at], output_value(caller, outer));
        }
        return Status();
    }

    // Outputs that are an input, or the same as another output, are copied.
    Status return_outputs(OnnxScope *caller, const OnnxNode &call, const OnnxScope &scope) {
        const OnnxFunction &function = *scope.function;
        for (size_t i = 0; i < call.outputs.size(); ++i) {
            if (call.outputs[i] == kOnnxNoName) continue;
            size_t inner = static_cast<size_t>(function.outputs[i]);
            if (!function.body.produced[inner])
                return error(Code::kMalformed, "nothing produces the output %s of the function %s",
                             Quoted(function.body.names[inner]).c_str(),
                             Quoted(function.name).c_str());
            LINNET_ASSIGN(ValueId target, output_value(caller, call.outputs[i]));
            if (scope.values[inner] == target) continue;
            Node copy;
            LINNET_TRY(copy.op.assign("Identity"));
            LINNET_TRY(copy.name.assign(scope.prefix));
            LINNET_TRY(copy.inputs.push(scope.values[inner]));
            LINNET_TRY(copy.outputs.push(target));
            LINNET_TRY(upgrade_.add(std::move(copy)));
        }
        return Status();
    }

    OnnxModel &model_;
    const LoadOptions &options_;
    LoadedModel loaded_;
    OnnxReasons reasons_;
    OnnxFreshNames fresh_;
    OnnxUpgrade upgrade_;
    NameIndex functions_; // key: number
    NameIndex counts_;    // operator: its place in loaded_.operators
    size_t nodes_ = 0;
    size_t calls_ = 0;
    size_t inlined_bytes_ = 0;
};

} // namespace

Result<LoadedModel> load_onnx(Bytes file, const LoadOptions &options) {
    if (file.size() > options.file_bytes)
        return error(Code::kLimit, "the model has %llu bytes, more than the limit of %llu",
                     static_cast<unsigned long long>(file.size()),
                     static_cast<unsigned long long>(options.file_bytes));
    LoadOptions checked = options;
    // So that a number of bytes never overflows.
    constexpr int64_t kMostElements = static_cast<int64_t>(SIZE_MAX / 32);
    checked.tensor_elements = std::min(checked.tensor_elements, kMostElements);
    Result<OnnxModel> parsed = parse_onnx(file, checked);
    if (!parsed.ok()) return parsed.take_status().within("not a usable ONNX model");
    return OnnxLowering(&parsed.value(), checked).run();
}

} // namespace linnet

// An ONNX file as it stands (onnx.proto, IR version 3 to 11), names resolved to numbers.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/text.h"
#include "load/load_options.h"
#include "load/protobuf.h"
#include "model/graph.h"

namespace linnet {

constexpr int64_t kOnnxOldestIr = 3, kOnnxNewestIr = 11;
constexpr int64_t kOnnxOldestOpset = 7, kOnnxNewestOpset = kDialectOpset;
constexpr size_t kOnnxNodeAttributes = 128; // of one node; real ones have up to a dozen

// TensorProto.DataType; those of DType and the others.
const char *onnx_dtype_name(int64_t number);
// The type that a Graph uses for it, kNone if there is none.
DType onnx_graph_dtype(int64_t number);

// A number of a value within one body; kOnnxNoName for "", an optional one that is absent.
using OnnxName = int32_t;
constexpr OnnxName kOnnxNoName = -1;

struct OnnxAttribute {
    string_view name;
    string_view ref; // the attribute of the function that is meant, in a function's body
    Attribute::Kind kind = Attribute::Kind::kInt;
    int64_t i = 0;
    float f = 0;
    string_view text;
    Array<int64_t> ints;
    Array<float> floats;
    Ref<Tensor> tensor;
    int32_t branch = -1; // of OnnxModel::branches, where it is one of an If
    Text problem;        // why a Graph cannot hold it; empty if it can
};

struct OnnxNode {
    string_view op, domain, name, overload; // "ai.onnx" has become ""
    Array<OnnxName> inputs, outputs; // of an If, also what its branches read of the values here
    Array<OnnxAttribute> attributes;
    size_t bytes = 0; // of its record in the file
};

struct OnnxInitializer {
    OnnxName name = kOnnxNoName;
    Ref<Tensor> tensor;
    Text problem; // as with attributes
};

struct OnnxPort {
    OnnxName name = kOnnxNoName;
    int64_t dtype = 0; // TensorProto.DataType; 0 if the file does not tell
    Shape shape = Shape::unknown();
    Text problem;
};

// The nodes of a graph or a function. After prepare() they are in topological order, every name has
// at most one producer, and `read` and `produced` are known.
struct OnnxBody {
    Array<string_view> names;
    Array<bool> read;     // by a node of the body
    Array<bool> produced; // by a node of the body, or given
    Array<OnnxNode> nodes;
    NameIndex index;

    // The number of a name, new or known. Fails if it is not UTF-8.
    Result<OnnxName> intern(string_view name);
    // `given` are the names that come from outside: inputs and initializers.
    Status prepare(Span<const OnnxName> given);
    // The same for a branch, which may read and hand on what is around it: those names.
    Status prepare_branch(Span<const OnnxName> given, Span<const OnnxName> handed_on,
                          Array<OnnxName> *captures);
};

struct OnnxOpset {
    string_view domain;
    int64_t version = 0;
};

struct OnnxFunction {
    string_view name, domain, overload;
    OnnxBody body;
    Array<OnnxName> inputs, outputs;
    Array<OnnxAttribute> defaults;
    Array<OnnxOpset> opsets;
    size_t bytes = 0; // of its record in the file
    bool active = false; // while a call of it is being inlined: finds recursion
};

struct OnnxGraph {
    OnnxBody body;
    Array<OnnxInitializer> initializers;
    Array<OnnxPort> inputs, outputs; // inputs without those that have an initializer
};

// A subgraph of an If, which names of the graph around it are visible in.
struct OnnxBranch {
    OnnxGraph graph;
    Array<OnnxName> captures; // the names of the branch that are values from around it ...
    size_t first_input = 0;   // ... which are the inputs of the If from here on
};

struct OnnxModel {
    int64_t ir_version = 0;
    Array<OnnxOpset> opsets;
    OnnxGraph graph;
    Array<OnnxFunction> functions;
    Array<OnnxBranch> branches; // those of a branch stand before it
    Array<MetadataEntry> metadata;
};

// Reads the whole file; views and, if so allowed, tensors point into it.
Result<OnnxModel> parse_onnx(Bytes file, const LoadOptions &options);

// The version of the default domain, or -1.
int64_t onnx_default_opset(Span<const OnnxOpset> opsets);

// What the parsers of the parts share.
struct OnnxExternalFile {
    Text location;
    Ref<SharedFile> file;
};
struct OnnxContext {
    const LoadOptions *options = nullptr;
    const unsigned char *file_begin = nullptr;
    Array<OnnxExternalFile> external_files;
    size_t external_bytes = 0; // read so far
    size_t nodes = 0;          // seen so far
    Array<OnnxBranch> *branches = nullptr;
};

// A TensorProto. `problem` tells why a Graph cannot hold it, and then there is no tensor.
struct OnnxTensor {
    string_view name;
    Ref<Tensor> tensor;
    Text problem;
};
Result<OnnxTensor> parse_onnx_tensor(ProtobufReader reader, OnnxContext *context);

// A GraphProto, before its names are settled.
Status parse_onnx_graph(ProtobufReader reader, OnnxContext *context, OnnxGraph *graph);

// The names that inputs and initializers give. An input that has an initializer has a value of its
// own and is none of the graph's inputs.
Status settle_onnx_inputs(OnnxGraph *graph, Array<OnnxName> *names);

// Adds the subgraphs of an If to those of the context, and to its inputs what they read outside.
// `body` is where the node lies; the reader is at the beginning of its record.
Status parse_onnx_branches(ProtobufReader reader, OnnxContext *context, OnnxBody *body,
                           OnnxNode *node);

} // namespace linnet

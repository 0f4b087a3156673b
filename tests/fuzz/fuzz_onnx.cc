// libFuzzer target: any bytes are a model or an error.
//     clang++ -fsanitize=fuzzer,address,undefined -std=c++17 -Icore tests/fuzz/fuzz_onnx.cc
//         core/{base,model,load}/*.cc -o fuzz_onnx && ./fuzz_onnx CORPUS
// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>

#include "load/onnx_loader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    linnet::LoadOptions options;
    options.file_bytes = size_t{1} << 20;
    options.nodes = 1000;
    options.tensor_elements = 1 << 16;
    options.borrow = size % 2 != 0;
    linnet::Result<linnet::LoadedModel> model = linnet::load_onnx({data, size}, options);
    if (!model.ok()) return 0;

    // What the header promises of a graph.
    const linnet::Graph &graph = model.value().graph;
    auto valid = [&](linnet::ValueId id) {
        return id == linnet::kNoValue || (id >= 0 && static_cast<size_t>(id) < graph.values.size());
    };
    linnet::Array<bool> made;
    if (!made.fill(graph.values.size(), false).ok()) return 0;
    auto make = [&](linnet::ValueId id) {
        if (!valid(id)) __builtin_trap();
        if (id == linnet::kNoValue) return;
        if (made[static_cast<size_t>(id)]) __builtin_trap();
        made[static_cast<size_t>(id)] = true;
    };
    for (const linnet::Port &port : graph.inputs) make(port.value);
    for (size_t i = 0; i < graph.values.size(); ++i)
        if (graph.values[i].constant) make(static_cast<linnet::ValueId>(i));
    for (const linnet::Node &node : graph.nodes) {
        for (linnet::ValueId input : node.inputs)
            if (!valid(input) || (input != linnet::kNoValue && !made[static_cast<size_t>(input)]))
                __builtin_trap();
        for (linnet::ValueId output : node.outputs) make(output);
    }
    for (const linnet::Branch &branch : graph.branches) {
        for (linnet::ValueId parameter : branch.parameters) make(parameter);
        for (const linnet::Node &node : branch.nodes) {
            for (linnet::ValueId input : node.inputs)
                if (!valid(input)) __builtin_trap();
            for (linnet::ValueId output : node.outputs) make(output);
        }
        for (linnet::ValueId output : branch.outputs)
            if (output == linnet::kNoValue || !made[static_cast<size_t>(output)]) __builtin_trap();
    }
    for (const linnet::Port &port : graph.outputs)
        if (port.value == linnet::kNoValue || !made[static_cast<size_t>(port.value)])
            __builtin_trap();
    return 0;
}

// The file format of prepared models, capi/FORMAT.md: a header, blocks of weights, an ONNX model
// whose weights are these blocks, and an index.
// SPDX-License-Identifier: MIT
#pragma once

#include "load/load_options.h"
#include "model/graph.h"

namespace linnet {

constexpr unsigned char kLinnetMagic[8] = {0x89, 'L', 'I', 'N', 'N', 'E', 'T', '\n'};
constexpr uint32_t kLinnetFormat = 1;
constexpr size_t kLinnetHeaderBytes = 64;
constexpr size_t kLinnetBlockAlignment = 64;
// Where the ONNX model says that its weights lie: in the file around it.
constexpr string_view kLinnetLocation = "linnet";

// Some bytes of the file.
struct LinnetSection {
    uint64_t offset = 0, bytes = 0, checksum = 0; // XXH64
};

// The first bytes of the file.
struct LinnetHeader {
    uint32_t packing = 0; // the revision of the packed weights' forms
    LinnetSection graph, index;
};

void write_linnet_header(const LinnetHeader &header, Span<unsigned char> bytes);

struct LinnetBlock {
    LinnetSection section;
    DType dtype = DType::kNone; // of its elements
};

// Weights in the form of a kernel: which one, of which weights, see WeightCache.
struct LinnetPacked {
    uint64_t source = 0;
    Array<int64_t> key;
    size_t block = 0;
};

// What the header and the index say of a file. Every section lies within the file.
struct LinnetContainer {
    Bytes file;
    LinnetHeader header;
    Text digest;
    Array<OperatorCount> operators;
    Array<LinnetBlock> blocks; // in the order of their offsets
    Array<LinnetPacked> packed;

    Bytes bytes(const LinnetSection &section) const {
        return file.part(static_cast<size_t>(section.offset), static_cast<size_t>(section.bytes));
    }
    // The block that begins here; nullptr if there is none.
    const LinnetBlock *find_block(uint64_t offset) const;
};

// Whether the file says that it is one of these.
bool is_linnet_file(Bytes file);

// Checks header and index, and the checksums of both and of the graph; not those of the blocks.
// The bytes are aligned to kLinnetBlockAlignment. kMalformed, kUnsupported, kLimit.
Result<LinnetContainer> read_linnet_container(Bytes file, const LoadOptions &options);

// Checks the checksums of the blocks: kMalformed says where the file is damaged.
Status verify_linnet_blocks(const LinnetContainer &container);

// The graph with its weights, which stay where they are: the bytes must outlive the model. Those
// that are stored as float16 become float32 when they are wanted.
Result<LoadedModel> load_linnet(Bytes file, const LoadOptions &options);

} // namespace linnet

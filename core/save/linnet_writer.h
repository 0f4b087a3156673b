// Writes files of the format of prepared models, capi/FORMAT.md.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/file_writer.h"
#include "base/xxhash64.h"
#include "load/linnet_container.h"
#include "save/protobuf_writer.h"

namespace linnet {

class LinnetWriter {
public:
    static Result<LinnetWriter> create(string_view path);

    // The graph with its weights; those of float32 with two or more axes as float16 where it is so
    // asked for and none of them is too large for it. `digest` is that of the file it came from.
    Status write_model(const LoadedModel &model, string_view digest, bool halves);
    // After the model: weights in the form of a kernel.
    Status add_packed(uint64_t source, Span<const int64_t> key, const Tensor &contents);
    // After this the file at temporary_path() is whole; more may be added.
    Status finish();
    const Text &temporary_path() const { return file_.temporary_path(); }
    // The file takes its place.
    Status commit() { return file_.commit(); }

private:
    Status write_elements(Bytes elements, size_t element_bytes, XxHash64 *checksum);
    Result<uint64_t> add_block(const Tensor &contents, DType dtype);
    Result<LinnetSection> add_section(Bytes bytes);
    Status write_aligned();
    void add_operators(const LoadedModel &model);

    FileWriter file_;
    uint64_t end_ = kLinnetHeaderBytes; // where what comes next begins
    LinnetHeader header_;
    ProtobufWriter index_;
    int64_t blocks_ = 0;
};

} // namespace linnet

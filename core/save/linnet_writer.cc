// SPDX-License-Identifier: MIT
#include "save/linnet_writer.h"

#include <algorithm>
#include <cmath>

#include "base/byte_order.h"
#include "model/packing.h"
#include "save/onnx_writer.h"

namespace linnet {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
constexpr size_t kLeastBlockBytes = 256; // smaller constants are part of the graph

// Calls visit(bytes) for one piece of the contents after the other: whole rows, as deferred
// contents are made. A piece has at most as many bytes as a row, or kPieceBytes.
template <class Visit> Status for_each_piece(const Tensor &tensor, Visit visit) {
    if (tensor.bytes() == 0) return Status();
    if (!tensor.is_deferred())
        return visit(Bytes(static_cast<const unsigned char *>(tensor.data()), tensor.bytes()));
    size_t row = tensor.bytes() / static_cast<size_t>(tensor.shape()[0]);
    size_t step = std::max<size_t>(1, kPieceBytes / row) * row;
    Array<unsigned char> piece;
    LINNET_TRY(piece.resize_for_overwrite(std::min(step, tensor.bytes())));
    for (size_t at = 0; at < tensor.bytes(); at += step) {
        Span<unsigned char> part = piece.span().part(0, std::min(step, tensor.bytes() - at));
        LINNET_TRY(tensor.write_to(at, part));
        LINNET_TRY(visit(Bytes(part)));
    }
    return Status();
}

Span<const float> floats_of(Bytes bytes) {
    return {reinterpret_cast<const float *>(bytes.data()), bytes.size() / sizeof(float)};
}

// Whether every number has a neighbour in float16.
Result<bool> fits_half(const Tensor &tensor) {
    constexpr float kLargestHalf = 65504;
    bool fits_all = true;
    LINNET_TRY(for_each_piece(tensor, [&](Bytes piece) {
        for (float number : floats_of(piece))
            fits_all = fits_all && std::fabs(number) <= kLargestHalf;
        return Status();
    }));
    return fits_all;
}

} // namespace

Result<LinnetWriter> LinnetWriter::create(string_view path) {
    LinnetWriter writer;
    LINNET_ASSIGN(writer.file_, FileWriter::create(path));
    return writer;
}

Status LinnetWriter::write_aligned() {
    static const unsigned char kZeros[kLinnetBlockAlignment] = {};
    size_t beyond = static_cast<size_t>(end_ % kLinnetBlockAlignment);
    if (beyond == 0) return Status();
    size_t missing = kLinnetBlockAlignment - beyond;
    LINNET_TRY(file_.write(end_, Bytes(kZeros, missing)));
    end_ += missing;
    return Status();
}

Status LinnetWriter::write_elements(Bytes elements, size_t element_bytes, XxHash64 *checksum) {
    Status status;
    visit_turned(elements, element_bytes, [&](Bytes piece, size_t from) {
        checksum->update(piece);
        if (status.ok()) status = file_.write(end_ + from, piece);
    });
    end_ += elements.size();
    return status;
}

Result<uint64_t> LinnetWriter::add_block(const Tensor &contents, DType dtype) {
    LINNET_TRY(write_aligned());
    LinnetSection section;
    section.offset = end_;
    XxHash64 checksum;
    Array<uint16_t> halves;
    LINNET_TRY(for_each_piece(contents, [&](Bytes piece) {
        if (dtype != contents.dtype()) {
            Span<const float> floats = floats_of(piece);
            LINNET_TRY(halves.resize(floats.size()));
            floats_to(dtype, floats.data(), halves.data(), floats.size());
            piece = Bytes(reinterpret_cast<const unsigned char *>(halves.data()),
                          halves.size() * sizeof(uint16_t));
        }
        return write_elements(piece, size_of(dtype), &checksum);
    }));
    section.bytes = end_ - section.offset;
    ProtobufWriter block;
    block.varint(1, static_cast<int64_t>(section.offset));
    block.varint(2, static_cast<int64_t>(section.bytes));
    block.fixed64(3, checksum.digest());
    block.varint(4, static_cast<int64_t>(dtype));
    index_.message(3, block);
    ++blocks_;
    return section.offset;
}

void LinnetWriter::add_operators(const LoadedModel &model) {
    for (const OperatorCount &count : model.operators) {
        ProtobufWriter entry;
        entry.text(1, count.op);
        entry.varint(2, count.nodes);
        index_.message(2, entry);
    }
}

Status LinnetWriter::write_model(const LoadedModel &model, string_view digest, bool halves) {
    const Array<Value> &values = model.graph.values;
    Array<uint64_t> places;
    LINNET_TRY(places.fill(values.size(), kInsideModel));
    for (size_t i = 0; i < values.size(); ++i) {
        const Tensor *constant = values[i].constant.get();
        if (!constant || (constant->bytes() < kLeastBlockBytes && !constant->is_deferred()))
            continue;
        DType dtype = constant->dtype();
        if (halves && dtype == DType::kFloat32 && constant->shape().rank() >= 2) {
            LINNET_ASSIGN(bool all_fit, fits_half(*constant));
            if (all_fit) dtype = DType::kFloat16;
        }
        LINNET_ASSIGN(places[i], add_block(*constant, dtype));
    }
    ProtobufWriter graph;
    LINNET_TRY(write_onnx(model.graph, model.metadata.span(), kLinnetLocation, places.span(),
                          &graph));
    LINNET_TRY(graph.take_status());
    LINNET_ASSIGN(header_.graph, add_section(graph.written()));
    index_.text(1, digest);
    add_operators(model);
    return Status();
}

Status LinnetWriter::add_packed(uint64_t source, Span<const int64_t> key, const Tensor &contents) {
    LINNET_TRY(add_block(contents, DType::kFloat32).take_status());
    ProtobufWriter packed;
    packed.fixed64(1, source);
    packed.varints(2, key);
    packed.varint(3, blocks_ - 1);
    index_.message(4, packed);
    header_.packing = kPackingRevision;
    return Status();
}

Result<LinnetSection> LinnetWriter::add_section(Bytes bytes) {
    LINNET_TRY(write_aligned());
    LinnetSection section = {end_, bytes.size(), xxhash64(bytes)};
    LINNET_TRY(file_.write(end_, bytes));
    end_ += bytes.size();
    return section;
}

// What is added later takes the place of the index, which is then written behind it.
Status LinnetWriter::finish() {
    LINNET_TRY(index_.take_status());
    uint64_t end = end_;
    LINNET_ASSIGN(header_.index, add_section(index_.written()));
    end_ = end;
    unsigned char bytes[kLinnetHeaderBytes];
    write_linnet_header(header_, bytes);
    return file_.write(0, Bytes(bytes, sizeof bytes));
}

} // namespace linnet

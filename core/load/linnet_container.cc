// SPDX-License-Identifier: MIT
#include "load/linnet_container.h"

#include <algorithm>
#include <cstring>

#include "base/byte_order.h"
#include "base/xxhash64.h"
#include "load/onnx_loader.h"
#include "load/protobuf.h"
#include "model/packing.h"

namespace linnet {
namespace {

// Offsets in the header. All numbers are little-endian; what is not named is zero.
enum : size_t {
    kAtFormat = 8,  // uint32
    kAtPacking = 12, // uint32
    kAtGraph = 16,  // three uint64: offset, bytes, checksum
    kAtIndex = 40,
};

LinnetSection read_section(Bytes file, size_t at) {
    const unsigned char *section = &file[at];
    return {little_endian64(section), little_endian64(section + 8), little_endian64(section + 16)};
}

void put_section(const LinnetSection &section, Span<unsigned char> file, size_t at) {
    put_little_endian(section.offset, 8, &file[at]);
    put_little_endian(section.bytes, 8, &file[at + 8]);
    put_little_endian(section.checksum, 8, &file[at + 16]);
}

// A file that was cut short, or damaged on its way.
Status damaged(const char *what, const LinnetSection &section) {
    return error(Code::kMalformed, "%s (bytes %llu to %llu) does not match its checksum: the file "
                 "is damaged", what, static_cast<unsigned long long>(section.offset),
                 static_cast<unsigned long long>(section.offset + section.bytes));
}

Status check_section(Bytes file, const char *what, const LinnetSection &section) {
    if (section.offset >= kLinnetHeaderBytes && section.offset <= file.size() &&
        section.bytes <= file.size() - section.offset)
        return Status();
    return error(Code::kMalformed, "%s should be the %llu bytes from byte %llu on, but the file has "
                 "only %llu bytes: it is cut short or damaged", what,
                 static_cast<unsigned long long>(section.bytes),
                 static_cast<unsigned long long>(section.offset),
                 static_cast<unsigned long long>(file.size()));
}

// ---- The index: a message of the protobuf wire format -----------------------------------------

Status get_fixed64(const ProtobufField &field, uint64_t *number) {
    Bytes bytes;
    LINNET_TRY(field.get_fixed(8, &bytes));
    if (bytes.size() != 8) return field.malformed("a number of 8 bytes was expected");
    *number = little_endian64(bytes.data());
    return Status();
}

Status get_unsigned(const ProtobufField &field, uint64_t *number) {
    int64_t value = 0;
    LINNET_TRY(field.get_int64(&value));
    *number = static_cast<uint64_t>(value);
    return Status();
}

Status get_checked_text(const ProtobufField &field, Text *text) {
    string_view view;
    LINNET_TRY(field.get_text(&view));
    if (!is_utf8(view)) return field.malformed("a text is not UTF-8");
    return text->assign(view);
}

Status read_operator(ProtobufReader reader, LinnetContainer *container) {
    OperatorCount count;
    ProtobufField field;
    while (reader.next(&field)) {
        int64_t nodes = 0;
        if (field.number() == 1) LINNET_TRY(get_checked_text(field, &count.op));
        if (field.number() != 2) continue;
        LINNET_TRY(field.get_int64(&nodes));
        if (nodes < 0 || nodes > INT32_MAX) return field.malformed("no number of nodes");
        count.nodes = static_cast<int32_t>(nodes);
    }
    LINNET_TRY(reader.take_status());
    return container->operators.push(std::move(count));
}

Status read_block(ProtobufReader reader, LinnetContainer *container) {
    LinnetBlock block;
    uint64_t dtype = 0;
    ProtobufField field;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(get_unsigned(field, &block.section.offset));
        if (field.number() == 2) LINNET_TRY(get_unsigned(field, &block.section.bytes));
        if (field.number() == 3) LINNET_TRY(get_fixed64(field, &block.section.checksum));
        if (field.number() == 4) LINNET_TRY(get_unsigned(field, &dtype));
    }
    LINNET_TRY(reader.take_status());
    LINNET_TRY(check_section(container->file, "a block of weights", block.section));
    const Array<LinnetBlock> &blocks = container->blocks;
    uint64_t free_from = blocks.empty() ? 0 : blocks.back().section.offset +
                                                  blocks.back().section.bytes;
    size_t size = dtype <= 255 ? size_of(static_cast<DType>(dtype)) : 0;
    if (size == 0 || block.section.offset % kLinnetBlockAlignment != 0 ||
        block.section.bytes % size != 0 || block.section.offset < free_from)
        return error(Code::kMalformed, "the block of weights at byte %llu has an element type, a "
                     "size or a place that no block can have",
                     static_cast<unsigned long long>(block.section.offset));
    block.dtype = static_cast<DType>(dtype);
    return container->blocks.push(std::move(block));
}

Status read_packed(ProtobufReader reader, LinnetContainer *container) {
    LinnetPacked packed;
    uint64_t block = 0;
    ProtobufField field;
    while (reader.next(&field)) {
        if (field.number() == 1) LINNET_TRY(get_fixed64(field, &packed.source));
        if (field.number() == 2) LINNET_TRY(field.append_varints(&packed.key));
        if (field.number() == 3) LINNET_TRY(get_unsigned(field, &block));
    }
    LINNET_TRY(reader.take_status());
    if (block >= container->blocks.size() ||
        container->blocks[static_cast<size_t>(block)].dtype != DType::kFloat32)
        return error(Code::kMalformed, "packed weights name block %llu, which is no block of float32",
                     static_cast<unsigned long long>(block));
    packed.block = static_cast<size_t>(block);
    return container->packed.push(std::move(packed));
}

Status read_index(LinnetContainer *container) {
    ProtobufReader reader(container->bytes(container->header.index));
    ProtobufField field;
    while (reader.next(&field)) {
        ProtobufReader message;
        if (field.number() == 1) {
            LINNET_TRY(get_checked_text(field, &container->digest));
            continue;
        }
        if (field.number() < 2 || field.number() > 4) continue;
        LINNET_TRY(field.get_message(&message));
        switch (field.number()) {
        case 2: LINNET_TRY(read_operator(std::move(message), container)); break;
        case 3: LINNET_TRY(read_block(std::move(message), container)); break;
        case 4: LINNET_TRY(read_packed(std::move(message), container)); break;
        }
    }
    return reader.take_status();
}

// As they lie in the file, only machines of its own byte order can use them.
Result<Ref<Tensor>> turned_floats(Bytes bytes, int64_t floats) {
    LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::create_for_overwrite(DType::kFloat32, {floats}));
    visit_turned(bytes, sizeof(float), [&](Bytes piece, size_t from) {
        std::memcpy(tensor->writable<float>().data() + from / sizeof(float), piece.data(),
                    piece.size());
    });
    return tensor;
}

// The packed weights of a file whose forms are those of this library; else they are made anew.
Status take_packed(LinnetContainer *container, LoadedModel *model) {
    if (container->header.packing != kPackingRevision) return Status();
    for (LinnetPacked &from : container->packed) {
        PackedWeights to;
        to.source = from.source;
        to.key = std::move(from.key);
        Bytes bytes = container->bytes(container->blocks[from.block].section);
        int64_t floats = static_cast<int64_t>(bytes.size() / sizeof(float));
        if (kLittleEndian) {
            LINNET_ASSIGN(to.contents, Tensor::borrow(DType::kFloat32, {floats}, bytes.data()));
        } else {
            LINNET_ASSIGN(to.contents, turned_floats(bytes, floats));
        }
        LINNET_TRY(model->packed.push(std::move(to)));
    }
    return Status();
}

} // namespace

void write_linnet_header(const LinnetHeader &header, Span<unsigned char> bytes) {
    std::memset(bytes.data(), 0, bytes.size());
    std::memcpy(bytes.data(), kLinnetMagic, sizeof kLinnetMagic);
    put_little_endian(kLinnetFormat, 4, &bytes[kAtFormat]);
    put_little_endian(header.packing, 4, &bytes[kAtPacking]);
    put_section(header.graph, bytes, kAtGraph);
    put_section(header.index, bytes, kAtIndex);
}

const LinnetBlock *LinnetContainer::find_block(uint64_t offset) const {
    const LinnetBlock *found = std::lower_bound(
        blocks.begin(), blocks.end(), offset,
        [](const LinnetBlock &block, uint64_t wanted) { return block.section.offset < wanted; });
    return found != blocks.end() && found->section.offset == offset ? found : nullptr;
}

bool is_linnet_file(Bytes file) {
    return file.size() >= sizeof kLinnetMagic &&
           std::memcmp(file.data(), kLinnetMagic, sizeof kLinnetMagic) == 0;
}

Result<LinnetContainer> read_linnet_container(Bytes file, const LoadOptions &options) {
    if (file.size() > options.file_bytes)
        return error(Code::kLimit, "the model has %llu bytes, more than the limit of %llu",
                     static_cast<unsigned long long>(file.size()),
                     static_cast<unsigned long long>(options.file_bytes));
    if (file.size() < kLinnetHeaderBytes)
        return error(Code::kMalformed, "the file has %llu bytes, less than its header",
                     static_cast<unsigned long long>(file.size()));
    uint32_t format = little_endian32(&file[kAtFormat]);
    if (format != kLinnetFormat)
        return error(Code::kUnsupported, "the file has version %u of the format, this library "
                     "reads version %u: convert the model again", format, kLinnetFormat);
    LinnetContainer container;
    container.file = file;
    container.header.packing = little_endian32(&file[kAtPacking]);
    container.header.graph = read_section(file, kAtGraph);
    container.header.index = read_section(file, kAtIndex);
    LINNET_TRY(check_section(file, "the graph", container.header.graph));
    LINNET_TRY(check_section(file, "the index", container.header.index));
    if (xxhash64(container.bytes(container.header.graph)) != container.header.graph.checksum)
        return damaged("the graph", container.header.graph);
    if (xxhash64(container.bytes(container.header.index)) != container.header.index.checksum)
        return damaged("the index", container.header.index);
    LINNET_TRY(read_index(&container));
    return container;
}

Status verify_linnet_blocks(const LinnetContainer &container) {
    for (const LinnetBlock &block : container.blocks)
        if (xxhash64(container.bytes(block.section)) != block.section.checksum)
            return damaged("a block of weights", block.section);
    return Status();
}

Result<LoadedModel> load_linnet(Bytes file, const LoadOptions &options) {
    LINNET_ASSIGN(LinnetContainer container, read_linnet_container(file, options));
    LoadOptions inside = options;
    inside.container = &container;
    inside.borrow = true;
    inside.file = nullptr;
    inside.folder = string_view(); // nothing outside of the file belongs to the model
    LINNET_ASSIGN(LoadedModel model, load_onnx(container.bytes(container.header.graph), inside));
    model.digest = std::move(container.digest);
    model.operators = std::move(container.operators);
    LINNET_TRY(take_packed(&container, &model));
    return model;
}

} // namespace linnet

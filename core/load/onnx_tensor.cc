// TensorProto: contents in typed fields, in raw_data or in other files.
// SPDX-License-Identifier: MIT
#include <cstring>

#include "base/byte_order.h"
#include "base/file.h"
#include "load/linnet_container.h"
#include "load/onnx_format.h"
#include "load/quoted.h"

namespace linnet {

const char *onnx_dtype_name(int64_t number) {
    static const char *const kNames[] = {
        "undefined",      "float32",        "uint8",        "int8",         "uint16",
        "int16",          "int32",          "int64",        "string",       "bool",
        "float16",        "float64",        "uint32",       "uint64",       "complex64",
        "complex128",     "bfloat16",       "float8e4m3fn", "float8e4m3fnuz", "float8e5m2",
        "float8e5m2fnuz", "uint4",          "int4",         "float4e2m1"};
    bool known = number >= 0 && number < static_cast<int64_t>(sizeof kNames / sizeof *kNames);
    return known ? kNames[number] : "unknown";
}

static DType onnx_file_dtype(int64_t number) {
    DType dtype = number >= 0 && number <= 16 ? static_cast<DType>(number) : DType::kNone;
    return size_of(dtype) ? dtype : DType::kNone;
}

DType onnx_graph_dtype(int64_t number) { return graph_dtype(onnx_file_dtype(number)); }

namespace {

struct OnnxTensorFields {
    string_view name;
    int64_t dtype = 0;
    Array<int64_t> dims;
    bool has_raw = false;
    Bytes raw;
    // Typed fields: where they were seen; elements are read only when their number is known to fit.
    Array<ProtobufField> floats, ints32, ints64, doubles;
    bool external = false;
    bool segmented = false;
    string_view location;
    string_view external_offset, external_length;
};

Status parse_onnx_external_entry(ProtobufReader entry, OnnxTensorFields *fields) {
    ProtobufField field;
    string_view key, value;
    while (entry.next(&field)) {
        if (field.number() == 1) LINNET_TRY(field.get_text(&key));
        if (field.number() == 2) LINNET_TRY(field.get_text(&value));
    }
    LINNET_TRY(entry.take_status());
    if (key == "location") fields->location = value;
    if (key == "offset") fields->external_offset = value;
    if (key == "length") fields->external_length = value;
    return Status();
}

Status parse_onnx_tensor_field(const ProtobufField &field, OnnxTensorFields *fields) {
    ProtobufReader entry;
    int64_t location = 0;
    switch (field.number()) {
    case 1: return field.append_varints(&fields->dims);
    case 2: return field.get_int64(&fields->dtype);
    case 3: fields->segmented = true; return Status();
    case 4: return fields->floats.push(field);
    case 5: return fields->ints32.push(field);
    case 7: return fields->ints64.push(field);
    case 8: return field.get_text(&fields->name);
    case 9: fields->has_raw = true; return field.get_bytes(&fields->raw);
    case 10: return fields->doubles.push(field);
    case 13:
        LINNET_TRY(field.get_message(&entry));
        return parse_onnx_external_entry(std::move(entry), fields);
    case 14:
        LINNET_TRY(field.get_int64(&location));
        fields->external = location == 1;
        return Status();
    default: return Status();
    }
}

// Contents that stay in a file.
class FilePart final : public TensorSource {
public:
    FilePart(Ref<SharedFile> file, uint64_t offset) : file_(std::move(file)), offset_(offset) {}
    Status write(size_t from, Span<unsigned char> part) override {
        LINNET_TRY(file_->read(offset_ + from, part));
        if (!kLittleEndian) turn_in_place(part, sizeof(float));
        return Status();
    }
    void destroy() override { Owned<FilePart>(this).reset(); }

private:
    Ref<SharedFile> file_;
    uint64_t offset_;
};

// float32 contents that lie in the file as float16.
class HalfPart final : public TensorSource {
public:
    explicit HalfPart(Bytes halves) : halves_(halves) {}
    Status write(size_t from, Span<unsigned char> part) override {
        Bytes halves = halves_.part(from / 2, part.size() / 2);
        float *floats = reinterpret_cast<float *>(part.data());
        visit_turned(halves, 2, [&](Bytes piece, size_t at) {
            floats_from(DType::kFloat16, piece.data(), floats + at / 2, piece.size() / 2);
        });
        return Status();
    }
    void destroy() override { Owned<HalfPart>(this).reset(); }

private:
    Bytes halves_;
};

// The bytes of one tensor, and the element type that they have in the file.
class OnnxTensorDecoder {
public:
    OnnxTensorDecoder(const OnnxTensorFields &fields, DType dtype, const Shape &shape,
                      OnnxContext *context)
        : fields_(fields), dtype_(dtype), shape_(shape),
          elements_(static_cast<size_t>(shape.elements())), context_(context) {}

    Result<Ref<Tensor>> decode() {
        if (fields_.external) return from_file();
        if (fields_.has_raw && !fields_.raw.empty()) return from_raw();
        switch (dtype_) {
        case DType::kFloat32: return from_fixed(fields_.floats, 4);
        case DType::kFloat64: return from_fixed(fields_.doubles, 8);
        case DType::kInt64: return from_varints(fields_.ints64);
        default: return from_varints(fields_.ints32);
        }
    }

private:
    Status wrong_size(const char *unit, uint64_t found, uint64_t expected) const {
        return error(Code::kMalformed, "tensor %s: %s needs %llu %s, not %llu",
                     Quoted(fields_.name).c_str(), ShapeText(shape_).c_str(),
                     static_cast<unsigned long long>(expected), unit,
                     static_cast<unsigned long long>(found));
    }

    Result<Ref<Tensor>> from_raw() {
        size_t expected = elements_ * size_of(dtype_);
        if (fields_.raw.size() != expected)
            return wrong_size("bytes", fields_.raw.size(), expected);
        return from_bytes(fields_.raw);
    }

    bool may_wait() const { return Tensor::is_large(dtype_, shape_); }

    // Contents in the order of files.
    Result<Ref<Tensor>> from_bytes(Bytes bytes) {
        if (context_->options->file && may_wait())
            return deferred(Ref<SharedFile>::share(context_->options->file),
                            static_cast<uint64_t>(bytes.data() - context_->file_begin));
        bool keeps_type = graph_dtype(dtype_) == dtype_ && dtype_ != DType::kBool;
        bool aligned = reinterpret_cast<uintptr_t>(bytes.data()) % size_of(dtype_) == 0;
        bool readable = kLittleEndian || size_of(dtype_) == 1;
        if (context_->options->borrow && keeps_type && readable && aligned && !bytes.empty())
            return Tensor::borrow(dtype_, shape_, bytes.data());
        LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::create(graph_dtype(dtype_), shape_));
        fill(tensor, 0, bytes);
        return tensor;
    }

    Result<Ref<Tensor>> deferred(Ref<SharedFile> file, uint64_t offset) {
        Ref<FilePart> part = make_ref<FilePart>(std::move(file), offset);
        if (!part) return out_of_memory();
        return Tensor::defer(dtype_, shape_,
                             Ref<TensorSource>::adopt(part.release_ownership()));
    }

    // Writes elements of the file's type, in its byte order, from element `from` on.
    void fill(const Ref<Tensor> &tensor, size_t from, Bytes bytes) {
        if (bytes.empty()) return;
        visit_turned(bytes, size_of(dtype_), [&](Bytes piece, size_t at) {
            fill_natively(tensor, from + at / size_of(dtype_), piece);
        });
    }

    void fill_natively(const Ref<Tensor> &tensor, size_t from, Bytes bytes) {
        if (is_float(dtype_)) {
            size_t count = bytes.size() / size_of(dtype_);
            floats_from(dtype_, bytes.data(), tensor->writable<float>().data() + from, count);
        } else if (dtype_ == DType::kBool) {
            unsigned char *target = tensor->writable<unsigned char>().data() + from;
            for (size_t i = 0; i < bytes.size(); ++i) target[i] = bytes[i] != 0;
        } else {
            std::memcpy(raw_of(tensor) + from * size_of(dtype_), bytes.data(), bytes.size());
        }
    }

    static unsigned char *raw_of(const Ref<Tensor> &tensor) {
        switch (size_of(tensor->dtype())) {
        case 1: return tensor->writable<unsigned char>().data();
        case 4: return reinterpret_cast<unsigned char *>(tensor->writable<int32_t>().data());
        default: return reinterpret_cast<unsigned char *>(tensor->writable<int64_t>().data());
        }
    }

    Result<Ref<Tensor>> from_fixed(const Array<ProtobufField> &list, size_t bytes) {
        uint64_t count = 0;
        Bytes part;
        for (const ProtobufField &field : list) {
            LINNET_TRY(field.get_fixed(bytes, &part));
            count += part.size() / bytes;
        }
        if (count != elements_) return wrong_size("elements", count, elements_);
        if (list.size() == 1) return from_bytes(part);
        LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::create(graph_dtype(dtype_), shape_));
        size_t at = 0;
        for (const ProtobufField &field : list) {
            LINNET_TRY(field.get_fixed(bytes, &part));
            fill(tensor, at, part);
            at += part.size() / bytes;
        }
        return tensor;
    }

    Result<Ref<Tensor>> from_varints(const Array<ProtobufField> &list) {
        uint64_t count = 0;
        for (const ProtobufField &field : list) {
            size_t part = 0;
            LINNET_TRY(field.count_varints(&part));
            count += part;
        }
        if (count != elements_) return wrong_size("elements", count, elements_);
        Array<int64_t> values;
        LINNET_TRY(values.reserve(elements_));
        for (const ProtobufField &field : list) LINNET_TRY(field.append_varints(&values));
        if (dtype_ == DType::kInt64) return Tensor::of_int64(shape_, values.span());
        LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::create(graph_dtype(dtype_), shape_));
        for (size_t i = 0; i < elements_; ++i) LINNET_TRY(store(tensor, i, values[i]));
        return tensor;
    }

    // int32_data holds small integers, bool, and the bits of float16 and bfloat16.
    Status store(const Ref<Tensor> &tensor, size_t i, int64_t value) {
        int64_t low = 0, high = UINT16_MAX;
        switch (dtype_) {
        case DType::kInt32: low = INT32_MIN, high = INT32_MAX; break;
        case DType::kInt8: low = INT8_MIN, high = INT8_MAX; break;
        case DType::kUint8: high = UINT8_MAX; break;
        case DType::kBool: high = 1; break;
        default: break;
        }
        if (value < low || value > high)
            return error(Code::kMalformed, "tensor %s: %lld is no %s",
                         Quoted(fields_.name).c_str(), static_cast<long long>(value),
                         name_of(dtype_));
        // The bytes that count are the first ones.
        unsigned char bytes[8];
        put_little_endian(static_cast<uint64_t>(value), 8, bytes);
        fill(tensor, i, Bytes(bytes, size_of(dtype_)));
        return Status();
    }

    Status parse_number(const char *key, string_view text, uint64_t *number) const {
        *number = 0;
        bool valid = text.size() <= 18;
        for (char c : text) {
            valid = valid && c >= '0' && c <= '9';
            if (valid) *number = *number * 10 + static_cast<uint64_t>(c - '0');
        }
        if (valid) return Status();
        return error(Code::kMalformed, "tensor %s: its external data's %s is no number",
                     Quoted(fields_.name).c_str(), key);
    }

    Result<Ref<Tensor>> from_file() {
        const LoadOptions &options = *context_->options;
        if (options.container) return from_container(*options.container);
        Quoted name(fields_.name);
        if (fields_.location.empty())
            return error(Code::kMalformed, "tensor %s: its external data have no location",
                         name.c_str());
        if (options.folder.empty())
            return error(Code::kUnsupported,
                         "tensor %s lies in the file %s, which a model from memory cannot read: "
                         "open the model by its path, or save it as one file",
                         name.c_str(), Quoted(fields_.location).c_str());
        uint64_t offset = 0, length = 0, bytes = elements_ * size_of(dtype_);
        LINNET_TRY(parse_number("offset", fields_.external_offset, &offset));
        LINNET_TRY(parse_number("length", fields_.external_length, &length));
        if (!fields_.external_length.empty() && length != bytes)
            return wrong_size("bytes", length, bytes);
        if (bytes > options.file_bytes - context_->external_bytes)
            return error(Code::kLimit, "model and external data exceed the limit of %llu bytes",
                         static_cast<unsigned long long>(options.file_bytes));
        context_->external_bytes += bytes;
        Result<Ref<SharedFile>> opened = external_file();
        if (!opened.ok()) return opened.take_status().within("tensor %s", name.c_str());
        SharedFile &shared = *opened.value();
        const File &file = shared.file();
        if (offset > file.size() || bytes > file.size() - offset)
            return error(Code::kMalformed,
                         "tensor %s: the file %s has %llu bytes; %llu from byte %llu are wanted",
                         name.c_str(), Quoted(fields_.location).c_str(),
                         static_cast<unsigned long long>(file.size()),
                         static_cast<unsigned long long>(bytes),
                         static_cast<unsigned long long>(offset));
        if (may_wait()) return deferred(opened.value(), offset);
        return read_elements(&shared, offset);
    }

    Result<Ref<Tensor>> from_container(const LinnetContainer &container) {
        uint64_t offset = 0;
        LINNET_TRY(parse_number("offset", fields_.external_offset, &offset));
        const LinnetBlock *block = container.find_block(offset);
        bool half = block && block->dtype == DType::kFloat16 && dtype_ == DType::kFloat32;
        if (fields_.location != kLinnetLocation || !block || (!half && block->dtype != dtype_))
            return error(Code::kMalformed, "tensor %s: there is no block of %s at byte %llu of %s",
                         Quoted(fields_.name).c_str(), name_of(dtype_),
                         static_cast<unsigned long long>(offset),
                         Quoted(fields_.location).c_str());
        Bytes bytes = container.bytes(block->section);
        uint64_t expected = elements_ * (half ? sizeof(uint16_t) : size_of(dtype_));
        if (bytes.size() != expected) return wrong_size("bytes", bytes.size(), expected);
        LINNET_ASSIGN(Ref<Tensor> tensor, half ? from_halves(bytes) : from_bytes(bytes));
        tensor->set_checksum(block->section.checksum);
        return tensor;
    }

    Result<Ref<Tensor>> from_halves(Bytes halves) {
        Ref<HalfPart> part = make_ref<HalfPart>(halves);
        if (!part) return out_of_memory();
        LINNET_ASSIGN(Ref<Tensor> tensor,
                      Tensor::defer(dtype_, shape_,
                                    Ref<TensorSource>::adopt(part.release_ownership())));
        return may_wait() ? std::move(tensor) : Tensor::present(tensor.get());
    }

    // Many tensors lie in one file, which is opened once.
    Result<Ref<SharedFile>> external_file() {
        for (const OnnxExternalFile &known : context_->external_files)
            if (known.location.view() == fields_.location) return known.file;
        OnnxExternalFile opened;
        LINNET_ASSIGN(File file, File::open_inside(context_->options->folder, fields_.location));
        opened.file = make_ref<SharedFile>(std::move(file));
        if (!opened.file) return out_of_memory();
        LINNET_TRY(opened.location.assign(fields_.location));
        Ref<SharedFile> shared = opened.file;
        LINNET_TRY(context_->external_files.push(std::move(opened)));
        return shared;
    }

    // Types that a Graph keeps are read straight into the tensor, others a piece at a time.
    Result<Ref<Tensor>> read_elements(SharedFile *file, uint64_t offset) {
        LINNET_ASSIGN(Ref<Tensor> tensor, Tensor::create(graph_dtype(dtype_), shape_));
        if (graph_dtype(dtype_) == dtype_ && dtype_ != DType::kBool) {
            Span<unsigned char> contents(raw_of(tensor), tensor->bytes());
            if (elements_) LINNET_TRY(file->read(offset, contents));
            if (!kLittleEndian) turn_in_place(contents, size_of(dtype_));
            return tensor;
        }
        unsigned char piece[4096];
        size_t step = sizeof piece / size_of(dtype_);
        for (size_t at = 0; at < elements_; at += step) {
            size_t count = elements_ - at < step ? elements_ - at : step;
            Span<unsigned char> part(piece, count * size_of(dtype_));
            LINNET_TRY(file->read(offset + at * size_of(dtype_), part));
            fill(tensor, at, part);
        }
        return tensor;
    }

    const OnnxTensorFields &fields_;
    DType dtype_;
    Shape shape_;
    size_t elements_;
    OnnxContext *context_;
};

Status check_onnx_tensor(const OnnxTensorFields &fields, const OnnxContext &context) {
    Quoted name(fields.name);
    if (!is_utf8(fields.name))
        return error(Code::kMalformed, "the name of tensor %s is not UTF-8", name.c_str());
    if (fields.segmented)
        return error(Code::kMalformed, "tensor %s is a segment of a larger one", name.c_str());
    int64_t elements = 1, limit = context.options->tensor_elements;
    bool empty = false;
    for (int64_t dim : fields.dims) {
        if (dim < 0)
            return error(Code::kMalformed, "tensor %s has an axis of length %lld", name.c_str(),
                         static_cast<long long>(dim));
        empty = empty || dim == 0;
        // Shape::elements() multiplies from the left, also where a later axis is 0.
        if (dim != 0 && elements > limit / dim)
            return error(Code::kLimit, "tensor %s has more than %lld elements", name.c_str(),
                         static_cast<long long>(limit));
        elements *= dim != 0 ? dim : 1;
    }
    return Status();
}

} // namespace

Result<OnnxTensor> parse_onnx_tensor(ProtobufReader reader, OnnxContext *context) {
    OnnxTensorFields fields;
    ProtobufField field;
    while (reader.next(&field)) LINNET_TRY(parse_onnx_tensor_field(field, &fields));
    LINNET_TRY(reader.take_status());
    LINNET_TRY(check_onnx_tensor(fields, *context));

    OnnxTensor result;
    result.name = fields.name;
    DType dtype = onnx_file_dtype(fields.dtype);
    if (dtype == DType::kNone) {
        LINNET_TRY(result.problem.appendf("has element type %s", onnx_dtype_name(fields.dtype)));
        return result;
    }
    if (fields.dims.size() > static_cast<size_t>(kMaxRank)) {
        LINNET_TRY(result.problem.appendf("has %llu axes, more than %d",
                                          static_cast<unsigned long long>(fields.dims.size()),
                                          kMaxRank));
        return result;
    }
    Shape shape;
    for (int64_t dim : fields.dims) shape.append(dim);
    OnnxTensorDecoder decoder(fields, dtype, shape, context);
    LINNET_ASSIGN(result.tensor, decoder.decode());
    return result;
}

} // namespace linnet

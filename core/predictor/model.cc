// SPDX-License-Identifier: MIT
#include "predictor/model.h"

#include "base/file.h"
#include "kernels/kernel.h"
#include "load/linnet_container.h"
#include "load/onnx_loader.h"
#include "ops/operator.h"
#include "optimize/optimize.h"
#include "predictor/conv_choices.h"
#include "predictor/planned.h"
#include "predictor/reading.h"

namespace linnet {

// Whether a model runs on the bytes of its file.
static bool is_used_in_place(Bytes file) { return is_linnet_file(file) || is_planned_file(file); }

Result<Ref<Model>> Model::open_file(string_view path, const ModelOptions &options) {
    Ref<Model> model = make_ref<Model>();
    if (!model) return out_of_memory();
    LINNET_ASSIGN(File file, File::open(path));
    if (file.size() > options.load.file_bytes)
        return error(Code::kLimit, "\"%.*s\" has %llu bytes, more than the limit of %zu",
                     static_cast<int>(path.size()), path.data(),
                     static_cast<unsigned long long>(file.size()), options.load.file_bytes);
    model->file_ = make_ref<SharedFile>(std::move(file));
    if (!model->file_) return out_of_memory();
    LINNET_ASSIGN(FileView view, model->file_->view());
    Bytes bytes = view.bytes();
    if (is_used_in_place(bytes)) {
        model->view_ = std::move(view);
        model->file_ = Ref<SharedFile>();
    }
    LoadOptions load = options.load;
    load.file = model->file_.get();
    size_t slash = path.find_last_of("/\\");
    load.folder = slash == string_view::npos ? string_view(".")
                                             : string_view(path.data(), slash + 1);
    Status opened = model->open(bytes, load, options.metadata.span());
    if (!opened.ok())
        return opened.within("%.*s", static_cast<int>(path.size()), path.data());
    return model;
}

Result<Ref<Model>> Model::open_memory(Bytes file, const ModelOptions &options) {
    Ref<Model> model = make_ref<Model>();
    if (!model) return out_of_memory();
    if (is_used_in_place(file)) {
        LINNET_TRY(model->open_copy(file, options));
        return model;
    }
    LINNET_TRY(model->open(file, options.load, options.metadata.span()));
    model->digest_ = sha256(file); // while the bytes are here
    model->has_digest_ = true;
    return model;
}

Result<Ref<Model>> Model::open_borrowed(Bytes file, const ModelOptions &options) {
    Ref<Model> model = make_ref<Model>();
    if (!model) return out_of_memory();
    bool aligned = reinterpret_cast<uintptr_t>(file.data()) % kLinnetBlockAlignment == 0;
    if (is_used_in_place(file) && !aligned) {
        LINNET_TRY(model->open_copy(file, options));
        return model;
    }
    LoadOptions load = options.load;
    load.borrow = true;
    LINNET_TRY(model->open(file, load, options.metadata.span()));
    return model;
}

Status Model::open_copy(Bytes file, const ModelOptions &options) {
    if (file.size() > options.load.file_bytes)
        return error(Code::kLimit, "the model has %zu bytes, more than the limit of %zu",
                     file.size(), options.load.file_bytes);
    LINNET_TRY(copy_.resize_for_overwrite(file.size()));
    std::memcpy(copy_.data(), file.data(), file.size());
    return open(copy_.span(), options.load, options.metadata.span());
}

Status Model::open(Bytes file, const LoadOptions &load, Span<const MetadataEntry> metadata) {
    tensor_elements_ = load.tensor_elements;
    return is_planned_file(file) ? open_planned(file, metadata) : open_graph(file, load, metadata);
}

Status Model::open_planned(Bytes file, Span<const MetadataEntry> metadata) {
    LINNET_TRY(check_plan(file));
    PlannedFacts facts;
    LINNET_TRY(read_planned_model(file, &loaded_, &facts, &planned_weights_));
    prepared_ = file;
    parameters_ = facts.parameters;
    macs_ = facts.macs;
    picture_input_ = facts.picture_input;
    picture_layout_ = static_cast<PictureLayout>(facts.picture_layout);
    scores_ = static_cast<Scores>(facts.scores);
    return take_metadata(metadata);
}

Status Model::open_graph(Bytes file, const LoadOptions &load, Span<const MetadataEntry> metadata) {
    if (begins_as_plan(file))
        return error(Code::kUnsupported, "a planned model runs only in the linnet.cc that `linnet "
                     "single-file --planned` wrote with it");
    if (is_linnet_file(file)) {
        LINNET_ASSIGN(loaded_, load_linnet(file, load));
        cache_.prepare(std::move(loaded_.packed));
        prepared_ = file;
        return ready(metadata);
    }
    LINNET_ASSIGN(loaded_, load_onnx(file, load));
    if (load.borrow) borrowed_ = file;
    return ready(metadata);
}

Status Model::ready(Span<const MetadataEntry> metadata) {
    LINNET_TRY(take_metadata(metadata));
    LINNET_TRY(check_operators(loaded_.graph.nodes.span()));
    LINNET_TRY(check_inputs());
    LINNET_TRY(loaded_.graph.copy_to(&optimized_));
    LINNET_TRY(optimize(&optimized_));
    LINNET_TRY(check_output_types(optimized_));
    describe_outputs();
    LINNET_TRY(find_picture_input());
    scores_ = scores_of(loaded_.graph, preprocessing_.scores);
    return try_default_shapes();
}

Status Model::check_inputs() const {
    for (const Port &input : loaded_.graph.inputs)
        if (!input.shape.has_rank() || input.dtype == DType::kNone)
            return error(Code::kUnsupported, "the file does not state the %s of input '%s'",
                         input.dtype == DType::kNone ? "type" : "number of axes",
                         input.name.c_str());
    return Status();
}

// What the file does not state about its outputs, as far as it follows from the inputs.
void Model::describe_outputs() {
    for (size_t i = 0; i < loaded_.graph.outputs.size(); ++i) {
        Port &output = loaded_.graph.outputs[i];
        const Value &value = optimized_.value(optimized_.outputs[i].value);
        if (output.dtype == DType::kNone) output.dtype = value.dtype;
        if (!output.shape.has_rank()) output.shape = value.shape;
    }
}

Result<const char *> Model::digest() const {
    if (!loaded_.digest.empty()) return loaded_.digest.c_str();
    MutexLock lock(&digest_mutex_);
    if (has_digest_) return digest_.text;
    if (file_) {
        LINNET_ASSIGN(FileView view, file_->view());
        digest_ = sha256(view.bytes());
    } else {
        digest_ = sha256(borrowed_);
    }
    has_digest_ = true;
    return digest_.text;
}

Status Model::verify() const {
    if (prepared_.empty())
        return error(Code::kNotFound, "the model carries no checksums: only those that "
                     "linnet_model_save() wrote do");
    LoadOptions unlimited;
    unlimited.file_bytes = SIZE_MAX;
    LINNET_ASSIGN(LinnetContainer container, read_linnet_container(prepared_, unlimited));
    return verify_linnet_blocks(container);
}

const char *Model::metadata(string_view key) const {
    for (const MetadataEntry &entry : loaded_.metadata)
        if (entry.key.view() == key) return entry.value.c_str();
    return nullptr;
}

static Status set_entry(Array<MetadataEntry> *entries, string_view key, string_view value) {
    for (MetadataEntry &entry : *entries)
        if (entry.key.view() == key) return entry.value.assign(value);
    MetadataEntry entry;
    LINNET_TRY(entry.key.assign(key));
    LINNET_TRY(entry.value.assign(value));
    return entries->push(std::move(entry));
}

Status Model::take_metadata(Span<const MetadataEntry> overrides) {
    for (const MetadataEntry &entry : overrides)
        LINNET_TRY(set_entry(&loaded_.metadata, entry.key, entry.value));
    for (const MetadataEntry &entry : loaded_.metadata) {
        LINNET_TRY(preprocessing_.set(entry.key, entry.value));
        if (entry.key.view() == "linnet.labels") LINNET_TRY(split_labels(entry.value));
        if (entry.key.view() == kConvChoicesKey) LINNET_TRY(take_conv_choices(entry.value));
    }
    return preprocessing_.check();
}

Status Model::take_conv_choices(string_view text) {
    if (has_kernel(KernelId::winograd2d)) return read_conv_choices(text, &conv_choices_);
    return Status();
}

// One label a line; a line break at the end ends the last one.
Status Model::split_labels(string_view text) {
    labels_.clear();
    while (!text.empty()) {
        size_t end = text.find('\n');
        if (end == string_view::npos) end = text.size();
        size_t length = end > 0 && text[end - 1] == '\r' ? end - 1 : end;
        LINNET_ASSIGN(Text label, Text::of(string_view(text.data(), length)));
        LINNET_TRY(labels_.push(std::move(label)));
        text.remove_prefix(end < text.size() ? end + 1 : end);
    }
    return Status();
}

Status Model::find_picture_input() {
    const Array<Port> &inputs = loaded_.graph.inputs;
    string_view stated = preprocessing_.input;
    int pictures = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
        bool named = !stated.empty() && inputs[i].name.view() == stated;
        bool shaped = stated.empty() && inputs[i].shape.has_rank() && inputs[i].shape.rank() == 4;
        if (!named && !shaped) continue;
        picture_input_ = static_cast<int>(i);
        ++pictures;
    }
    if (!stated.empty() && pictures == 0)
        return error(Code::kMalformed, "the metadata linnet.input names '%s', but the model has no "
                     "such input", preprocessing_.input.c_str());
    if (pictures != 1) picture_input_ = -1;
    if (picture_input_ < 0) return Status();
    picture_layout_ = preprocessing_.layout;
    if (picture_layout_ == PictureLayout::kUnstated) {
        ValueId value = inputs[static_cast<size_t>(picture_input_)].value;
        LINNET_ASSIGN(picture_layout_, picture_layout_of(loaded_.graph, value));
    }
    return Status();
}

Shape Model::default_shape(size_t input) const {
    Shape shape = loaded_.graph.inputs[input].shape;
    bool picture = static_cast<int>(input) == picture_input_ && shape.rank() == 4;
    int height = picture_layout_ == PictureLayout::kNhwc ? 1 : 2;
    for (int axis = 0; axis < shape.rank(); ++axis) {
        if (shape[axis] >= 0) continue;
        shape[axis] = 1;
        if (picture && axis == height && preprocessing_.size.height > 0)
            shape[axis] = preprocessing_.size.height;
        if (picture && axis == height + 1 && preprocessing_.size.width > 0)
            shape[axis] = preprocessing_.size.width;
    }
    return shape;
}

bool Model::may_wait_for_shapes(const Status &failure) const {
    bool of_shapes = failure.code() == Code::kMalformed || failure.code() == Code::kUnsupported;
    for (const Port &input : loaded_.graph.inputs)
        for (int axis = 0; axis < input.shape.rank(); ++axis)
            if (input.shape[axis] < 0 && (axis > 0 || failure.code() == Code::kMalformed))
                return of_shapes;
    return false;
}

Status Model::check_tensor_elements(const Graph &graph) const {
    for (const Port &input : graph.inputs)
        if (!fits(graph.value(input.value).shape, tensor_elements_))
            return error(Code::kLimit, "input '%s' would have the shape %s, more elements than the "
                         "limit of %lld", input.name.c_str(),
                         ShapeText(graph.value(input.value).shape).c_str(),
                         static_cast<long long>(tensor_elements_));
    for (const Node &node : graph.nodes) {
        for (ValueId output : node.outputs) {
            if (output == kNoValue) continue;
            const Value &value = graph.value(output);
            if (!value.shape.is_known() || fits(value.shape, tensor_elements_)) continue;
            return error(Code::kLimit, "tensor '%s' would have the shape %s, more elements than "
                         "the limit of %lld", value.name.c_str(), ShapeText(value.shape).c_str(),
                         static_cast<long long>(tensor_elements_));
        }
    }
    return Status();
}

Status Model::check_output_types(const Graph &graph) const {
    for (const Port &output : graph.outputs) {
        DType made = graph.value(output.value).dtype;
        if (output.dtype == DType::kNone || made == DType::kNone) continue;
        if (graph_dtype(output.dtype) == made) continue;
        return error(Code::kMalformed, "output '%s' has the type %s in the file, but its node makes "
                     "%s", output.name.c_str(), name_of(output.dtype), name_of(made));
    }
    return Status();
}

Status Model::check_buffers(const Program &program) const {
    for (const Buffer &buffer : program.buffers)
        if (!buffer.per_thread && buffer.bytes / 8 > tensor_elements_)
            return error(Code::kLimit, "a step would need %lld bytes, more than tensors of the limit "
                         "of %lld elements", static_cast<long long>(buffer.bytes),
                         static_cast<long long>(tensor_elements_));
    return Status();
}

static bool has_known_shapes(const Graph &graph, const Node &node) {
    for (const Array<ValueId> *values : {&node.inputs, &node.outputs})
        for (ValueId value : *values)
            if (value != kNoValue && !graph.value(value).shape.is_known()) return false;
    return true;
}

// Shapes are tried here, so that a model that cannot run does not open.
Status Model::try_default_shapes() {
    for (const Value &value : loaded_.graph.values)
        if (value.constant && value.dtype == DType::kFloat32)
            parameters_ += value.shape.elements();
    Graph trial;
    LINNET_TRY(optimized_.copy_to(&trial));
    Array<Shape> shapes;
    for (size_t i = 0; i < loaded_.graph.inputs.size(); ++i)
        LINNET_TRY(shapes.push(default_shape(i)));
    Status status = set_input_shapes(&trial, shapes.span());
    if (status.ok()) status = optimize(&trial);
    if (status.ok()) status = check_tensor_elements(trial);
    if (!status.ok()) return may_wait_for_shapes(status) ? Status() : status;
    count_macs(trial);
    default_graph_ = std::move(trial);
    return Status();
}

void Model::count_macs(const Graph &graph) {
    for (const Node &node : graph.nodes) {
        const Operator *op = find_operator(node.op);
        if (op && op->macs && has_known_shapes(graph, node)) macs_ += op->macs(graph, node);
    }
}

const Graph *Model::graph_for(Span<const Shape> shapes) const {
    if (default_graph_.outputs.empty()) return nullptr;
    for (size_t i = 0; i < shapes.size(); ++i)
        if (shapes[i] != default_shape(i)) return nullptr;
    return &default_graph_;
}

} // namespace linnet

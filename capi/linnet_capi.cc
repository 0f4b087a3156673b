// The boundary: check, convert, call the core, return a status.
// SPDX-License-Identifier: MIT
#include "linnet.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "base/message_log.h"
#include "base/mutex.h"
#include "predictor/planned_writer.h"
#include "predictor/save.h"
#include "predictor/session.h"

struct linnet_model {
    linnet::Ref<linnet::Model> model;
};

struct linnet_session {
    linnet::Owned<linnet::Session> session;
};

struct linnet_options {
    linnet::ModelOptions model;
    linnet::SessionOptions session;
};

namespace linnet {
namespace {

// Where linnet_last_error() points. No destructor, no allocation: safe at any time in any thread.
thread_local char t_last_error[4096] = "";

// The text is UTF-8 whatever it quotes: cut before a character that does not fit, and with '?' for
// bytes that are none, as of a path or of a name that was cut.
void keep_error(const char *message) {
    string_view rest(message);
    size_t used = 0;
    while (!rest.empty()) {
        size_t length = utf8_length(rest), taken = length ? length : 1;
        if (used + taken >= sizeof t_last_error) break;
        std::memcpy(t_last_error + used, length ? rest.data() : "?", taken);
        used += taken;
        rest.remove_prefix(taken);
    }
    t_last_error[used] = '\0';
}

linnet_status finish(const Status &status) {
    if (status.ok()) return LINNET_OK;
    keep_error(status.message());
    return static_cast<linnet_status>(status.code());
}

// `names` of the arguments, separated by ", ".
Status no_null(std::initializer_list<const void *> arguments, string_view names) {
    for (const void *argument : arguments) {
        size_t length = std::min(names.find(','), names.size());
        if (!argument)
            return error(Code::kInvalidArgument, "%.*s is NULL", static_cast<int>(length),
                         names.data());
        names.remove_prefix(std::min(length + 2, names.size()));
    }
    return Status();
}

// Ends the process's business with exceptions here: none of the core's own, but a program may
// replace operator new or hooks with functions that throw.
template <class Body> linnet_status guarded(Body body) {
#if defined(__cpp_exceptions)
    try {
        return finish(body());
    } catch (...) {
        keep_error("an exception came out of a hook of the program");
        return LINNET_INTERNAL;
    }
#else
    return finish(body());
#endif
}

// The number of an enumerator that a caller gave: C does not keep it within the enumeration, and
// looking at another one as the enumeration's type would be undefined.
template <class Enumeration> int32_t number_of(const Enumeration &given) {
    static_assert(sizeof given == sizeof(int32_t), "enumerations are ints in the binary interface");
    int32_t number;
    std::memcpy(&number, &given, sizeof number);
    return number;
}

Status check_port(const linnet_port &port) {
    int32_t number = number_of(port);
    if (number == LINNET_INPUT || number == LINNET_OUTPUT) return Status();
    return error(Code::kInvalidArgument, "port %d is neither input (0) nor output (1)",
                 static_cast<int>(number));
}

Result<const Port *> find_port(const linnet_model &handle, const linnet_port &port, int32_t index) {
    const Graph &graph = handle.model->graph();
    LINNET_TRY(check_port(port));
    const Array<Port> &ports = port == LINNET_INPUT ? graph.inputs : graph.outputs;
    if (index < 0 || static_cast<size_t>(index) >= ports.size())
        return error(Code::kInvalidArgument, "there is no %s %d; the model has %zu",
                     port == LINNET_INPUT ? "input" : "output", static_cast<int>(index),
                     ports.size());
    return &ports[static_cast<size_t>(index)];
}

Status give_shape(const Shape &shape, int64_t *dims, size_t capacity, size_t *rank) {
    size_t count = shape.has_rank() ? static_cast<size_t>(shape.rank()) : 0;
    if (count > capacity)
        return error(Code::kInvalidArgument, "the shape has %zu axes, there is room for %zu", count,
                     capacity);
    for (size_t i = 0; i < count; ++i) dims[i] = shape[static_cast<int>(i)];
    *rank = count;
    return Status();
}

Result<Shape> take_shape(const int64_t *dims, size_t rank) {
    if (rank > LINNET_MAX_RANK)
        return error(Code::kInvalidArgument, "the shape has %zu axes, at most %d are possible", rank,
                     LINNET_MAX_RANK);
    Shape shape;
    for (size_t i = 0; i < rank; ++i) shape.append(dims[i]);
    return shape;
}

Result<DType> take_dtype(const linnet_dtype &dtype) {
    int32_t number = number_of(dtype);
    if (number < 0 || number > 255 || size_of(static_cast<DType>(number)) == 0)
        return error(Code::kInvalidArgument, "%d is no element type", static_cast<int>(number));
    return static_cast<DType>(number);
}

Status check_index(int32_t index) {
    if (index >= 0) return Status();
    return error(Code::kInvalidArgument, "the index is %d, less than 0", static_cast<int>(index));
}

const ModelOptions &model_options(const linnet_options *options, const ModelOptions &defaults) {
    return options ? options->model : defaults;
}

Status give_model(Result<Ref<Model>> opened, linnet_model **model) {
    LINNET_ASSIGN(Ref<Model> ref, std::move(opened));
    Owned<linnet_model> handle = make_owned<linnet_model>();
    if (!handle) return out_of_memory();
    handle->model = std::move(ref);
    *model = handle.release_ownership();
    return Status();
}

Result<Picture> take_picture(const uint8_t *pixels, size_t size,
                             const linnet_pixel_format &format, int32_t width, int32_t height,
                             int32_t stride) {
    Picture picture;
    picture.pixels = pixels;
    picture.size = size;
    picture.format = static_cast<PixelFormat>(number_of(format));
    picture.width = width;
    picture.height = height;
    picture.stride = stride;
    LINNET_TRY(check_picture(picture));
    return picture;
}

} // namespace
} // namespace linnet

using linnet::Code;
using linnet::give_model;
using linnet::guarded;
using linnet::model_options;
using linnet::no_null;
using linnet::Status;

extern "C" {

const char *linnet_last_error(void) { return linnet::t_last_error; }

const char *linnet_status_name(linnet_status status) {
    static const char *const names[] = {"ok",          "invalid argument", "out of memory",
                                        "I/O error",   "malformed model",  "unsupported model",
                                        "limit exceeded", "not found",     "wrong state",
                                        "cancelled",   "internal error"};
    size_t number = static_cast<size_t>(linnet::number_of(status));
    return number < std::size(names) ? names[number] : "unknown status";
}

int32_t linnet_version(void) {
    return LINNET_VERSION_MAJOR * 1000000 + LINNET_VERSION_MINOR * 1000 + LINNET_VERSION_PATCH;
}

#define LINNET_STRING(x) LINNET_STRING_OF(x)
#define LINNET_STRING_OF(x) #x
#define LINNET_VERSION_TEXT                                                                        \
    LINNET_STRING(LINNET_VERSION_MAJOR) "." LINNET_STRING(LINNET_VERSION_MINOR) "." LINNET_STRING( \
        LINNET_VERSION_PATCH)
#if defined(__clang__)
#define LINNET_COMPILER "clang-" LINNET_STRING(__clang_major__) "." LINNET_STRING(__clang_minor__)
#elif defined(__GNUC__)
#define LINNET_COMPILER "gcc-" LINNET_STRING(__GNUC__) "." LINNET_STRING(__GNUC_MINOR__)
#else
#define LINNET_COMPILER "unknown"
#endif

namespace {

linnet::Mutex g_build_info_mutex;
char g_build_info[256]; // made by the first call

} // namespace

const char *linnet_build_info(void) {
    linnet::MutexLock lock(&g_build_info_mutex);
    if (g_build_info[0]) return g_build_info;
    const char *blas = linnet::blas_name();
    // Where there is a better body, OpenBLAS is used by sessions that ask for the plain one.
    bool rests = std::strcmp(blas, "none") != 0 && linnet::best_isa() != linnet::Isa::kPlain;
    std::snprintf(g_build_info, sizeof g_build_info, "version=%s isa=%s blas=%s%s compiler=%s",
                  LINNET_VERSION_TEXT, linnet::name_of(linnet::best_isa()), blas,
                  rests ? "-for-plain" : "", LINNET_COMPILER);
    return g_build_info;
#undef LINNET_COMPILER
#undef LINNET_VERSION_TEXT
#undef LINNET_STRING_OF
#undef LINNET_STRING
}

linnet_status linnet_options_create(linnet_options **options) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({options}, "options"));
        linnet::Owned<linnet_options> created = linnet::make_owned<linnet_options>();
        if (!created) return linnet::out_of_memory();
        *options = created.release_ownership();
        return Status();
    });
}

void linnet_options_free(linnet_options *options) { linnet::Owned<linnet_options>(options).reset(); }

linnet_status linnet_options_set_threads(linnet_options *options, int32_t threads) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({options}, "options"));
        if (threads < 1 || threads > linnet::kMaxThreads)
            return error(Code::kInvalidArgument, "%d threads were asked for; 1 to %d are possible",
                         static_cast<int>(threads), linnet::kMaxThreads);
        options->session.threads = threads;
        return Status();
    });
}

linnet_status linnet_options_set_isa(linnet_options *options, linnet_isa isa) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({options}, "options"));
        int32_t number = linnet::number_of(isa);
        if (number < LINNET_ISA_AUTO || number > LINNET_ISA_WASM)
            return error(Code::kInvalidArgument, "%d is no instruction set",
                         static_cast<int>(number));
        linnet::Isa wanted = static_cast<linnet::Isa>(number);
        if (!linnet::is_available(wanted))
            return error(Code::kUnsupported, "this machine or this build lacks %s; its best is %s",
                         linnet::name_of(wanted), linnet::name_of(linnet::best_isa()));
        options->session.isa = wanted;
        return Status();
    });
}

linnet_status linnet_options_set_metadata(linnet_options *options, const char *key,
                                          const char *value) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({options, key, value}, "options, key, value"));
        if (!linnet::is_utf8(key) || !linnet::is_utf8(value))
            return error(Code::kInvalidArgument, "key and value must be UTF-8");
        linnet::MetadataEntry entry;
        LINNET_TRY(entry.key.assign(key));
        LINNET_TRY(entry.value.assign(value));
        return options->model.metadata.push(std::move(entry));
    });
}

linnet_status linnet_options_set_limit(linnet_options *options, linnet_limit limit, size_t value) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({options}, "options"));
        linnet::LoadOptions &load = options->model.load;
        int32_t number = linnet::number_of(limit);
        switch (number) {
        case LINNET_LIMIT_FILE_BYTES: load.file_bytes = value; return Status();
        case LINNET_LIMIT_NODES: load.nodes = value; return Status();
        case LINNET_LIMIT_TENSOR_ELEMENTS:
            load.tensor_elements = static_cast<int64_t>(std::min<uint64_t>(value, INT64_MAX));
            return Status();
        }
        return error(Code::kInvalidArgument, "%d is no limit", static_cast<int>(number));
    });
}

linnet_status linnet_options_set_arena(linnet_options *options, void *arena, size_t bytes) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({options}, "options"));
        if (!arena && bytes != 0)
            return error(Code::kInvalidArgument, "an arena of %zu bytes at NULL", bytes);
        options->session.arena = {static_cast<unsigned char *>(arena), bytes};
        return Status();
    });
}

linnet_status linnet_model_open(const char *path, const linnet_options *options,
                                linnet_model **model) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({path, model}, "path, model"));
        linnet::ModelOptions defaults;
        return give_model(linnet::Model::open_file(path, model_options(options, defaults)), model);
    });
}

linnet_status linnet_model_open_memory(const void *data, size_t size, const linnet_options *options,
                                       linnet_model **model) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({data, model}, "data, model"));
        linnet::ModelOptions defaults;
        linnet::Bytes file(static_cast<const unsigned char *>(data), size);
        return give_model(linnet::Model::open_memory(file, model_options(options, defaults)),
                          model);
    });
}

linnet_status linnet_model_open_borrowed(const void *data, size_t size,
                                         const linnet_options *options, linnet_model **model) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({data, model}, "data, model"));
        linnet::Bytes file(static_cast<const unsigned char *>(data), size);
        linnet::ModelOptions defaults;
        return give_model(linnet::Model::open_borrowed(file, model_options(options, defaults)),
                          model);
    });
}

void linnet_model_free(linnet_model *model) { linnet::Owned<linnet_model>(model).reset(); }

linnet_status linnet_model_count(const linnet_model *model, linnet_port port, int32_t *count) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, count}, "model, count"));
        const linnet::Graph &graph = model->model->graph();
        LINNET_TRY(linnet::check_port(port));
        size_t ports = port == LINNET_INPUT ? graph.inputs.size() : graph.outputs.size();
        *count = static_cast<int32_t>(ports);
        return Status();
    });
}

linnet_status linnet_model_name(const linnet_model *model, linnet_port port, int32_t index,
                                const char **name) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, name}, "model, name"));
        LINNET_ASSIGN(const linnet::Port *found, linnet::find_port(*model, port, index));
        *name = found->name.c_str();
        return Status();
    });
}

linnet_status linnet_model_shape(const linnet_model *model, linnet_port port, int32_t index,
                                 int64_t *shape, size_t capacity, size_t *rank) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, shape, rank}, "model, shape, rank"));
        LINNET_ASSIGN(const linnet::Port *found, linnet::find_port(*model, port, index));
        return linnet::give_shape(found->shape, shape, capacity, rank);
    });
}

linnet_status linnet_model_dtype(const linnet_model *model, linnet_port port, int32_t index,
                                 linnet_dtype *dtype) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, dtype}, "model, dtype"));
        LINNET_ASSIGN(const linnet::Port *found, linnet::find_port(*model, port, index));
        *dtype = static_cast<linnet_dtype>(found->dtype);
        return Status();
    });
}

linnet_status linnet_model_layout(const linnet_model *model, linnet_port port, int32_t index,
                                  linnet_layout *layout) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, layout}, "model, layout"));
        LINNET_ASSIGN(const linnet::Port *found, linnet::find_port(*model, port, index));
        bool picture = port == LINNET_INPUT && index == model->model->picture_input();
        *layout = found && picture ? static_cast<linnet_layout>(model->model->picture_layout())
                                   : LINNET_LAYOUT_NONE;
        return Status();
    });
}

linnet_status linnet_model_metadata(const linnet_model *model, const char *key,
                                    const char **value) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, key, value}, "model, key, value"));
        const char *found = model->model->metadata(key);
        if (!found)
            return error(Code::kNotFound, "the model has no metadata '%.200s'", key);
        *value = found;
        return Status();
    });
}

linnet_status linnet_model_label_count(const linnet_model *model, int32_t *count) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, count}, "model, count"));
        *count = static_cast<int32_t>(model->model->labels().size());
        return Status();
    });
}

linnet_status linnet_model_label(const linnet_model *model, int32_t index, const char **label) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, label}, "model, label"));
        size_t labels = model->model->labels().size();
        if (index < 0 || static_cast<size_t>(index) >= labels)
            return error(Code::kNotFound, "there is no label %d; the model has %zu",
                         static_cast<int>(index), labels);
        *label = model->model->labels()[static_cast<size_t>(index)].c_str();
        return Status();
    });
}

linnet_status linnet_model_digest(const linnet_model *model, const char **digest) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, digest}, "model, digest"));
        LINNET_ASSIGN(*digest, model->model->digest());
        return Status();
    });
}

linnet_status linnet_model_save(const linnet_model *model, const char *path,
                                linnet_storage storage) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, path}, "model, path"));
        int32_t number = linnet::number_of(storage);
        if (number < LINNET_STORAGE_PREPARED || number > LINNET_STORAGE_HALF)
            return error(Code::kInvalidArgument, "%d is no way to store weights",
                         static_cast<int>(number));
        return linnet::save_model(*model->model, path, static_cast<linnet::Storage>(number));
    });
}

linnet_status linnet_model_verify(const linnet_model *model) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model}, "model"));
        return model->model->verify();
    });
}

linnet_status linnet_model_cost(const linnet_model *model, int64_t *parameters, int64_t *macs) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, parameters, macs}, "model, parameters, macs"));
        *parameters = model->model->parameters();
        *macs = model->model->macs();
        return Status();
    });
}

linnet_status linnet_model_operator(const linnet_model *model, int32_t index, const char **name,
                                    int32_t *nodes) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, name, nodes}, "model, name, nodes"));
        linnet::Span<const linnet::OperatorCount> operators = model->model->operators();
        if (index < 0 || static_cast<size_t>(index) >= operators.size())
            return error(Code::kNotFound, "there is no operator %d; the model uses %zu",
                         static_cast<int>(index), operators.size());
        *name = operators[static_cast<size_t>(index)].op.c_str();
        *nodes = operators[static_cast<size_t>(index)].nodes;
        return Status();
    });
}

linnet_status linnet_session_create(linnet_model *model, const linnet_options *options,
                                    linnet_session **session) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({model, session}, "model, session"));
        linnet::SessionOptions settings = options ? options->session : linnet::SessionOptions();
        LINNET_ASSIGN(linnet::Owned<linnet::Session> created,
                      linnet::Session::create(model->model, settings));
        linnet::Owned<linnet_session> handle = linnet::make_owned<linnet_session>();
        if (!handle) return linnet::out_of_memory();
        handle->session = std::move(created);
        *session = handle.release_ownership();
        return Status();
    });
}

void linnet_session_free(linnet_session *session) { linnet::Owned<linnet_session>(session).reset(); }

linnet_status linnet_session_set_shape(linnet_session *session, int32_t index, const int64_t *shape,
                                       size_t rank) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session}, "session"));
        if (rank) LINNET_TRY(no_null({shape}, "shape"));
        LINNET_TRY(linnet::check_index(index));
        LINNET_ASSIGN(linnet::Shape taken, linnet::take_shape(shape, rank));
        return session->session->set_shape(static_cast<size_t>(index), taken);
    });
}

linnet_status linnet_session_shape(const linnet_session *session, linnet_port port, int32_t index,
                                   int64_t *shape, size_t capacity, size_t *rank) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, shape, rank}, "session, shape, rank"));
        LINNET_TRY(linnet::check_index(index));
        LINNET_TRY(linnet::check_port(port));
        size_t at = static_cast<size_t>(index);
        LINNET_ASSIGN(linnet::Shape found, port == LINNET_INPUT
                                               ? session->session->input_shape(at)
                                               : session->session->output_shape(at));
        return linnet::give_shape(found, shape, capacity, rank);
    });
}

linnet_status linnet_session_set_input(linnet_session *session, int32_t index, const void *data,
                                       size_t count, linnet_dtype dtype) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session}, "session"));
        if (count) LINNET_TRY(no_null({data}, "data"));
        LINNET_TRY(linnet::check_index(index));
        LINNET_ASSIGN(linnet::DType type, linnet::take_dtype(dtype));
        return session->session->set_input(static_cast<size_t>(index), type, data, count);
    });
}

linnet_status linnet_session_set_pixels(linnet_session *session, int32_t item,
                                        const uint8_t *pixels, size_t size,
                                        linnet_pixel_format format, int32_t width, int32_t height,
                                        int32_t stride) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, pixels}, "session, pixels"));
        LINNET_ASSIGN(linnet::Picture picture,
                      linnet::take_picture(pixels, size, format, width, height, stride));
        return session->session->set_pixels(item, picture);
    });
}

linnet_status linnet_session_run(linnet_session *session) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session}, "session"));
        return session->session->run();
    });
}

linnet_status linnet_session_step(linnet_session *session, int32_t *done) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, done}, "session, done"));
        size_t steps = 0;
        LINNET_TRY(session->session->step(&steps));
        *done = static_cast<int32_t>(steps);
        return Status();
    });
}

linnet_status linnet_session_cancel(linnet_session *session) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session}, "session"));
        session->session->cancel();
        return Status();
    });
}

linnet_status linnet_session_output(const linnet_session *session, int32_t index, void *data,
                                    size_t count, linnet_dtype dtype) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session}, "session"));
        if (count) LINNET_TRY(no_null({data}, "data"));
        LINNET_TRY(linnet::check_index(index));
        LINNET_ASSIGN(linnet::DType type, linnet::take_dtype(dtype));
        return session->session->read_output(static_cast<size_t>(index), type, data, count);
    });
}

linnet_status linnet_session_watch(linnet_session *session, const char *tensor, int32_t *index) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, tensor, index}, "session, tensor, index"));
        size_t output = 0;
        LINNET_TRY(session->session->watch(tensor, &output));
        *index = static_cast<int32_t>(output);
        return Status();
    });
}

linnet_status linnet_session_dtype(const linnet_session *session, int32_t index,
                                   linnet_dtype *dtype) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, dtype}, "session, dtype"));
        LINNET_TRY(linnet::check_index(index));
        LINNET_ASSIGN(linnet::DType found,
                      session->session->output_dtype(static_cast<size_t>(index)));
        *dtype = static_cast<linnet_dtype>(found);
        return Status();
    });
}

linnet_status linnet_session_top(const linnet_session *session, int32_t item, int32_t *indices,
                                 float *probabilities, size_t top, size_t *found) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, indices, probabilities, found},
                           "session, indices, probabilities, found"));
        LINNET_ASSIGN(size_t classes,
                      session->session->top(item, {indices, top}, {probabilities, top}));
        *found = classes;
        return Status();
    });
}

linnet_status linnet_session_classify(linnet_session *session, const uint8_t *pixels, size_t size,
                                      linnet_pixel_format format, int32_t width, int32_t height,
                                      int32_t stride, int32_t *indices, float *probabilities,
                                      size_t top, size_t *found) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, pixels, indices, probabilities, found},
                           "session, pixels, indices, probabilities, found"));
        LINNET_ASSIGN(linnet::Picture picture,
                      linnet::take_picture(pixels, size, format, width, height, stride));
        LINNET_ASSIGN(size_t classes, session->session->classify(picture, {indices, top},
                                                                 {probabilities, top}));
        *found = classes;
        return Status();
    });
}

linnet_status linnet_session_arena_bytes(const linnet_session *session, int64_t *bytes) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, bytes}, "session, bytes"));
        LINNET_ASSIGN(*bytes, session->session->arena_bytes());
        return Status();
    });
}

linnet_status linnet_session_tune(linnet_session *session, const char **convolutions) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, convolutions}, "session, convolutions"));
        return session->session->tune(convolutions);
    });
}

linnet_status linnet_session_step_count(const linnet_session *session, int32_t *count) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, count}, "session, count"));
        LINNET_ASSIGN(size_t steps, session->session->step_count());
        *count = static_cast<int32_t>(steps);
        return Status();
    });
}

linnet_status linnet_session_step_info(const linnet_session *session, int32_t index,
                                       const char **tensor, const char **kernel,
                                       double *milliseconds) {
    return guarded([&]() -> Status {
        LINNET_TRY(no_null({session, tensor, kernel, milliseconds},
                           "session, tensor, kernel, milliseconds"));
        LINNET_TRY(linnet::check_index(index));
        return session->session->step_info(static_cast<size_t>(index), tensor, kernel,
                                           milliseconds);
    });
}

void linnet_set_log(linnet_log_fn log, void *user) { linnet::set_log(log, user); }

linnet_status linnet_set_allocator(linnet_allocate_fn allocate, linnet_release_fn release,
                                   void *user) {
    return guarded([&]() -> Status {
        if (!allocate != !release)
            return error(Code::kInvalidArgument, "give both functions, or NULL for both");
        if (!linnet::set_allocator(allocate, release, user))
            return error(Code::kWrongState, "memory of the allocator before is still in use; set "
                         "the allocator before all other calls");
        return Status();
    });
}

#if defined(LINNET_TELL_USES)
// Not part of the interface: `linnet single-file --planned` calls it.
LINNET_API linnet_status linnet_write_planned(const char *model, const char *path);
linnet_status linnet_write_planned(const char *model, const char *path) {
    return guarded([&]() -> Status {
        LINNET_ASSIGN(linnet::Ref<linnet::Model> opened,
                      linnet::Model::open_file(model, linnet::ModelOptions()));
        return linnet::write_planned_model(*opened, path);
    });
}
#endif

} // extern "C"

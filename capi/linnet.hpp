// Linnet for C++17: objects, vectors and exceptions over linnet.h, which stays the manual.
//
// SPDX-License-Identifier: MIT
//
//     linnet::Model model = linnet::Model::open("squeezenet.onnx");
//     linnet::Session session(model);
//     linnet::Pixels picture(pixels, size, LINNET_RGB, width, height);
//     for (const linnet::Prediction &best : session.classify(picture, 5))
//         std::cout << best.probability << " " << best.label << "\n";
//
// A function that fails throws linnet::Error and leaves everything as it was. Ownership, threads
// and limits are those of linnet.h. An object that was moved from can only be assigned to or
// destroyed; other uses throw Error(LINNET_INVALID_ARGUMENT).
//
// All names live in the inline namespace linnet::cpp_v1, because the library itself is written in
// a namespace linnet with a Model and a Session of its own: so the two never meet in a linker, and
// programs of two versions of this header can be linked together. (For the same reason linnet.cc,
// the single source file, is compiled by itself and not included into a file that uses this one.)
#ifndef LINNET_HPP
#define LINNET_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "linnet.h"

namespace linnet {
inline namespace cpp_v1 {

// A call that failed: what() tells what was wrong and what to do.
class Error : public std::runtime_error {
public:
    Error(linnet_status status, const char *message)
        : std::runtime_error(message), status_(status) {}
    linnet_status status() const noexcept { return status_; }

private:
    linnet_status status_;
};

// For calls of the C interface: throws where the status is not LINNET_OK.
inline void check(linnet_status status) {
    if (status != LINNET_OK) throw Error(status, linnet_last_error());
}

// Calls a function of the C interface whose last parameter is where it puts its only result.
template <class T, class Function, class... Arguments>
T fetch(Function function, Arguments... arguments) {
    T value{};
    check(function(arguments..., &value));
    return value;
}

// Calls a function of the C interface that gives a shape.
template <class Function, class... Arguments>
std::vector<int64_t> fetch_shape(Function function, Arguments... arguments) {
    std::vector<int64_t> shape(LINNET_MAX_RANK);
    size_t rank = 0;
    check(function(arguments..., shape.data(), shape.size(), &rank));
    shape.resize(rank);
    return shape;
}

inline std::string status_name(linnet_status status) { return linnet_status_name(status); }
inline std::string build_info() { return linnet_build_info(); }
// Of the library that runs: major * 1000000 + minor * 1000 + patch.
inline int32_t version() { return linnet_version(); }

using Shape = std::vector<int64_t>;

// ---- Elements of tensors -----------------------------------------------------------------------

// 16-bit numbers, as their bits: C++17 has no types for them.
struct Float16 {
    uint16_t bits;
};
struct BFloat16 {
    uint16_t bits;
};

// The linnet_dtype of a C++ type, such as dtype_of<float>.
template <class T> struct DTypeOf;
template <> struct DTypeOf<float> : std::integral_constant<linnet_dtype, LINNET_FLOAT32> {};
template <> struct DTypeOf<double> : std::integral_constant<linnet_dtype, LINNET_FLOAT64> {};
template <> struct DTypeOf<Float16> : std::integral_constant<linnet_dtype, LINNET_FLOAT16> {};
template <> struct DTypeOf<BFloat16> : std::integral_constant<linnet_dtype, LINNET_BFLOAT16> {};
template <> struct DTypeOf<uint8_t> : std::integral_constant<linnet_dtype, LINNET_UINT8> {};
template <> struct DTypeOf<int8_t> : std::integral_constant<linnet_dtype, LINNET_INT8> {};
template <> struct DTypeOf<int32_t> : std::integral_constant<linnet_dtype, LINNET_INT32> {};
template <> struct DTypeOf<int64_t> : std::integral_constant<linnet_dtype, LINNET_INT64> {};
template <> struct DTypeOf<bool> : std::integral_constant<linnet_dtype, LINNET_BOOL> {
    static_assert(sizeof(bool) == 1, "Linnet's booleans are bytes");
};
template <class T> inline constexpr linnet_dtype dtype_of = DTypeOf<T>::value;

// ---- Options -----------------------------------------------------------------------------------

// What frees a handle.
struct Free {
    void operator()(linnet_options *options) const noexcept { linnet_options_free(options); }
    void operator()(linnet_model *model) const noexcept { linnet_model_free(model); }
    void operator()(linnet_session *session) const noexcept { linnet_session_free(session); }
};

// Settings, to be chained: Options().threads(4).metadata("linnet.color", "RGB").
class Options {
public:
    Options() { options_.reset(fetch<linnet_options *>(linnet_options_create)); }
    Options &threads(int32_t threads) {
        return checked(linnet_options_set_threads(get(), threads));
    }
    Options &isa(linnet_isa isa) { return checked(linnet_options_set_isa(get(), isa)); }
    Options &metadata(const std::string &key, const std::string &value) {
        return checked(linnet_options_set_metadata(get(), key.c_str(), value.c_str()));
    }
    Options &limit(linnet_limit limit, size_t value) {
        return checked(linnet_options_set_limit(get(), limit, value));
    }
    // The memory must outlive the session that is created with it.
    Options &arena(void *memory, size_t bytes) {
        return checked(linnet_options_set_arena(get(), memory, bytes));
    }
    linnet_options *get() const noexcept { return options_.get(); }

private:
    Options &checked(linnet_status status) {
        check(status);
        return *this;
    }
    std::unique_ptr<linnet_options, Free> options_;
};

// ---- Model -------------------------------------------------------------------------------------

struct Cost {
    int64_t parameters, macs;
};

struct OperatorCount {
    std::string name;
    int32_t nodes;
};

// An open model. A copy is one more reference to the same one, for any thread.
class Model {
public:
    static Model open(const std::string &path, const Options &options = Options()) {
        return Model(fetch<linnet_model *>(linnet_model_open, path.c_str(), options.get()));
    }
    static Model open_memory(const void *data, size_t size, const Options &options = Options()) {
        return Model(fetch<linnet_model *>(linnet_model_open_memory, data, size, options.get()));
    }
    // The memory must not change and must outlive all copies of the model and their sessions.
    static Model open_borrowed(const void *data, size_t size, const Options &options = Options()) {
        return Model(fetch<linnet_model *>(linnet_model_open_borrowed, data, size, options.get()));
    }

    int32_t count(linnet_port port) const {
        return fetch<int32_t>(linnet_model_count, get(), port);
    }
    std::string name(linnet_port port, int32_t index) const {
        return fetch<const char *>(linnet_model_name, get(), port, index);
    }
    // Free axes are -1.
    Shape shape(linnet_port port, int32_t index) const {
        return fetch_shape(linnet_model_shape, get(), port, index);
    }
    linnet_dtype dtype(linnet_port port, int32_t index) const {
        return fetch<linnet_dtype>(linnet_model_dtype, get(), port, index);
    }
    linnet_layout layout(linnet_port port, int32_t index) const {
        return fetch<linnet_layout>(linnet_model_layout, get(), port, index);
    }

    // Nothing, if the model has no such key.
    std::optional<std::string> metadata(const std::string &key) const {
        const char *value = nullptr;
        linnet_status status = linnet_model_metadata(get(), key.c_str(), &value);
        if (status == LINNET_NOT_FOUND) return std::nullopt;
        check(status);
        return value;
    }
    int32_t label_count() const { return fetch<int32_t>(linnet_model_label_count, get()); }
    std::string label(int32_t index) const {
        return fetch<const char *>(linnet_model_label, get(), index);
    }
    std::vector<std::string> labels() const {
        std::vector<std::string> labels(static_cast<size_t>(label_count()));
        for (size_t i = 0; i < labels.size(); ++i) labels[i] = label(static_cast<int32_t>(i));
        return labels;
    }
    std::string digest() const { return fetch<const char *>(linnet_model_digest, get()); }
    void save(const std::string &path, linnet_storage storage = LINNET_STORAGE_PREPARED) const {
        check(linnet_model_save(get(), path.c_str(), storage));
    }
    // Of a model that save() wrote.
    void verify() const { check(linnet_model_verify(get())); }
    Cost cost() const {
        Cost cost{};
        check(linnet_model_cost(get(), &cost.parameters, &cost.macs));
        return cost;
    }
    std::vector<OperatorCount> operators() const {
        std::vector<OperatorCount> all;
        for (int32_t i = 0;; ++i) {
            const char *name = nullptr;
            int32_t nodes = 0;
            linnet_status status = linnet_model_operator(get(), i, &name, &nodes);
            if (status == LINNET_NOT_FOUND) return all;
            check(status);
            all.push_back({name, nodes});
        }
    }
    linnet_model *get() const noexcept { return model_.get(); }

private:
    explicit Model(linnet_model *handle) : model_(handle, Free()) {}
    std::shared_ptr<linnet_model> model_;
};

// ---- Session -----------------------------------------------------------------------------------

// 8-bit samples in the caller's memory. A stride of 0 stands for rows without gaps.
struct Pixels {
    Pixels(const uint8_t *data_, size_t size_, linnet_pixel_format format_, int32_t width_,
           int32_t height_, int32_t stride_ = 0)
        : data(data_), size(size_), format(format_), width(width_), height(height_),
          stride(stride_ ? stride_ : row_bytes(width_, format_)) {}
    // 0, which Linnet refuses, for widths that cannot be.
    static int32_t row_bytes(int32_t width, linnet_pixel_format format) {
        bool three = format == LINNET_RGB || format == LINNET_BGR;
        int32_t bytes = format == LINNET_GRAY ? 1 : three ? 3 : 4;
        return width > INT32_MAX / bytes || width < 0 ? 0 : width * bytes;
    }

    const uint8_t *data;
    size_t size;
    linnet_pixel_format format;
    int32_t width, height, stride;
};

struct Prediction {
    int32_t index;
    float probability;
    std::string label; // empty where the model has none
};

struct Step {
    std::string tensor, kernel;
    double milliseconds;
};

// A model made ready to run. Movable; one thread at a time, cancel() excepted.
class Session {
public:
    explicit Session(Model model, const Options &options = Options()) : model_(std::move(model)) {
        session_.reset(fetch<linnet_session *>(linnet_session_create, model_.get(), options.get()));
    }
    const Model &model() const noexcept { return model_; }

    // The contents of all inputs and outputs are lost.
    void set_shape(int32_t input, const Shape &shape) {
        check(linnet_session_set_shape(get(), input, shape.data(), shape.size()));
    }
    Shape shape(linnet_port port, int32_t index) const {
        return fetch_shape(linnet_session_shape, get(), port, index);
    }
    // Of an output, watched tensors included.
    linnet_dtype dtype(int32_t output) const {
        return fetch<linnet_dtype>(linnet_session_dtype, get(), output);
    }
    // Makes a tensor inside the model readable; returns its number among the outputs.
    int32_t watch(const std::string &tensor) {
        return fetch<int32_t>(linnet_session_watch, get(), tensor.c_str());
    }

    template <class T> void set_input(int32_t input, const T *data, size_t count) {
        check(linnet_session_set_input(get(), input, data, count, dtype_of<T>));
    }
    template <class T> void set_input(int32_t input, const std::vector<T> &data) {
        static_assert(!std::is_same_v<T, bool>, "std::vector<bool> is no array: give a pointer");
        set_input(input, data.data(), data.size());
    }
    void set_pixels(const Pixels &picture, int32_t item = 0) {
        check(linnet_session_set_pixels(get(), item, picture.data, picture.size, picture.format,
                                        picture.width, picture.height, picture.stride));
    }

    void run() { check(linnet_session_run(get())); }
    // Runs one step; returns how many are done. The run is complete at step_count().
    int32_t step() { return fetch<int32_t>(linnet_session_step, get()); }
    // Runs, or ends a run begun by step(), and calls progress(done, total) after each step.
    // It may call cancel().
    template <class Progress> void run(Progress progress) {
        int32_t done = 0, total = step_count();
        do {
            done = step();
            progress(done, total);
        } while (done < total);
    }
    // Ends the run that is under way, or the next one, with Error(LINNET_CANCELLED). For any
    // thread, while the session is neither moved nor destroyed.
    void cancel() { check(linnet_session_cancel(get())); }

    template <class T> void output(int32_t index, T *data, size_t count) const {
        check(linnet_session_output(get(), index, data, count, dtype_of<T>));
    }
    template <class T = float> std::vector<T> output(int32_t index) const {
        static_assert(!std::is_same_v<T, bool>, "std::vector<bool> is no array: give a pointer");
        size_t count = 1;
        for (int64_t axis : shape(LINNET_OUTPUT, index)) count *= static_cast<size_t>(axis);
        std::vector<T> elements(count);
        output(index, elements.data(), count);
        return elements;
    }

    // The most probable classes of an item of the last run, best first.
    std::vector<Prediction> top(size_t count, int32_t item = 0) const {
        return predictions(count, [&](int32_t *indices, float *probabilities, size_t *found) {
            return linnet_session_top(get(), item, indices, probabilities, count, found);
        });
    }
    std::vector<Prediction> classify(const Pixels &picture, size_t count = 5) {
        return predictions(count, [&](int32_t *indices, float *probabilities, size_t *found) {
            return linnet_session_classify(get(), picture.data, picture.size, picture.format,
                                           picture.width, picture.height, picture.stride, indices,
                                           probabilities, count, found);
        });
    }

    // How convolutions are best computed here, for the shapes, threads and instruction set of the
    // session: a value for the metadata entry "linnet.convolutions" of models that are opened.
    std::string tune() { return fetch<const char *>(linnet_session_tune, get()); }

    int64_t arena_bytes() const { return fetch<int64_t>(linnet_session_arena_bytes, get()); }
    int32_t step_count() const { return fetch<int32_t>(linnet_session_step_count, get()); }
    Step step_info(int32_t index) const {
        const char *tensor = nullptr, *kernel = nullptr;
        double milliseconds = 0;
        check(linnet_session_step_info(get(), index, &tensor, &kernel, &milliseconds));
        return {tensor, kernel, milliseconds};
    }
    linnet_session *get() const noexcept { return session_.get(); }

private:
    template <class Call> std::vector<Prediction> predictions(size_t count, Call call) const {
        // Never empty, so that there is an address to give.
        std::vector<int32_t> indices(count + 1);
        std::vector<float> probabilities(count + 1);
        size_t found = 0;
        check(call(indices.data(), probabilities.data(), &found));
        std::vector<Prediction> best;
        int32_t labels = model_.label_count();
        for (size_t i = 0; i < found; ++i) {
            bool labelled = indices[i] < labels;
            best.push_back({indices[i], probabilities[i],
                            labelled ? model_.label(indices[i]) : std::string()});
        }
        return best;
    }

    Model model_;
    std::unique_ptr<linnet_session, Free> session_;
};

} // namespace cpp_v1
} // namespace linnet

#endif // LINNET_HPP

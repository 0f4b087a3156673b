// Runs models on other machines: run_models LIST [save], where each line of LIST names three files: a
// model, its inputs, and where its outputs go. Inputs and outputs are, one after the other, the
// element type and the rank (32 bits each), the lengths of the axes (64 bits each) and the elements,
// in the byte order of the machine. With "save" every model is saved beside itself, prepared, and
// what comes out of that, by three threads, must be the same bits. Ends with 1 where a model failed; its outputs
// are then a message.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "linnet.h"

namespace {

size_t bytes_of(linnet_dtype dtype) {
    switch (dtype) {
    case LINNET_FLOAT64:
    case LINNET_INT64: return 8;
    case LINNET_FLOAT32:
    case LINNET_INT32: return 4;
    case LINNET_FLOAT16:
    case LINNET_BFLOAT16: return 2;
    default: return 1;
    }
}

struct Tensor {
    int32_t head[2] = {}; // element type, rank
    int64_t shape[LINNET_MAX_RANK] = {};
    std::vector<char> data;

    linnet_dtype dtype() const { return static_cast<linnet_dtype>(head[0]); }
    size_t rank() const { return static_cast<size_t>(head[1]); }
    size_t elements() const {
        size_t count = 1;
        for (size_t i = 0; i < rank(); ++i) count *= static_cast<size_t>(shape[i]);
        return count;
    }
    bool read(std::istream &file) {
        if (!file.read(reinterpret_cast<char *>(head), sizeof head)) return false;
        file.read(reinterpret_cast<char *>(shape), static_cast<std::streamsize>(rank() * 8));
        data.resize(elements() * bytes_of(dtype()));
        return static_cast<bool>(file.read(data.data(), static_cast<std::streamsize>(data.size())));
    }
    void write(std::ostream &file) const {
        file.write(reinterpret_cast<const char *>(head), sizeof head);
        file.write(reinterpret_cast<const char *>(shape), static_cast<std::streamsize>(rank() * 8));
        file.write(data.data(), static_cast<std::streamsize>(data.size()));
    }
};

linnet_status set_inputs(linnet_session *session, std::istream &file) {
    std::vector<Tensor> inputs;
    for (Tensor input; input.read(file); input = Tensor()) inputs.push_back(input);
    linnet_status status = LINNET_OK;
    for (size_t i = 0; i < inputs.size() && !status; ++i)
        status = linnet_session_set_shape(session, static_cast<int32_t>(i), inputs[i].shape,
                                          inputs[i].rank());
    for (size_t i = 0; i < inputs.size() && !status; ++i)
        status = linnet_session_set_input(session, static_cast<int32_t>(i), inputs[i].data.data(),
                                          inputs[i].elements(), inputs[i].dtype());
    return status;
}

linnet_status write_outputs(linnet_model *model, linnet_session *session, std::ostream &file) {
    int32_t count = 0;
    linnet_status status = linnet_model_count(model, LINNET_OUTPUT, &count);
    for (int32_t i = 0; i < count && !status; ++i) {
        Tensor output;
        linnet_dtype dtype = LINNET_FLOAT32;
        size_t rank = 0;
        status = linnet_session_dtype(session, i, &dtype);
        if (!status)
            status = linnet_session_shape(session, LINNET_OUTPUT, i, output.shape,
                                          LINNET_MAX_RANK, &rank);
        output.head[0] = dtype;
        output.head[1] = static_cast<int32_t>(rank);
        output.data.resize(output.elements() * bytes_of(dtype));
        if (!status)
            status = linnet_session_output(session, i, output.data.data(), output.elements(),
                                           dtype);
        output.write(file);
    }
    return status;
}

linnet_status run(const std::string &path, int32_t threads, const char *save_as,
                  const std::string &inputs, std::ostream &outputs) {
    linnet_options *options = nullptr;
    linnet_model *model = nullptr;
    linnet_session *session = nullptr;
    std::istringstream arrays(inputs);
    linnet_status status = linnet_options_create(&options);
    if (!status) status = linnet_options_set_threads(options, threads);
    if (!status) status = linnet_model_open(path.c_str(), nullptr, &model);
    if (!status) status = linnet_session_create(model, options, &session);
    if (!status) status = set_inputs(session, arrays);
    if (!status) status = linnet_session_run(session);
    if (!status) status = write_outputs(model, session, outputs);
    if (!status && save_as) status = linnet_model_save(model, save_as, LINNET_STORAGE_PREPARED);
    linnet_session_free(session);
    linnet_model_free(model);
    linnet_options_free(options);
    return status;
}

// The outputs, or why there are none.
bool run_both_ways(const std::string &path, bool save, const std::string &inputs,
                   std::string *outputs) {
    std::ostringstream plain, saved;
    std::string file = path + ".linnet";
    bool done = run(path, 1, save ? file.c_str() : nullptr, inputs, plain) == LINNET_OK &&
                (!save || run(file, 3, nullptr, inputs, saved) == LINNET_OK);
    *outputs = done ? plain.str() : linnet_last_error();
    if (!done || !save || saved.str() == plain.str()) return done;
    *outputs = "the saved model gives other bits";
    return false;
}

} // namespace

int main(int count, char **arguments) {
    if (count != 2 && count != 3) return 2;
    std::ifstream list(arguments[1]);
    int failed = 0;
    std::string line, model, from, to;
    while (std::getline(list, line)) {
        std::istringstream(line) >> model >> from >> to;
        std::ifstream file(from, std::ios::binary);
        std::string inputs(std::istreambuf_iterator<char>(file), {}), outputs;
        if (!run_both_ways(model, count == 3, inputs, &outputs))
            failed = 1;
        std::ofstream(to, std::ios::binary) << outputs;
    }
    std::puts(linnet_build_info());
    return failed;
}

// A model file of any bytes, used as a program would: opened, described, run, classified with.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "linnet.h"

namespace fuzz {

constexpr int64_t kMostMacs = 1000000, kMostElements = 20000;

inline void expect(bool holds) {
    if (!holds) std::abort();
}

// The shape of a port of the session; the number of its elements, -1 if it is not ready.
inline int64_t elements_of(linnet_session *session, linnet_port port, int32_t index) {
    int64_t shape[LINNET_MAX_RANK], elements = 1;
    size_t rank = 0;
    if (linnet_session_shape(session, port, index, shape, LINNET_MAX_RANK, &rank) != LINNET_OK)
        return -1;
    for (size_t i = 0; i < rank; ++i) elements *= shape[i];
    return elements;
}

inline void run_model(linnet_model *model, linnet_session *session) {
    int32_t inputs = 0, outputs = 0;
    expect(linnet_model_count(model, LINNET_INPUT, &inputs) == LINNET_OK);
    expect(linnet_model_count(model, LINNET_OUTPUT, &outputs) == LINNET_OK);
    std::vector<double> memory(kMostElements, 0.5); // read as any type
    for (int32_t i = 0; i < inputs; ++i) {
        linnet_dtype dtype;
        expect(linnet_model_dtype(model, LINNET_INPUT, i, &dtype) == LINNET_OK);
        int64_t elements = elements_of(session, LINNET_INPUT, i);
        if (elements < 0 || elements > kMostElements) return;
        size_t count = static_cast<size_t>(elements);
        if (linnet_session_set_input(session, i, memory.data(), count, dtype) != LINNET_OK) return;
    }
    if (linnet_session_run(session) != LINNET_OK) return;
    for (int32_t i = 0; i < outputs; ++i) {
        linnet_dtype dtype;
        int64_t elements = elements_of(session, LINNET_OUTPUT, i);
        expect(elements >= 0);
        if (elements > kMostElements) return;
        expect(linnet_session_dtype(session, i, &dtype) == LINNET_OK);
        expect(linnet_session_output(session, i, memory.data(), static_cast<size_t>(elements),
                                     dtype) == LINNET_OK);
    }
    const uint8_t pixels[27] = {1, 2, 3};
    int32_t indices[5];
    float probabilities[5];
    size_t found = 0;
    linnet_session_classify(session, pixels, sizeof pixels, LINNET_RGB, 3, 3, 9, indices,
                            probabilities, 5, &found);
}

inline void open_and_run(const uint8_t *data, size_t size) {
    linnet_options *options = nullptr;
    linnet_model *model = nullptr;
    linnet_session *session = nullptr;
    expect(linnet_options_create(&options) == LINNET_OK);
    expect(linnet_options_set_limit(options, LINNET_LIMIT_NODES, 50) == LINNET_OK);
    expect(linnet_options_set_limit(options, LINNET_LIMIT_TENSOR_ELEMENTS, kMostElements) ==
           LINNET_OK);
    if (size && linnet_model_open_memory(data, size, options, &model) == LINNET_OK) {
        int64_t parameters = 0, macs = 0;
        expect(linnet_model_cost(model, &parameters, &macs) == LINNET_OK);
        if (macs <= kMostMacs && linnet_session_create(model, nullptr, &session) == LINNET_OK)
            run_model(model, session);
    }
    linnet_session_free(session);
    linnet_model_free(model);
    linnet_options_free(options);
}

} // namespace fuzz

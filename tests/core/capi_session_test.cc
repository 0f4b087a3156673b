// The C interface: sessions, runs, pictures, threads.
// SPDX-License-Identifier: MIT
#include "capi_testing.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

namespace capi_testing {
namespace {

using namespace onnx_writer;

const std::vector<float> kRows = {1, -2, 3, -4, 5, -6};
const std::vector<float> kAnswer = {2, 1, 4, 1, 6, 1};

std::vector<int64_t> shape_of(linnet_session *session, linnet_port port) {
    int64_t shape[LINNET_MAX_RANK];
    size_t rank = 0;
    EXPECT_GOOD(linnet_session_shape(session, port, 0, shape, LINNET_MAX_RANK, &rank));
    return std::vector<int64_t>(shape, shape + rank);
}

TEST(CApiSession, Runs) {
    ModelHandle model = open_model(tensor_model());
    SessionHandle session = make_session(model);
    EXPECT_GOOD(set_floats(session.get(), kRows));
    EXPECT_GOOD(linnet_session_run(session.get()));
    EXPECT_EQ(kAnswer, floats_of(session.get(), 0, 6));
}

TEST(CApiSession, IsFreedInAnyOrder) {
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_threads(options.get(), 2));
    ModelHandle model = open_model(picture_model(), options.get());
    SessionHandle first = make_session(model, options.get());
    SessionHandle second = make_session(model, options.get());
    options.reset();
    model.reset();
    Best best, again;
    EXPECT_GOOD(classify(first.get(), &best));
    first.reset();
    EXPECT_GOOD(classify(second.get(), &again));
    EXPECT_EQ(best, again);
}

TEST(CApiSession, ChecksInputsAndOutputs) {
    ModelHandle model = open_model(tensor_model());
    SessionHandle session = make_session(model);
    linnet_session *s = session.get();
    float values[7] = {-7};
    int64_t integers[6] = {};
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_run(s));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                  linnet_session_set_input(s, 0, values, 7, LINNET_FLOAT32));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                  linnet_session_set_input(s, 0, values, 0, LINNET_FLOAT32));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                  linnet_session_set_input(s, 0, integers, 6, LINNET_INT64));
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_run(s)) << "a refused input counts as set";
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_output(s, 0, values, 6, LINNET_FLOAT32));
    EXPECT_GOOD(set_floats(s, kRows));
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_output(s, 0, values, 6, LINNET_FLOAT32));
    EXPECT_GOOD(linnet_session_run(s));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_output(s, 0, values, 5, LINNET_FLOAT32));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_output(s, 0, values, 7, LINNET_FLOAT32));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_output(s, 0, integers, 6, LINNET_INT64));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_output(s, 1, values, 6, LINNET_FLOAT32));
    EXPECT_EQ(-7, values[0]);
    EXPECT_EQ(kAnswer, floats_of(s, 0, 6));
}

TEST(CApiSession, KeepsInputsBetweenRuns) {
    ModelHandle model = open_model(tensor_model());
    SessionHandle session = make_session(model);
    EXPECT_GOOD(set_floats(session.get(), kRows));
    for (int i = 0; i < 3; ++i) {
        EXPECT_GOOD(linnet_session_run(session.get()));
        EXPECT_EQ(kAnswer, floats_of(session.get(), 0, 6));
    }
}

TEST(CApiSession, OutputsAreOfTheLastRun) {
    ModelHandle model = open_model(tensor_model());
    SessionHandle session = make_session(model);
    EXPECT_GOOD(set_floats(session.get(), kRows));
    EXPECT_GOOD(linnet_session_run(session.get()));
    EXPECT_GOOD(set_floats(session.get(), kAnswer));
    EXPECT_EQ(kAnswer, floats_of(session.get(), 0, 6));
}

// An output that lies in its input's memory is lost with it, and does not lie.
TEST(CApiSession, OutputsThatAreInputsAreOfTheLastRun) {
    for (const char *op : {"Identity", "Flatten"}) {
        ModelHandle model = open_model(
            OnnxWriter(13).input("x", {2, 3}).node(op, {"x"}, {"y"}).output("y", {2, 3}).bytes());
        SessionHandle session = make_session(model);
        EXPECT_GOOD(set_floats(session.get(), kRows));
        EXPECT_GOOD(linnet_session_run(session.get()));
        EXPECT_GOOD(set_floats(session.get(), kAnswer));
        float values[6];
        linnet_status status =
            linnet_session_output(session.get(), 0, values, 6, LINNET_FLOAT32);
        EXPECT_TRUE(status == LINNET_WRONG_STATE || kRows == std::vector<float>(values, values + 6))
            << op;
        EXPECT_GOOD(linnet_session_run(session.get()));
        EXPECT_EQ(kAnswer, floats_of(session.get(), 0, 6)) << op;
    }
}

TEST(CApiSession, TakesFloatsForHalves) {
    ModelHandle model = open_model(OnnxWriter(13)
                                       .input("x", {3}, kFloat16)
                                       .node("Relu", {"x"}, {"y"})
                                       .output("y", {3}, kFloat16)
                                       .bytes());
    SessionHandle session = make_session(model);
    linnet_dtype dtype = LINNET_BOOL;
    EXPECT_GOOD(linnet_session_dtype(session.get(), 0, &dtype));
    EXPECT_EQ(LINNET_FLOAT16, dtype);
    EXPECT_GOOD(set_floats(session.get(), {1.5f, -2, 0.25f}));
    EXPECT_GOOD(linnet_session_run(session.get()));
    EXPECT_EQ((std::vector<float>{1.5f, 0, 0.25f}), floats_of(session.get(), 0, 3));
    uint16_t halves[3] = {};
    EXPECT_GOOD(linnet_session_output(session.get(), 0, halves, 3, LINNET_FLOAT16));
    EXPECT_EQ(0x3E00, halves[0]);
    EXPECT_EQ(0x3400, halves[2]);
}

TEST(CApiSession, ChangesShapes) {
    ModelHandle model = open_model(tensor_model(-1));
    SessionHandle session = make_session(model);
    linnet_session *s = session.get();
    EXPECT_EQ((std::vector<int64_t>{1, 3}), shape_of(s, LINNET_INPUT));
    int64_t two[] = {2, 3};
    EXPECT_GOOD(linnet_session_set_shape(s, 0, two, 2));
    EXPECT_EQ((std::vector<int64_t>{2, 3}), shape_of(s, LINNET_OUTPUT));
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_run(s)) << "the contents are lost";
    EXPECT_GOOD(set_floats(s, kRows));
    EXPECT_GOOD(linnet_session_run(s));
    int64_t wrong[][2] = {{2, 4}, {-1, 3}, {INT64_MAX, 3}, {INT64_MIN, 3}};
    for (auto &shape : wrong)
        EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_set_shape(s, 0, shape, 2));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_set_shape(s, 0, two, 1));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_set_shape(s, 0, two, 0));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, linnet_session_set_shape(s, 0, two, 1000));
    EXPECT_EQ(kAnswer, floats_of(s, 0, 6)) << "a failure left the session as it was";
}

TEST(CApiSession, RunsStepByStep) {
    ModelHandle model = open_model(picture_model());
    SessionHandle whole = make_session(model), stepped = make_session(model);
    std::vector<float> image = ramp(48, -1, 0.05f);
    EXPECT_GOOD(set_floats(whole.get(), image));
    EXPECT_GOOD(linnet_session_run(whole.get()));
    int32_t steps = 0, done = -7;
    EXPECT_GOOD(linnet_session_step_count(stepped.get(), &steps));
    EXPECT_GE(steps, 2);
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_step(stepped.get(), &done));
    EXPECT_EQ(-7, done);
    EXPECT_GOOD(set_floats(stepped.get(), image));
    for (int round = 0; round < 2; ++round) {
        for (int32_t i = 1; i <= steps; ++i) {
            EXPECT_GOOD(linnet_session_step(stepped.get(), &done));
            EXPECT_EQ(i, done);
            float scores[5];
            EXPECT_EQ(i < steps ? LINNET_WRONG_STATE : LINNET_OK,
                      linnet_session_output(stepped.get(), 0, scores, 5, LINNET_FLOAT32));
        }
        EXPECT_EQ(floats_of(whole.get(), 0, 5), floats_of(stepped.get(), 0, 5));
    }
    EXPECT_GOOD(linnet_session_step(stepped.get(), &done));
    EXPECT_GOOD(linnet_session_run(stepped.get())) << "a run starts anew";
    EXPECT_EQ(floats_of(whole.get(), 0, 5), floats_of(stepped.get(), 0, 5));
}

TEST(CApiSession, TellsAboutSteps) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    Best best;
    int32_t steps = 0;
    EXPECT_GOOD(linnet_session_step_count(session.get(), &steps));
    for (int round = 0; round < 2; ++round) {
        for (int32_t i = 0; i < steps; ++i) {
            const char *tensor = "", *kernel = "";
            double milliseconds = -7;
            EXPECT_GOOD(
                linnet_session_step_info(session.get(), i, &tensor, &kernel, &milliseconds));
            EXPECT_STRNE("", tensor);
            EXPECT_STRNE("", kernel);
            EXPECT_TRUE(round ? milliseconds >= 0 : milliseconds == 0);
        }
        EXPECT_GOOD(classify(session.get(), &best));
    }
}

TEST(CApiSession, WatchesTensors) {
    ModelHandle model = open_model(tensor_model());
    SessionHandle session = make_session(model);
    linnet_session *s = session.get();
    int32_t watched = -7;
    EXPECT_GOOD(set_floats(s, kRows));
    EXPECT_GOOD(linnet_session_run(s));
    EXPECT_STATUS(LINNET_NOT_FOUND, linnet_session_watch(s, "none", &watched));
    EXPECT_EQ(-7, watched);
    EXPECT_EQ(kAnswer, floats_of(s, 0, 6)) << "a failure left the session as it was";
    EXPECT_GOOD(linnet_session_watch(s, "r", &watched));
    EXPECT_EQ(1, watched);
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_run(s)) << "the contents are lost";
    EXPECT_GOOD(set_floats(s, kRows));
    EXPECT_GOOD(linnet_session_run(s));
    EXPECT_EQ((std::vector<float>{1, 0, 3, 0, 5, 0}), floats_of(s, 1, 6));
    EXPECT_EQ(kAnswer, floats_of(s, 0, 6));
    linnet_dtype dtype = LINNET_BOOL;
    EXPECT_GOOD(linnet_session_dtype(s, 1, &dtype));
    EXPECT_EQ(LINNET_FLOAT32, dtype);
    for (const char *again : {"r", "x", "y", "one"}) {
        EXPECT_GOOD(linnet_session_watch(s, again, &watched));
        EXPECT_GOOD(set_floats(s, kRows));
        EXPECT_GOOD(linnet_session_run(s));
        EXPECT_EQ(kAnswer, floats_of(s, 0, 6));
    }
    EXPECT_EQ(5, watched);
    EXPECT_EQ(kRows, floats_of(s, 3, 6));
    EXPECT_EQ((std::vector<float>{1}), floats_of(s, 5, 1));
}

TEST(CApiSession, WatchingKeepsTheAnswer) {
    ModelHandle model = open_model(picture_model());
    Best plain, watched;
    EXPECT_GOOD(classify(make_session(model).get(), &plain));
    for (const char *tensor : {"image", "mixed", "kept", "mean", "scores"}) {
        SessionHandle session = make_session(model);
        int32_t index = 0;
        EXPECT_GOOD(linnet_session_watch(session.get(), tensor, &index));
        EXPECT_GOOD(classify(session.get(), &watched));
        EXPECT_EQ(plain.indices[0], watched.indices[0]);
        EXPECT_NEAR(plain.probabilities[0], watched.probabilities[0], 1e-6);
    }
}

TEST(CApiSession, ClassifiesAlikeWithAllThreads) {
    ModelHandle model = open_model(picture_model());
    Best expected;
    EXPECT_GOOD(classify(make_session(model).get(), &expected));
    EXPECT_EQ(5u, expected.found);
    for (int32_t threads : {2, 3, 64}) {
        OptionsHandle options = make_options();
        EXPECT_GOOD(linnet_options_set_threads(options.get(), threads));
        Best best;
        EXPECT_GOOD(classify(make_session(model, options.get()).get(), &best));
        EXPECT_EQ(expected, best);
    }
}

TEST(CApiSession, TopSortsProbabilities) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    Best best, three, none;
    EXPECT_STATUS(LINNET_WRONG_STATE,
                  linnet_session_top(session.get(), 0, none.indices, none.probabilities, 5,
                                     &none.found));
    EXPECT_EQ(Best(), none);
    EXPECT_GOOD(classify(session.get(), &best));
    float sum = 0;
    for (int i = 0; i < 5; ++i) {
        sum += best.probabilities[i];
        EXPECT_GE(best.probabilities[std::max(0, i - 1)], best.probabilities[i]);
    }
    EXPECT_NEAR(1, sum, 1e-5);
    EXPECT_GOOD(linnet_session_top(session.get(), 0, three.indices, three.probabilities, 3,
                                   &three.found));
    EXPECT_EQ(3u, three.found);
    EXPECT_EQ(best.indices[2], three.indices[2]);
    EXPECT_EQ(-7, three.indices[3]);
    EXPECT_GOOD(linnet_session_top(session.get(), 0, none.indices, none.probabilities, 0,
                                   &none.found));
    EXPECT_EQ(0u, none.found);
}

TEST(CApiSession, TopPutsEqualsInOrderAndNanLast) {
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_metadata(options.get(), "linnet.scores", "raw"));
    ModelHandle model = open_model(tensor_model(), options.get());
    SessionHandle session = make_session(model);
    float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_GOOD(set_floats(session.get(), {nan, 1, 1, 2, 2, 2}));
    EXPECT_GOOD(linnet_session_run(session.get()));
    int32_t indices[9];
    float probabilities[9];
    size_t found = 0;
    EXPECT_GOOD(linnet_session_top(session.get(), 1, indices, probabilities, 9, &found));
    EXPECT_EQ(3u, found);
    EXPECT_EQ((std::vector<int32_t>{0, 1, 2}), std::vector<int32_t>(indices, indices + 3));
    EXPECT_EQ(3, probabilities[0]);
    EXPECT_GOOD(linnet_session_top(session.get(), 0, indices, probabilities, 3, &found));
    EXPECT_EQ((std::vector<int32_t>{1, 2, 0}), std::vector<int32_t>(indices, indices + 3));
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                  linnet_session_top(session.get(), 2, indices, probabilities, 3, &found));
}

TEST(CApiSession, TakesEachItemOfABatch) {
    ModelHandle model = open_model(picture_model(-1));
    SessionHandle one = make_session(model), batch = make_session(model);
    std::vector<uint8_t> pixels = pixels_of_picture();
    auto set = [&](int32_t item) {
        return linnet_session_set_pixels(batch.get(), item, pixels.data(), pixels.size(),
                                         LINNET_RGB, 6, 5, 18);
    };
    int64_t shape[] = {3, 3, 4, 4};
    EXPECT_GOOD(linnet_session_set_shape(batch.get(), 0, shape, 4));
    EXPECT_GOOD(set(2));
    EXPECT_GOOD(set(0));
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_run(batch.get())) << "item 1 is not set";
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT, set(3));
    EXPECT_GOOD(set(1));
    EXPECT_GOOD(linnet_session_run(batch.get()));
    Best alone, of_batch;
    EXPECT_GOOD(classify(one.get(), &alone));
    for (int32_t item = 0; item < 3; ++item) {
        EXPECT_GOOD(linnet_session_top(batch.get(), item, of_batch.indices,
                                       of_batch.probabilities, 5, &of_batch.found));
        EXPECT_EQ(alone, of_batch) << "item " << item;
    }
}

TEST(CApiSession, ChecksPictures) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    std::vector<uint8_t> pixels = pixels_of_picture();
    struct {
        size_t size;
        int32_t width, height, stride;
    } wrong[] = {{89, 6, 5, 18}, {90, 0, 5, 18},  {90, 6, 0, 18}, {90, -6, 5, 18},
                 {90, 6, 5, 17}, {90, 6, 5, -18}, {90, 7, 5, 18}, {0, 6, 5, 18},
                 {90, INT32_MAX, INT32_MAX, INT32_MAX}};
    for (auto [size, width, height, stride] : wrong)
        EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                      linnet_session_set_pixels(session.get(), 0, pixels.data(), size, LINNET_RGB,
                                                width, height, stride));
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_session_run(session.get()));
    ModelHandle silent = open_model(tensor_model());
    SessionHandle other = make_session(silent);
    EXPECT_STATUS(LINNET_INVALID_ARGUMENT,
                  linnet_session_set_pixels(other.get(), 0, pixels.data(), 90, LINNET_RGB, 6, 5,
                                            18));
}

TEST(CApiSession, IsCancelled) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    Best best, cancelled;
    EXPECT_GOOD(classify(session.get(), &best));
    EXPECT_GOOD(linnet_session_cancel(session.get()));
    EXPECT_STATUS(LINNET_CANCELLED, classify(session.get(), &cancelled));
    EXPECT_EQ(Best(), cancelled);
    EXPECT_GOOD(classify(session.get(), &cancelled));
    EXPECT_EQ(best, cancelled);
    int32_t done = 0;
    EXPECT_GOOD(linnet_session_step(session.get(), &done));
    EXPECT_GOOD(linnet_session_cancel(session.get()));
    EXPECT_STATUS(LINNET_CANCELLED, linnet_session_step(session.get(), &done));
    EXPECT_GOOD(linnet_session_step(session.get(), &done));
    EXPECT_EQ(1, done) << "what follows is a new run";
}

TEST(CApiSession, IsCancelledFromAnotherThread) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    EXPECT_GOOD(set_floats(session.get(), ramp(48, -1, 0.05f)));
    std::atomic<bool> running{false};
    std::thread other([&] {
        while (!running) std::this_thread::yield();
        EXPECT_GOOD(linnet_session_cancel(session.get()));
    });
    linnet_status status = LINNET_OK;
    while (status == LINNET_OK) {
        status = linnet_session_run(session.get());
        running = true;
    }
    EXPECT_EQ(LINNET_CANCELLED, status);
    other.join();
}

TEST(CApiSession, RefusesASecondThread) {
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model);
    EXPECT_GOOD(set_floats(session.get(), ramp(48, -1, 0.05f)));
    std::atomic<bool> stop{false};
    std::thread other([&] {
        while (!stop) {
            linnet_status status = linnet_session_run(session.get());
            EXPECT_TRUE(status == LINNET_OK || status == LINNET_WRONG_STATE);
        }
    });
    bool refused = false;
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!refused && std::chrono::steady_clock::now() < end) {
        int64_t bytes = 0;
        linnet_status status = linnet_session_arena_bytes(session.get(), &bytes);
        EXPECT_TRUE(status == LINNET_OK || status == LINNET_WRONG_STATE);
        refused = status == LINNET_WRONG_STATE;
    }
    stop = true;
    other.join();
    EXPECT_TRUE(refused) << "a second thread was never inside at the same time";
}

TEST(CApiSession, SessionsOfOneModelRunAtOnce) {
    ModelHandle model = open_model(picture_model());
    Best expected;
    EXPECT_GOOD(classify(make_session(model).get(), &expected));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int round = 0; round < 20; ++round) {
                SessionHandle session = make_session(model);
                Best best;
                EXPECT_GOOD(classify(session.get(), &best));
                EXPECT_EQ(expected, best);
            }
        });
    for (std::thread &thread : threads) thread.join();
}

} // namespace
} // namespace capi_testing

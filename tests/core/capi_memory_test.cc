// The C interface: whose memory is used, and what happens when there is none.
// SPDX-License-Identifier: MIT
#include "capi_testing.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>

namespace capi_testing {
namespace {

// An allocator that knows all its blocks and fails when it is told to.
class Ledger {
public:
    Ledger() { EXPECT_GOOD(linnet_set_allocator(allocate, release, this)); }
    ~Ledger() {
        EXPECT_EQ(0u, in_use());
        EXPECT_GOOD(linnet_set_allocator(nullptr, nullptr, nullptr));
    }

    // The allocation that fails, counted from 0 and now; all later ones too unless `once`.
    void fail_at(int64_t number, bool once) {
        std::lock_guard<std::mutex> lock(mutex_);
        requests_ = 0;
        fail_at_ = number;
        once_ = once;
    }
    void never_fail() { fail_at(INT64_MAX, false); }
    int64_t requests() { return requests_; }
    size_t in_use() { return blocks_.size(); }

private:
    static void *allocate(void *user, size_t size, size_t alignment) {
        Ledger &ledger = *static_cast<Ledger *>(user);
        std::lock_guard<std::mutex> lock(ledger.mutex_);
        EXPECT_GT(size, 0u);
        EXPECT_EQ(0u, alignment & (alignment - 1));
        int64_t number = ledger.requests_++;
        if (ledger.once_ ? number == ledger.fail_at_ : number >= ledger.fail_at_) return nullptr;
        size_t rounded = (size + alignment - 1) / alignment * alignment;
        void *memory = std::aligned_alloc(alignment, rounded);
        std::memset(memory, 0xA5, rounded); // nothing may rely on zeros
        ledger.blocks_[memory] = size;
        return memory;
    }
    static void release(void *user, void *memory, size_t size) {
        Ledger &ledger = *static_cast<Ledger *>(user);
        std::lock_guard<std::mutex> lock(ledger.mutex_);
        auto block = ledger.blocks_.find(memory);
        if (block == ledger.blocks_.end()) {
            ADD_FAILURE() << "a block that is not in use was released";
            return;
        }
        EXPECT_EQ(block->second, size);
        std::memset(memory, 0x5A, size);
        ledger.blocks_.erase(block);
        std::free(memory);
    }

    std::mutex mutex_;
    std::map<void *, size_t> blocks_;
    int64_t requests_ = 0, fail_at_ = INT64_MAX;
    bool once_ = false;
};

linnet_status open_and_classify(const std::string &file, int32_t threads, Best *best) {
    linnet_options *options = nullptr;
    linnet_model *model = nullptr;
    linnet_session *session = nullptr;
    linnet_status status = linnet_options_create(&options);
    if (!status) status = linnet_options_set_threads(options, threads);
    if (!status) status = linnet_options_set_metadata(options, "linnet.name", "a test");
    if (!status) status = linnet_model_open_memory(file.data(), file.size(), options, &model);
    if (!status) status = linnet_session_create(model, options, &session);
    if (!status) status = classify(session, best);
    linnet_options_free(options);
    linnet_model_free(model);
    linnet_session_free(session);
    return status;
}

TEST(CApiMemory, EveryAllocationMayFail) {
    Ledger ledger;
    std::string file = picture_model();
    Best expected;
    ledger.never_fail();
    EXPECT_GOOD(open_and_classify(file, 2, &expected));
    int64_t requests = ledger.requests();
    EXPECT_GT(requests, 50);
    for (bool once : {false, true}) {
        for (int64_t number = 0; number < requests; ++number) {
            Best best;
            ledger.fail_at(number, once);
            EXPECT_EQ(LINNET_OUT_OF_MEMORY, open_and_classify(file, 2, &best))
                << "allocation " << number << " of " << requests << ", once: " << once;
            EXPECT_EQ(0u, ledger.in_use());
            EXPECT_EQ(Best(), best);
        }
    }
    Best best;
    ledger.never_fail();
    EXPECT_GOOD(open_and_classify(file, 2, &best));
    EXPECT_EQ(expected, best);
}

// A session that could not be changed runs as before.
TEST(CApiMemory, AFailureLeavesTheSessionAsItWas) {
    Ledger ledger;
    ModelHandle model = open_model(tensor_model(-1));
    SessionHandle session = make_session(model);
    int64_t two[] = {2, 3}, five[] = {5, 3};
    EXPECT_GOOD(linnet_session_set_shape(session.get(), 0, two, 2));
    EXPECT_GOOD(set_floats(session.get(), {1, -2, 3, -4, 5, -6}));
    EXPECT_GOOD(linnet_session_run(session.get()));
    std::vector<float> before = floats_of(session.get(), 0, 6);
    linnet_status status = LINNET_OUT_OF_MEMORY;
    for (int64_t number = 0; status == LINNET_OUT_OF_MEMORY; ++number) {
        EXPECT_EQ(before, floats_of(session.get(), 0, 6)) << number;
        int32_t watched = -7;
        ledger.fail_at(number, false);
        EXPECT_STATUS(LINNET_OUT_OF_MEMORY, linnet_session_watch(session.get(), "r", &watched));
        EXPECT_EQ(-7, watched);
        ledger.fail_at(number, true);
        status = linnet_session_set_shape(session.get(), 0, five, 2);
    }
    ledger.never_fail();
    EXPECT_STATUS(LINNET_OK, status);
    EXPECT_GOOD(set_floats(session.get(), ramp(15, -7, 1)));
    EXPECT_GOOD(linnet_session_run(session.get()));
}

TEST(CApiMemory, RunsAllocateNothing) {
    Ledger ledger;
    for (int32_t threads : {1, 2}) {
        OptionsHandle options = make_options();
        EXPECT_GOOD(linnet_options_set_threads(options.get(), threads));
        ModelHandle model = open_model(picture_model());
        SessionHandle session = make_session(model, options.get());
        std::vector<float> image = ramp(48, -1, 0.05f);
        float scores[5];
        int32_t done = 0;
        ledger.fail_at(0, false);
        for (int i = 0; i < 3; ++i) {
            EXPECT_GOOD(set_floats(session.get(), image));
            EXPECT_GOOD(linnet_session_run(session.get()));
            EXPECT_GOOD(linnet_session_step(session.get(), &done));
            EXPECT_GOOD(linnet_session_run(session.get()));
            EXPECT_GOOD(linnet_session_output(session.get(), 0, scores, 5, LINNET_FLOAT32));
        }
        EXPECT_EQ(0, ledger.requests());
        ledger.never_fail();
    }
}

TEST(CApiMemory, TheAllocatorIsSetFirst) {
    OptionsHandle options = make_options();
    auto allocate = [](void *, size_t, size_t) -> void * { return nullptr; };
    auto release = [](void *, void *, size_t) {};
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_set_allocator(allocate, release, nullptr));
    EXPECT_STATUS(LINNET_WRONG_STATE, linnet_set_allocator(nullptr, nullptr, nullptr));
    options.reset();
    EXPECT_GOOD(linnet_set_allocator(allocate, release, nullptr));
    linnet_options *none = nullptr;
    EXPECT_EQ(LINNET_OUT_OF_MEMORY, linnet_options_create(&none));
    EXPECT_STREQ("out of memory", linnet_last_error());
    EXPECT_GOOD(linnet_set_allocator(nullptr, nullptr, nullptr));
}

TEST(CApiMemory, ArenaMayBeTheCallers) {
    ModelHandle model = open_model(picture_model());
    SessionHandle plain = make_session(model);
    Best expected;
    EXPECT_GOOD(classify(plain.get(), &expected));
    int64_t needed = 0;
    EXPECT_GOOD(linnet_session_arena_bytes(plain.get(), &needed));
    EXPECT_GT(needed, 0);
    size_t bytes = static_cast<size_t>(needed);
    std::vector<unsigned char> memory(bytes + 256, 0xA5);
    for (size_t offset : {0, 1, 4, 63}) {
        OptionsHandle options = make_options();
        EXPECT_GOOD(
            linnet_options_set_arena(options.get(), memory.data() + 64 + offset, bytes + 63));
        SessionHandle session = make_session(model, options.get());
        Best best;
        EXPECT_GOOD(classify(session.get(), &best));
        EXPECT_EQ(expected, best);
        session.reset();
        for (size_t i = 0; i < 64 + offset; ++i) ASSERT_EQ(0xA5, memory[i]) << "before the arena";
        for (size_t i = 127 + offset + bytes; i < memory.size(); ++i)
            ASSERT_EQ(0xA5, memory[i]) << "behind the arena";
        std::fill(memory.begin(), memory.end(), static_cast<unsigned char>(0xA5));
    }
}

TEST(CApiMemory, ArenaOfExactlyTheSizeIsEnough) {
    ModelHandle model = open_model(picture_model());
    int64_t needed = 0;
    EXPECT_GOOD(linnet_session_arena_bytes(make_session(model).get(), &needed));
    size_t bytes = static_cast<size_t>(needed);
    void *memory = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_arena(options.get(), memory, bytes));
    Best best;
    EXPECT_GOOD(classify(make_session(model, options.get()).get(), &best));
    EXPECT_GOOD(linnet_options_set_arena(options.get(), memory, bytes - 1));
    linnet_session *none = nullptr;
    EXPECT_STATUS(LINNET_LIMIT, linnet_session_create(model.get(), options.get(), &none));
    EXPECT_EQ(none, nullptr);
    EXPECT_NE(std::string(linnet_last_error()).find(std::to_string(bytes)), std::string::npos)
        << linnet_last_error();
    EXPECT_GOOD(linnet_options_set_arena(options.get(), nullptr, 0));
    make_session(model, options.get());
    std::free(memory);
}

TEST(CApiMemory, ShapesThatTheArenaCannotHoldChangeNothing) {
    ModelHandle model = open_model(tensor_model(-1));
    alignas(64) unsigned char memory[256];
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_arena(options.get(), memory, sizeof memory));
    SessionHandle session = make_session(model, options.get());
    EXPECT_GOOD(set_floats(session.get(), {1, -2, 3}));
    EXPECT_GOOD(linnet_session_run(session.get()));
    int64_t many[] = {1000, 3};
    EXPECT_STATUS(LINNET_LIMIT, linnet_session_set_shape(session.get(), 0, many, 2));
    EXPECT_EQ((std::vector<float>{2, 1, 4}), floats_of(session.get(), 0, 3));
    EXPECT_GOOD(linnet_session_run(session.get()));
}

TEST(CApiMemory, WeightsMayStayInTheCallersMemory) {
    std::string file = picture_model();
    Best expected;
    EXPECT_GOOD(classify(make_session(open_model(file)).get(), &expected));
    for (size_t offset : {0, 1, 2, 3}) {
        std::string moved(offset, ' ');
        moved += file;
        linnet_model *opened = nullptr;
        EXPECT_GOOD(linnet_model_open_borrowed(moved.data() + offset, file.size(), nullptr,
                                               &opened));
        ModelHandle model(opened);
        Best best;
        EXPECT_GOOD(classify(make_session(model).get(), &best));
        EXPECT_EQ(expected, best);
    }
}

TEST(CApiMemory, MemoryIsFreeAfterOpening) {
    std::string file = picture_model();
    Best expected, best;
    EXPECT_GOOD(classify(make_session(open_model(file)).get(), &expected));
    ModelHandle model = open_model(file);
    std::fill(file.begin(), file.end(), '\xff');
    EXPECT_GOOD(classify(make_session(model).get(), &best));
    EXPECT_EQ(expected, best);
}

struct Message {
    int32_t level;
    std::string text;
};

TEST(CApiMemory, LogGoesWhereItIsTold) {
    std::vector<Message> messages;
    linnet_set_log(
        [](void *user, int32_t level, const char *message) {
            static_cast<std::vector<Message> *>(user)->push_back({level, message});
        },
        &messages);
    ModelHandle model = open_model(picture_model());
    linnet_set_log(nullptr, nullptr);
    for (const Message &message : messages) {
        EXPECT_TRUE(message.level == 0 || message.level == 1);
        EXPECT_FALSE(message.text.empty());
    }
    size_t told = messages.size();
    open_model(picture_model());
    EXPECT_EQ(told, messages.size());
}

} // namespace
} // namespace capi_testing

// A child after fork() has the memory of its parent's sessions, but not their threads.
// SPDX-License-Identifier: MIT
#ifndef _WIN32

#include <sys/wait.h>
#include <unistd.h>

#include "capi_testing.h"

namespace {

using namespace capi_testing;

// What `body` returned in a child, which is killed after a while.
template <class Body> bool in_child(Body body) {
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        _exit(body() ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(CApiFork, ChildrenUseTheSessionsOfTheirParent) {
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_threads(options.get(), 4));
    ModelHandle model = open_model(picture_model());
    SessionHandle session = make_session(model, options.get());
    Best wanted;
    EXPECT_GOOD(classify(session.get(), &wanted));
    EXPECT_TRUE(in_child([&] {
        Best best;
        bool same = classify(session.get(), &best) == LINNET_OK && best == wanted;
        session.reset();
        return same;
    }));
    Best again;
    EXPECT_GOOD(classify(session.get(), &again));
    EXPECT_TRUE(again == wanted);
}

TEST(CApiFork, ChildrenMakeThreadsOfTheirOwn) {
    OptionsHandle options = make_options();
    EXPECT_GOOD(linnet_options_set_threads(options.get(), 3));
    ModelHandle model = open_model(picture_model());
    SessionHandle before = make_session(model, options.get());
    Best wanted;
    EXPECT_GOOD(classify(before.get(), &wanted));
    EXPECT_TRUE(in_child([&] {
        SessionHandle session = make_session(model, options.get());
        Best best;
        return classify(session.get(), &best) == LINNET_OK && best == wanted;
    }));
}

} // namespace

#endif

// Mutual exclusion without exceptions: std::mutex throws, and so would bring the machinery for that
// into the library. Of the system instead.
// SPDX-License-Identifier: MIT
#pragma once

#ifndef _WIN32
#include <pthread.h>
#endif

namespace linnet {

// Needs no call before main(), so that it may be a global.
class Mutex {
public:
    Mutex() = default;
    Mutex(const Mutex &) = delete;
    Mutex &operator=(const Mutex &) = delete;

    void lock();
    void unlock();

private:
    friend class Condition;
#ifdef _WIN32
    void *mutex_ = nullptr; // an SRWLOCK
#else
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
#endif
};

class MutexLock {
public:
    explicit MutexLock(Mutex *mutex) : mutex_(mutex) { mutex_->lock(); }
    ~MutexLock() { mutex_->unlock(); }
    MutexLock(const MutexLock &) = delete;
    MutexLock &operator=(const MutexLock &) = delete;

private:
    Mutex *mutex_;
};

// What threads sleep on. They may wake without reason.
class Condition {
public:
    Condition() = default;
    ~Condition();
    Condition(const Condition &) = delete;
    Condition &operator=(const Condition &) = delete;

    void wait(Mutex *mutex); // which the caller has locked
    void wake_all();

private:
#ifdef _WIN32
    void *condition_ = nullptr; // a CONDITION_VARIABLE
#else
    pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
#endif
};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "base/mutex.h"

#include "base/windows_api.h"

namespace linnet {

#ifdef _WIN32

// Null pointers are what the system's initialisers make.
static_assert(sizeof(SRWLOCK) == sizeof(void *) && sizeof(CONDITION_VARIABLE) == sizeof(void *),
              "both are one pointer");

void Mutex::lock() { AcquireSRWLockExclusive(reinterpret_cast<SRWLOCK *>(&mutex_)); }
void Mutex::unlock() { ReleaseSRWLockExclusive(reinterpret_cast<SRWLOCK *>(&mutex_)); }
Condition::~Condition() = default;
void Condition::wait(Mutex *mutex) {
    SleepConditionVariableSRW(reinterpret_cast<CONDITION_VARIABLE *>(&condition_),
                              reinterpret_cast<SRWLOCK *>(&mutex->mutex_), INFINITE, 0);
}
void Condition::wake_all() {
    WakeAllConditionVariable(reinterpret_cast<CONDITION_VARIABLE *>(&condition_));
}

#else

void Mutex::lock() { pthread_mutex_lock(&mutex_); }
void Mutex::unlock() { pthread_mutex_unlock(&mutex_); }
Condition::~Condition() { pthread_cond_destroy(&condition_); }
void Condition::wait(Mutex *mutex) { pthread_cond_wait(&condition_, &mutex->mutex_); }
void Condition::wake_all() { pthread_cond_broadcast(&condition_); }

#endif

} // namespace linnet

// Shared ownership by a count inside the object. Safe between threads.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include "base/memory.h"

namespace linnet {

template <class T> class Ref;

// Base of objects that are shared.
class RefCounted {
protected:
    RefCounted() = default;

private:
    template <class T> friend class Ref;
    mutable std::atomic<int32_t> references_{1};
};

// Ends an object that nobody shares any more. Bases of classes from make_ref() have an overload of
// their own, which knows the class.
template <class T> void drop_shared(T *object) { Owned<T>(object).reset(); }

template <class T> class Ref {
public:
    Ref() = default;
    // Takes over the first reference of an object from make_ref() or of release_ownership().
    static Ref adopt(T *object) {
        Ref ref;
        ref.object_ = object;
        return ref;
    }
    // One more reference to an object that is already shared.
    static Ref share(T *object) {
        if (object) object->references_.fetch_add(1, std::memory_order_relaxed);
        return adopt(object);
    }
    Ref(const Ref &other) : Ref(share(other.object_)) {}
    Ref(Ref &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Ref &operator=(Ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref() {
        if (object_ && object_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            drop_shared(object_);
    }

    T *get() const { return object_; }
    T *operator->() const { return object_; }
    T &operator*() const { return *object_; }
    explicit operator bool() const { return object_ != nullptr; }
    T *release_ownership() { return std::exchange(object_, nullptr); }
    // Whether nobody else shares the object. That cannot change while nobody else can reach it.
    bool is_sole() const {
        return object_ && object_->references_.load(std::memory_order_acquire) == 1;
    }

private:
    T *object_ = nullptr;
};

template <class T, class... Arguments> Ref<T> make_ref(Arguments &&...arguments) {
    return Ref<T>::adopt(make_owned<T>(std::forward<Arguments>(arguments)...).release_ownership());
}

} // namespace linnet

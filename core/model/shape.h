// Shapes, with unknown axes and unknown rank.
// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstdint>
#include <initializer_list>

#include "base/dtype.h"
#include "base/span.h"

namespace linnet {

constexpr int64_t kUnknown = -1; // an axis whose length is not known yet

// The lengths of the axes of a tensor. Holds at most kMaxRank axes and never allocates.
class Shape {
public:
    Shape() = default; // rank 0: a scalar
    Shape(std::initializer_list<int64_t> dims) {
        for (int64_t dim : dims) append(dim);
    }
    static Shape of_rank(int rank, int64_t dim = kUnknown) {
        Shape shape;
        for (int i = 0; i < rank; ++i) shape.append(dim);
        return shape;
    }
    static Shape unknown() {
        Shape shape;
        shape.rank_ = -1;
        return shape;
    }

    bool has_rank() const { return rank_ >= 0; }
    int rank() const { return rank_; }
    // Whether rank and every axis are known.
    bool is_known() const;
    int64_t operator[](int axis) const {
        assert(axis >= 0 && axis < rank_);
        return dims_[axis];
    }
    int64_t &operator[](int axis) {
        assert(axis >= 0 && axis < rank_);
        return dims_[axis];
    }
    void append(int64_t dim) {
        assert(rank_ >= 0 && rank_ < kMaxRank);
        dims_[rank_++] = dim;
    }
    void insert(int at, int64_t dim);
    void remove(int at);
    Span<const int64_t> dims() const {
        return Span<const int64_t>(dims_, rank_ < 0 ? 0 : static_cast<size_t>(rank_));
    }

    // The number of elements; -1 if not known. The loaders see to it that it does not overflow.
    int64_t elements() const;
    // The product of the axes [from, to).
    int64_t elements(int from, int to) const;

    bool operator==(const Shape &other) const;
    bool operator!=(const Shape &other) const { return !(*this == other); }

private:
    int rank_ = 0;
    int64_t dims_[kMaxRank] = {};
};

// Whether the number of elements of a known shape is at most `limit`, without overflow.
bool fits(const Shape &shape, int64_t limit);

// "[1, 3, ?, 224]", in a buffer that belongs to the object: for error messages.
class ShapeText {
public:
    explicit ShapeText(const Shape &shape);
    const char *c_str() const { return text_; }

private:
    char text_[kMaxRank * 23 + 8];
};

} // namespace linnet

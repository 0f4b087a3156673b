// SPDX-License-Identifier: MIT
#include "model/shape.h"

#include <cstdio>

namespace linnet {

bool Shape::is_known() const {
    if (rank_ < 0) return false;
    for (int64_t dim : dims())
        if (dim < 0) return false;
    return true;
}

void Shape::insert(int at, int64_t dim) {
    assert(at >= 0 && at <= rank_);
    append(dim);
    for (int i = rank_ - 1; i > at; --i) dims_[i] = dims_[i - 1];
    dims_[at] = dim;
}

void Shape::remove(int at) {
    assert(at >= 0 && at < rank_);
    for (int i = at + 1; i < rank_; ++i) dims_[i - 1] = dims_[i];
    --rank_;
}

int64_t Shape::elements() const { return rank_ < 0 ? kUnknown : elements(0, rank_); }

int64_t Shape::elements(int from, int to) const {
    assert(from >= 0 && to <= rank_);
    int64_t product = 1;
    for (int i = from; i < to; ++i) {
        if (dims_[i] < 0) return kUnknown;
        product *= dims_[i];
    }
    return product;
}

bool Shape::operator==(const Shape &other) const {
    if (rank_ != other.rank_) return false;
    for (int i = 0; i < rank_; ++i)
        if (dims_[i] != other.dims_[i]) return false;
    return true;
}

bool fits(const Shape &shape, int64_t limit) {
    int64_t product = 1;
    for (int64_t dim : shape.dims()) {
        if (dim == 0) return true;
        if (product > limit / dim) return false;
        product *= dim;
    }
    return product <= limit;
}

ShapeText::ShapeText(const Shape &shape) {
    if (!shape.has_rank()) {
        std::snprintf(text_, sizeof text_, "[unknown rank]");
        return;
    }
    size_t used = 0;
    text_[used++] = '[';
    for (int i = 0; i < shape.rank(); ++i) {
        const char *comma = i ? ", " : "";
        int written = shape[i] < 0 ? std::snprintf(text_ + used, sizeof text_ - used, "%s?", comma)
                                   : std::snprintf(text_ + used, sizeof text_ - used, "%s%lld",
                                                   comma, static_cast<long long>(shape[i]));
        used += static_cast<size_t>(written);
    }
    text_[used++] = ']';
    text_[used] = '\0';
}

} // namespace linnet

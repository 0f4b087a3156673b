// SPDX-License-Identifier: MIT
#include "kernels/lrn2d.h"

#include <algorithm>
#include <cmath>

#include "kernels/kernel.h"

namespace linnet {
namespace {

int64_t lrn2d_tasks(const void *params) {
    const Lrn2dParams &lrn = *static_cast<const Lrn2dParams *>(params);
    return int64_t{lrn.batch} * lrn.height;
}

// y = x / base^beta; the usual exponents without a general power.
void divide_by_power(const float *x, const float *base, float beta, float *y, int64_t count) {
    if (beta == 0.75f) {
        for (int64_t i = 0; i < count; ++i) {
            float root = std::sqrt(base[i]);
            y[i] = x[i] / (root * std::sqrt(root));
        }
    } else if (beta == 0.5f) {
        for (int64_t i = 0; i < count; ++i) y[i] = x[i] / std::sqrt(base[i]);
    } else {
        for (int64_t i = 0; i < count; ++i) y[i] = x[i] * std::pow(base[i], -beta);
    }
}

// One neighbour at a time for all channels, so that the sums run side by side.
void lrn_bases(const Lrn2dParams &lrn, const float *squares, float *base) {
    int64_t channels = lrn.channels;
    for (int64_t c = 0; c < channels; ++c) base[c] = 0;
    int64_t most = channels - 1; // a larger window reaches nothing more
    int64_t before = std::min((lrn.size - 1) / 2, most), after = std::min(lrn.size / 2, most);
    for (int64_t shift = -before; shift <= after; ++shift) {
        int64_t from = shift < 0 ? -shift : 0;
        int64_t to = shift > 0 ? channels - shift : channels;
        for (int64_t c = from; c < to; ++c) base[c] += squares[c + shift];
    }
    float factor = lrn.alpha / static_cast<float>(lrn.size);
    for (int64_t c = 0; c < channels; ++c) base[c] = lrn.bias + factor * base[c];
}

void lrn_row(const Lrn2dParams &lrn, const float *x, float *y, float *scratch) {
    float *squares = scratch, *base = scratch + lrn.channels;
    for (int32_t w = 0; w < lrn.width; ++w, x += lrn.in.pixel, y += lrn.out.pixel) {
        for (int32_t c = 0; c < lrn.channels; ++c) squares[c] = x[c] * x[c];
        lrn_bases(lrn, squares, base);
        divide_by_power(x, base, lrn.beta, y, lrn.channels);
    }
}

void lrn2d_run(const void *params, void *const *operands, void *scratch, int64_t begin,
               int64_t end) {
    const Lrn2dParams &lrn = *static_cast<const Lrn2dParams *>(params);
    for (int64_t task = begin; task < end; ++task) {
        int64_t image = task / lrn.height, row = task % lrn.height;
        lrn_row(lrn,
                static_cast<const float *>(operands[1]) + image * lrn.in.image + row * lrn.in.row,
                static_cast<float *>(operands[0]) + image * lrn.out.image + row * lrn.out.row,
                static_cast<float *>(scratch));
    }
}

} // namespace

extern const Kernel lrn2d_kernel;
const Kernel lrn2d_kernel = {"lrn2d", lrn2d_tasks, lrn2d_run};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/normalize_channels.h"

#include <cmath>

#include "kernels/kernel.h"

namespace linnet {
namespace {

// A task is some groups of one picture that have about this many channels together.
constexpr int32_t kBlockChannels = 32;

int32_t groups_per_block(const NormalizeChannelsParams &p) {
    int32_t depth = p.channels / p.groups;
    return depth >= kBlockChannels || depth == 0 ? 1 : kBlockChannels / depth;
}

int32_t blocks_of(const NormalizeChannelsParams &p) {
    int32_t per_block = groups_per_block(p);
    return (p.groups + per_block - 1) / per_block;
}

int64_t normalize_channels_tasks(const void *params) {
    const NormalizeChannelsParams &p = *static_cast<const NormalizeChannelsParams *>(params);
    return int64_t{p.batch} * blocks_of(p);
}

// The channels [first, first + count) of one picture, and room for numbers of each of them.
struct ChannelBlock {
    int64_t first, count, depth;
    const float *x;
    float *y;
    double *sum;
    float *shift, *factor;
};

// sum[c] = sum over the pixels of (x - shift[c])^power.
template <bool squared> void sum_pixels(const NormalizeChannelsParams &p, const ChannelBlock &b) {
    for (int64_t c = 0; c < b.count; ++c) b.sum[c] = 0;
    for (int64_t row = 0; row < p.height; ++row) {
        const float *x = b.x + row * p.in.row;
        for (int64_t column = 0; column < p.width; ++column, x += p.in.pixel) {
            for (int64_t c = 0; c < b.count; ++c) {
                double value = double{x[c]} - double{b.shift[c]};
                b.sum[c] += squared ? value * value : value;
            }
        }
    }
}

// Each channel's sum becomes the mean over its group.
void average_groups(const NormalizeChannelsParams &p, const ChannelBlock &b) {
    double elements = static_cast<double>(b.depth) * p.height * p.width;
    for (int64_t from = 0; from < b.count; from += b.depth) {
        double sum = 0;
        for (int64_t c = from; c < from + b.depth; ++c) sum += b.sum[c];
        for (int64_t c = from; c < from + b.depth; ++c) b.sum[c] = sum / elements;
    }
}

void write_pixels(const NormalizeChannelsParams &p, const ChannelBlock &b, const float *bias) {
    for (int64_t row = 0; row < p.height; ++row) {
        const float *x = b.x + row * p.in.row;
        float *y = b.y + row * p.out.row;
        for (int64_t column = 0; column < p.width; ++column, x += p.in.pixel, y += p.out.pixel)
            for (int64_t c = 0; c < b.count; ++c)
                y[c] = (x[c] - b.shift[c]) * b.factor[c] + bias[c];
    }
}

void normalize_block(const NormalizeChannelsParams &p, const ChannelBlock &b, const float *scale,
                     const float *bias) {
    for (int64_t c = 0; c < b.count; ++c) b.shift[c] = 0;
    sum_pixels<false>(p, b);
    average_groups(p, b);
    for (int64_t c = 0; c < b.count; ++c) b.shift[c] = static_cast<float>(b.sum[c]);
    sum_pixels<true>(p, b);
    average_groups(p, b);
    for (int64_t c = 0; c < b.count; ++c)
        b.factor[c] = scale[c] / std::sqrt(static_cast<float>(b.sum[c]) + p.epsilon);
    write_pixels(p, b, bias);
}

void normalize_channels_run(const void *params, void *const *operands, void *scratch, int64_t begin,
                            int64_t end) {
    const NormalizeChannelsParams &p = *static_cast<const NormalizeChannelsParams *>(params);
    int64_t blocks = blocks_of(p), most = int64_t{groups_per_block(p)} * (p.channels / p.groups);
    for (int64_t task = begin; task < end; ++task) {
        int64_t image = task / blocks;
        ChannelBlock b;
        b.depth = p.channels / p.groups;
        b.first = task % blocks * most;
        b.count = p.channels - b.first < most ? p.channels - b.first : most;
        b.x = static_cast<const float *>(operands[1]) + image * p.in.image + b.first;
        b.y = static_cast<float *>(operands[0]) + image * p.out.image + b.first;
        b.sum = static_cast<double *>(scratch);
        b.shift = reinterpret_cast<float *>(b.sum + most);
        b.factor = b.shift + most;
        normalize_block(p, b, static_cast<const float *>(operands[2]) + b.first,
                        static_cast<const float *>(operands[3]) + b.first);
    }
}

} // namespace

int64_t normalize_channels_scratch_bytes(const NormalizeChannelsParams &p) {
    int64_t most = int64_t{groups_per_block(p)} * (p.channels / p.groups);
    return most * static_cast<int64_t>(sizeof(double) + 2 * sizeof(float));
}

extern const Kernel normalize_channels_kernel;
const Kernel normalize_channels_kernel = {"normalize_channels", normalize_channels_tasks,
                                          normalize_channels_run};

} // namespace linnet

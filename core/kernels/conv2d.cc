// SPDX-License-Identifier: MIT
#include "kernels/conv2d.h"

#include "kernels/conv2d_plan.h"
#include "kernels/even_parts.h"
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace linnet {

static int64_t conv_least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t conv_most(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t conv_quotient_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Whether the pixels of a picture lie evenly across its rows, and those of a batch across pictures.
static bool rows_are_even(const PictureStrides &strides, int64_t height, int64_t width) {
    return height == 1 || strides.row == width * strides.pixel;
}
static bool pictures_are_even(const PictureStrides &strides, int64_t batch, int64_t height,
                              int64_t width) {
    return batch == 1 || strides.image == height * width * strides.pixel;
}

static bool outputs_are_even(const Conv2dParams &p) {
    return rows_are_even(p.out, p.out_h, p.out_w) && rows_are_even(p.residual, p.out_h, p.out_w);
}
static bool output_pictures_are_even(const Conv2dParams &p) {
    return outputs_are_even(p) && pictures_are_even(p.out, p.batch, p.out_h, p.out_w) &&
           pictures_are_even(p.residual, p.batch, p.out_h, p.out_w);
}

static bool is_pointwise(const Conv2dParams &p) {
    return p.kernel_h == 1 && p.kernel_w == 1 && p.stride_h == 1 && p.stride_w == 1 &&
           p.pad_top == 0 && p.pad_left == 0 && p.in_h == p.out_h && p.in_w == p.out_w;
}

// Gathering costs a copy per tap and input channel and gives long runs of rows. It pays off for
// small maps, where the direct way has short runs, if there are enough outputs per copy.
static ConvWay way_of(const Conv2dParams &p) {
    if (is_pointwise(p) && rows_are_even(p.in, p.in_h, p.in_w) && outputs_are_even(p))
        return ConvWay::kFlat;
    int32_t small = p.kernel_h * p.kernel_w == 1 ? 11 : 4;
    bool small_map = p.out_w <= small && p.out_h <= small && p.out_w * p.out_h > 1;
    bool many_outputs = p.out_c / p.groups >= 96;
    return small_map && many_outputs ? ConvWay::kGather : ConvWay::kDirect;
}

Conv2dPlan plan_conv2d(const Conv2dParams &p) {
    constexpr int64_t kBlockFloats = 128 << 10;    // of input: half a megabyte of second cache
    constexpr int64_t kTaskProducts = 1 << 20;     // a task is not worth less,
    constexpr int64_t kTwoTasks = 512 << 10;       // but two for two threads are
    constexpr int64_t kTasks = 32;
    constexpr int64_t kRowUnit = 28, kManyRows = 98; // two and seven tiles of the widest body
    constexpr int64_t kFewWeights = 64 << 10;        // of which a block reads all

    Conv2dPlan plan;
    plan.way = way_of(p);
    plan.group_in = p.in_c / p.groups;
    plan.group_out = p.out_c / p.groups;
    plan.taps = int64_t(p.kernel_h) * p.kernel_w;
    plan.group_panels = static_cast<int32_t>(conv_quotient_up(plan.group_out, kPanel));
    plan.group_floats =
        plan.taps * plan.group_in * ((int64_t(plan.group_out) + 15) / 16 * 16);
    plan.panels = plan.group_panels * p.groups;

    plan.pictures = p.batch;
    plan.length = int64_t(p.out_h) * p.out_w;
    bool whole_batch =
        plan.way == ConvWay::kFlat
            ? output_pictures_are_even(p) && pictures_are_even(p.in, p.batch, p.in_h, p.in_w)
            : plan.way == ConvWay::kGather && output_pictures_are_even(p);
    if (whole_batch) {
        plan.length *= plan.pictures;
        plan.pictures = plan.pictures > 0 ? 1 : 0;
    }

    int64_t item_floats = plan.taps * p.in_c, item_pixels = 1;
    plan.unit = kRowUnit / 2;
    if (plan.way == ConvWay::kDirect) {
        plan.length = p.out_h;
        item_pixels = p.out_w;
        item_floats = int64_t(p.in_c) * p.in_w * p.stride_h;
        plan.unit = 1;
    }

    // Reading a weight from memory takes as long as some products.
    int64_t weights = plan.group_floats * p.groups;
    int64_t products = weights * conv_most(plan.pictures * plan.length * item_pixels, 16);
    int64_t wanted = conv_most(1, conv_least(kTasks, products / kTaskProducts));
    if (wanted == 1 && products >= kTwoTasks) wanted = 2;
    int64_t in_cache = conv_most(kBlockFloats / conv_most(item_floats, 1), plan.unit);
    plan.blocks = conv_quotient_up(plan.length, in_cache);

    // More tasks: from panels where the weights are the larger part, so that each thread reads a
    // part of them; else from blocks; and then the other way. Every block reads all weights of its
    // panels, which takes the more rows to be worth it the further away they lie.
    int64_t pixels = weights < kFewWeights ? kRowUnit : kManyRows;
    int64_t smallest = conv_quotient_up(pixels, conv_most(item_pixels, 1));
    int64_t from_panels = 1;
    if (weights > plan.length * plan.pictures * item_floats)
        from_panels = conv_most(1, conv_least(wanted, plan.panels));
    int64_t more = conv_quotient_up(wanted, from_panels * conv_most(plan.pictures, 1));
    plan.blocks = conv_most(plan.blocks, conv_least(more, plan.length / smallest));
    if (plan.pictures % 2 != 0)
        plan.blocks = even_parts(plan.blocks, conv_quotient_up(plan.length, plan.unit));
    int64_t have = conv_most(plan.pictures * plan.blocks, 1);
    bool even = have % 2 == 0;
    plan.halves = even || p.groups > 1 ? 2 * plan.panels : conv_quotient_up(p.out_c, kPanel / 2);
    plan.steps = 1;
    if (have < wanted)
        plan.steps = conv_least(conv_quotient_up(wanted, have),
                                plan.panels > 1 ? plan.panels : plan.halves);
    if (!even) plan.steps = even_parts(plan.steps, 0);
    return plan;
}

int64_t conv2d_tasks(const void *params) {
    Conv2dPlan plan = plan_conv2d(*static_cast<const Conv2dParams *>(params));
    return plan.pictures * plan.blocks * plan.steps;
}

int64_t conv2d_scratch_bytes(const Conv2dParams &params) {
    Conv2dPlan plan = plan_conv2d(params);
    int64_t runs = conv_quotient_up(plan.taps * int64_t(sizeof(TileRun)), 64) * 64;
    if (plan.way != ConvWay::kGather) return runs;
    int64_t pixels = largest_part(plan.length, plan.unit, conv_most(plan.blocks, 1));
    return runs + pixels * plan.taps * params.in_c * int64_t(sizeof(float));
}

int64_t conv2d_packed_floats(const Conv2dParams &params) {
    return plan_conv2d(params).group_floats * params.groups;
}

// Four numbers of each of four rows become four numbers of each of the four columns.
static void turn_square(const float *from, int64_t row, float *to, int64_t to_row) {
#if defined(__SSE__)
    __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + row);
    __m128 c = _mm_loadu_ps(from + 2 * row), d = _mm_loadu_ps(from + 3 * row);
    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(to, a);
    _mm_storeu_ps(to + to_row, b);
    _mm_storeu_ps(to + 2 * to_row, c);
    _mm_storeu_ps(to + 3 * to_row, d);
#else
    for (int64_t i = 0; i < 4; ++i)
        for (int64_t j = 0; j < 4; ++j) to[j * to_row + i] = from[i * row + j];
#endif
}

// One tap of a panel of `lanes` output channels, the last of which may be absent. A few inputs at a
// time, so that each cache line is read once and what is written stays in the first cache.
static void pack_tap(const float *weights, const WeightStrides &strides, int64_t inputs,
                     int64_t lanes, int64_t present, float *packed) {
    constexpr int64_t kInputs = 16;
    int64_t in_squares = strides.in == 1 ? conv_least(lanes, present) / 4 * 4 : 0; // lanes
    for (int64_t first = 0; first < inputs; first += kInputs) {
        int64_t count = conv_least(kInputs, inputs - first), squares = count / 4 * 4;
        for (int64_t lane = 0; lane < in_squares; lane += 4)
            for (int64_t in = first; in < first + squares; in += 4)
                turn_square(weights + lane * strides.out + in, strides.out,
                            packed + in * lanes + lane, lanes);
        for (int64_t lane = 0; lane < lanes; ++lane) {
            const float *from = weights + lane * strides.out + first * strides.in;
            float *to = packed + first * lanes + lane;
            for (int64_t in = lane < in_squares ? squares : 0; in < count; ++in)
                to[in * lanes] = lane < present ? from[in * strides.in] : 0.0f;
        }
    }
}

void pack_conv2d(const Conv2dParams &params, const float *weights, const WeightStrides &strides,
                 float *packed) {
    Conv2dPlan plan = plan_conv2d(params);
    for (int32_t group = 0; group < params.groups; ++group) {
        for (int32_t panel = 0; panel < plan.group_panels; ++panel) {
            int64_t out = int64_t(panel) * kPanel, lanes = panel_lanes(plan, panel);
            const float *at = weights + (int64_t(group) * plan.group_out + out) * strides.out;
            for (int32_t h = 0; h < params.kernel_h; ++h) {
                for (int32_t w = 0; w < params.kernel_w; ++w) {
                    pack_tap(at + h * strides.h + w * strides.w, strides, plan.group_in, lanes,
                             plan.group_out - out, packed);
                    packed += plan.group_in * lanes;
                }
            }
        }
    }
}

int64_t depthwise2d_packed_floats(const Conv2dParams &params) {
    return int64_t(params.kernel_h) * params.kernel_w * ((int64_t(params.out_c) + 15) / 16 * 16);
}

void pack_depthwise2d(const Conv2dParams &params, const float *weights,
                      const WeightStrides &strides, float *packed) {
    int64_t channels = (int64_t(params.out_c) + 15) / 16 * 16;
    for (int64_t kh = 0; kh < params.kernel_h; ++kh)
        for (int64_t kw = 0; kw < params.kernel_w; ++kw)
            for (int64_t c = 0; c < channels; ++c)
                *packed++ = c < params.out_c
                                ? weights[c * strides.out + kh * strides.h + kw * strides.w]
                                : 0.0f;
}

DepthwisePlan plan_depthwise2d(const Conv2dParams &p) {
    constexpr int64_t kTaskProducts = 48 << 10, kFewRows = 12;
    DepthwisePlan plan;
    int64_t row = int64_t(p.out_w) * p.out_c * p.kernel_h * p.kernel_w;
    int64_t units = conv_quotient_up(p.out_c, kDepthwiseUnit);
    int64_t wanted = conv_most(1, conv_least(row * p.out_h / kTaskProducts, p.out_h * units));
    plan.row_blocks = even_parts(conv_least(wanted, p.out_h), p.out_h);
    plan.channel_blocks = 1;
    // Few rows do not fall into two like parts, but their channels do.
    if (wanted > 1 && p.out_h < kFewRows) {
        plan.channel_blocks = even_parts(conv_least(wanted, units), units);
        plan.row_blocks = conv_quotient_up(wanted, plan.channel_blocks);
    }
    return plan;
}

int64_t depthwise2d_tasks(const void *params) {
    const Conv2dParams &p = *static_cast<const Conv2dParams *>(params);
    DepthwisePlan plan = plan_depthwise2d(p);
    return p.out_w > 0 ? p.batch * plan.row_blocks * plan.channel_blocks : 0;
}

TapRange WindowAxis::taps_inside(int32_t out) const {
    int64_t first = input(out, 0);
    int64_t begin = first < 0 ? -first : 0, end = first < in ? in - first : 0;
    if (dilation > 1) {
        begin = conv_quotient_up(begin, dilation);
        end = conv_quotient_up(end, dilation);
    }
    TapRange range;
    range.end = static_cast<int32_t>(conv_most(0, conv_least(end, kernel)));
    range.begin = static_cast<int32_t>(conv_least(begin, range.end));
    return range;
}

int32_t WindowAxis::taps_end(TapRange taps, int32_t out, int32_t end) const {
    // Taps come in at the beginning and leave at the end.
    int64_t before = input(out, taps.begin - 1), last = input(out, taps.end - 1);
    int64_t steps = end - out;
    if (taps.begin > 0) steps = conv_least(steps, conv_quotient_up(-before, stride));
    if (taps.begin < taps.end) steps = conv_least(steps, conv_quotient_up(in - last, stride));
    return static_cast<int32_t>(out + steps);
}

} // namespace linnet

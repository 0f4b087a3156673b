// Chains in bands against the same kernels one after the other: the same bits.
// SPDX-License-Identifier: MIT
#include "kernels/bands2d.h"

#include "kernel_testing.h"
#include "kernels/bands2d_plan.h"
#include "kernels/pack2d.h"

namespace linnet_test {
namespace {

using linnet::BandKind;
using linnet::Bands2dParams;
using linnet::BandStage;
using linnet::Conv2dParams;
using linnet::Isa;
using linnet::KernelId;

struct Weights {
    std::vector<float> packed, bias;
};

struct ChainCase {
    Bands2dParams params;
    std::vector<Picture> pictures; // the input, then what each stage makes
    std::vector<Weights> weights;
    bool with_residual = false;
    Picture residual;
};

int chain_length(int in, int kernel, int stride, int dilation, int pad) {
    int span = in + 2 * pad - (kernel - 1) * dilation - 1;
    return span < 0 ? 1 : span / stride + 1;
}

// What the stage makes of the last picture; intermediate pictures are dense.
void add_stage(Random &random, ChainCase &test, BandKind kind, bool last) {
    Picture &x = test.pictures.back();
    int kernel = random.whole(1, 3), stride = random.whole(1, 3), pad = random.whole(0, 2);
    int dilation = random.chance(0.8) ? 1 : 2;
    bool huge = random.chance(0.05);
    if (huge) pad = random.whole(3, 20);
    if (kind == BandKind::kConv && random.chance(0.6)) kernel = stride = dilation = 1, pad = 0;
    int channels = kind == BandKind::kConv ? random.whole(1, 40) : static_cast<int>(x.channels);
    int height = static_cast<int>(x.height), width = static_cast<int>(x.width);
    BandStage &stage = test.params.stage[test.params.stages++];
    stage.kind = kind;
    int out_h = chain_length(height, kernel, stride, dilation, pad);
    int out_w = chain_length(width, kernel, stride, dilation, pad);
    Picture y = random_picture(random, x.batch, out_h, out_w, channels,
                               !last || random.chance(0.5));
    Weights weights;
    if (kind == BandKind::kMaxPool) {
        linnet::Pool2dParams &p = stage.pool;
        p.batch = static_cast<int>(x.batch);
        p.in_h = height, p.in_w = width, p.channels = channels, p.out_h = out_h, p.out_w = out_w;
        p.kernel_h = p.kernel_w = kernel, p.stride_h = p.stride_w = stride;
        p.dilation_h = p.dilation_w = dilation, p.pad_top = p.pad_left = pad;
        p.pad_bottom = p.pad_right = pad;
        p.in = x.strides, p.out = y.strides;
    } else {
        Conv2dParams &p = stage.conv;
        p.batch = static_cast<int>(x.batch);
        p.in_h = height, p.in_w = width, p.in_c = static_cast<int>(x.channels);
        p.out_h = out_h, p.out_w = out_w, p.out_c = channels;
        p.kernel_h = p.kernel_w = kernel, p.stride_h = p.stride_w = stride;
        p.dilation_h = p.dilation_w = dilation, p.pad_top = p.pad_left = pad;
        p.groups = kind == BandKind::kDepthwise ? channels : 1;
        p.in = x.strides, p.out = y.strides;
        p.cut_anywhere = true; // as it is within bands
        if (random.chance(0.5)) p.activation.function = linnet::Function::kHardSwish;
        if (last && random.chance(0.4)) {
            test.with_residual = true;
            test.residual = random_picture(random, x.batch, out_h, out_w, channels, false);
            p.residual = test.residual.strides;
        }
        linnet::Pack2dParams pack;
        pack.conv = p;
        int depth = p.in_c / p.groups, taps = kernel * kernel;
        pack.strides = {depth * taps, taps, kernel, 1};
        pack.group_stride = pack.strides.out * (p.out_c / p.groups);
        if (kind == BandKind::kDepthwise) pack.method = linnet::ConvMethod::kDepthwise;
        std::vector<float> raw = random.reals(static_cast<size_t>(channels * depth * taps));
        weights.packed.resize(static_cast<size_t>(pack2d_floats(pack)));
        pack2d(pack, raw.data(), weights.packed.data());
        if (random.chance(0.7)) weights.bias = random.reals(static_cast<size_t>(channels));
    }
    test.weights.push_back(weights);
    test.pictures.push_back(y);
}

ChainCase random_chain(Random &random) {
    ChainCase test;
    // Maps wider than those for which a convolution alone would gather its taps.
    test.pictures.push_back(random_picture(random, random.whole(1, 2), random.whole(12, 30),
                                           random.whole(40, 60), random.whole(1, 20), false));
    int stages = random.whole(2, 3);
    for (int i = 0; i < stages; ++i)
        add_stage(random, test, BandKind(random.whole(0, 2)), i + 1 == stages);
    int out_h = static_cast<int>(test.pictures.back().height);
    test.params.band_rows = random.whole(1, random.chance(0.3) ? out_h : 4);
    return test;
}

float *maybe(std::vector<float> &values) { return values.empty() ? nullptr : values.data(); }

void run_one_by_one(ChainCase &test, Isa isa) {
    for (int i = 0; i < test.params.stages; ++i) {
        BandStage &stage = test.params.stage[i];
        bool last = i + 1 == test.params.stages;
        Weights &w = test.weights[static_cast<size_t>(i)];
        void *x = test.pictures[static_cast<size_t>(i)].data();
        void *y = test.pictures[static_cast<size_t>(i) + 1].data();
        float *residual = last && test.with_residual ? test.residual.data() : nullptr;
        std::vector<void *> operands = {x, maybe(w.packed), maybe(w.bias), residual, y};
        KernelId id = KernelId::conv2d;
        const void *params = &stage.conv;
        int64_t scratch = 1;
        if (stage.kind == BandKind::kConv) scratch = linnet::conv2d_scratch_bytes(stage.conv);
        if (stage.kind == BandKind::kDepthwise) id = KernelId::depthwise2d;
        if (stage.kind == BandKind::kMaxPool) {
            id = KernelId::pool2d;
            params = &stage.pool;
            operands = {x, y};
        }
        const linnet::Kernel &kernel = linnet::kernel(id, isa);
        Scratch memory(scratch);
        kernel.run(params, operands.data(), memory.get(), 0, kernel.tasks(params));
    }
}

TEST(KernelBands2d, SameBitsAsOneByOne) {
    Random random(1);
    for (int i = 0; i < 400; ++i) {
        ChainCase test = random_chain(random);
        for (Isa isa : available_isas()) {
            SCOPED_TRACE("case " + std::to_string(i) + " " + linnet::name_of(isa));
            Picture y = test.pictures.back();
            std::vector<void *> operands = {test.pictures[0].data(), y.data(),
                                            test.with_residual ? test.residual.data() : nullptr};
            for (Weights &w : test.weights) {
                operands.push_back(maybe(w.packed));
                operands.push_back(maybe(w.bias));
            }
            run_both_ways(KernelId::bands2d, isa, &test.params, operands,
                          bands2d_scratch_bytes(test.params), y.memory);
            if (HasFatalFailure()) return;
            run_one_by_one(test, isa);
            ASSERT_EQ(0, std::memcmp(y.memory.data(), test.pictures.back().memory.data(),
                                     y.memory.size() * sizeof(float)));
        }
    }
}

} // namespace
} // namespace linnet_test

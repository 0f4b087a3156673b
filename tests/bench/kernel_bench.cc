// Speed of the kernels, one thread, for layers of well-known networks.
// Usage: kernel_bench [part of a layer's name] [isa ...] [cold]. Best of many runs; GFLOP/s, and
// the gigabytes per second of inputs and outputs.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstring>
#include <vector>

#include "bench.h"
#include "kernels/conv2d.h"
#include "kernels/conv_method.h"
#include "kernels/kernel.h"
#include "kernels/matmul.h"
#include "kernels/pack2d.h"
#include "kernels/pool2d.h"
#include "kernels/rows.h"
#include "kernels/winograd2d.h"

namespace {

using linnet::Isa;
using linnet::KernelId;
using linnet_bench::best_time;
using linnet_bench::Block;

bool g_cold = false; // weights come from memory, as they do in a whole network

struct Layer {
    const char *name;
    int in_h, in_w, in_c, out_c, kernel, stride, pad, groups;
};

const Layer kLayers[] = {
    {"squeezenet stem 7x7s2", 224, 224, 3, 96, 7, 2, 0, 1},
    {"squeezenet1.1 stem 3x3s2", 224, 224, 3, 64, 3, 2, 0, 1},
    {"squeezenet squeeze 1x1", 54, 54, 96, 16, 1, 1, 0, 1},
    {"squeezenet expand 1x1", 54, 54, 16, 64, 1, 1, 0, 1},
    {"squeezenet expand 3x3", 54, 54, 16, 64, 3, 1, 1, 1},
    {"squeezenet expand 3x3", 27, 27, 32, 128, 3, 1, 1, 1},
    {"squeezenet squeeze 1x1", 27, 27, 256, 48, 1, 1, 0, 1},
    {"squeezenet expand 3x3", 13, 13, 64, 256, 3, 1, 1, 1},
    {"squeezenet conv10 1x1", 13, 13, 512, 1000, 1, 1, 0, 1},
    {"resnet stem 7x7s2", 224, 224, 3, 64, 7, 2, 3, 1},
    {"resnet 1x1", 56, 56, 64, 64, 1, 1, 0, 1},
    {"resnet 3x3", 56, 56, 64, 64, 3, 1, 1, 1},
    {"resnet 1x1", 56, 56, 64, 256, 1, 1, 0, 1},
    {"resnet 1x1", 56, 56, 256, 64, 1, 1, 0, 1},
    {"resnet 1x1s2", 56, 56, 256, 512, 1, 2, 0, 1},
    {"resnet 3x3s2", 56, 56, 128, 128, 3, 2, 1, 1},
    {"resnet 1x1", 28, 28, 128, 512, 1, 1, 0, 1},
    {"resnet 1x1", 28, 28, 512, 128, 1, 1, 0, 1},
    {"resnet 3x3", 28, 28, 128, 128, 3, 1, 1, 1},
    {"resnet 1x1", 14, 14, 256, 1024, 1, 1, 0, 1},
    {"resnet 1x1", 14, 14, 1024, 256, 1, 1, 0, 1},
    {"resnet 3x3", 14, 14, 256, 256, 3, 1, 1, 1},
    {"resnet 1x1s2", 14, 14, 1024, 2048, 1, 2, 0, 1},
    {"resnet 3x3s2", 14, 14, 512, 512, 3, 2, 1, 1},
    {"resnet 1x1", 7, 7, 512, 2048, 1, 1, 0, 1},
    {"resnet 1x1", 7, 7, 2048, 512, 1, 1, 0, 1},
    {"resnet 3x3", 7, 7, 512, 512, 3, 1, 1, 1},
    {"resnet fc", 1, 1, 2048, 1000, 1, 1, 0, 1},
    {"vgg 3x3", 224, 224, 64, 64, 3, 1, 1, 1},
    {"mobilenet 1x1", 112, 112, 32, 64, 1, 1, 0, 1},
    {"mobilenet 1x1", 112, 112, 32, 16, 1, 1, 0, 1},
    {"mobilenet 1x1", 112, 112, 16, 96, 1, 1, 0, 1},
    {"mobilenet 1x1", 56, 56, 144, 24, 1, 1, 0, 1},
    {"mobilenet 1x1", 14, 14, 512, 512, 1, 1, 0, 1},
    {"mobilenet 1x1", 7, 7, 1024, 1024, 1, 1, 0, 1},
    {"shufflenet 1x1", 28, 28, 58, 58, 1, 1, 0, 1},
    {"inception 5x5", 28, 28, 32, 96, 5, 1, 2, 1},
    {"resnext 3x3g32", 28, 28, 256, 256, 3, 1, 1, 32},
    {"dw 3x3", 112, 112, 32, 32, 3, 1, 1, 32},
    {"dw 3x3s2", 112, 112, 96, 96, 3, 2, 1, 96},
    {"dw 3x3", 56, 56, 144, 144, 3, 1, 1, 144},
    {"dw 3x3", 28, 28, 256, 256, 3, 1, 1, 256},
    {"dw 3x3", 14, 14, 512, 512, 3, 1, 1, 512},
    {"dw 3x3", 7, 7, 1024, 1024, 3, 1, 1, 1024},
    {"dw 5x5", 28, 28, 240, 240, 5, 1, 2, 240},
    {"dw 7x7", 28, 28, 256, 256, 7, 1, 3, 256},
    {"dw 3x3 c58", 28, 28, 58, 58, 3, 1, 1, 58},
};

void report(const char *name, Isa isa, const char *shape, double flops, double bytes, double time) {
    std::printf("%-26s %-28s %-7s %9.1f us %7.1f GF/s %6.1f GB/s\n", name, shape,
                linnet::name_of(isa), time * 1e6, flops / time * 1e-9, bytes / time * 1e-9);
}

linnet::Conv2dParams params_of(const Layer &layer) {
    linnet::Conv2dParams p;
    p.in_h = layer.in_h, p.in_w = layer.in_w, p.in_c = layer.in_c, p.out_c = layer.out_c;
    p.kernel_h = p.kernel_w = layer.kernel, p.stride_h = p.stride_w = layer.stride;
    p.pad_top = p.pad_left = layer.pad, p.groups = layer.groups;
    p.out_h = (p.in_h + 2 * layer.pad - layer.kernel) / layer.stride + 1;
    p.out_w = (p.in_w + 2 * layer.pad - layer.kernel) / layer.stride + 1;
    p.in = {int64_t(p.in_h) * p.in_w * p.in_c, int64_t(p.in_w) * p.in_c, p.in_c};
    p.out = {int64_t(p.out_h) * p.out_w * p.out_c, int64_t(p.out_w) * p.out_c, p.out_c};
    p.activation.function = linnet::Function::kRelu;
    return p;
}

// GFLOP/s are those of the direct sum, whatever the method.
void bench_method(const Layer &layer, linnet::ConvMethod method, Isa isa) {
    linnet::Conv2dParams p = params_of(layer);
    linnet::Winograd2dParams winograd = {p, linnet::winograd_tile_of(method)};
    linnet::Pack2dParams pack;
    pack.conv = p;
    pack.method = method;
    int64_t weights = pack2d_floats(pack), scratch_bytes = conv2d_scratch_bytes(p);
    KernelId id = KernelId::conv2d;
    const void *params = &p;
    const char *name = "";
    if (method == linnet::ConvMethod::kDepthwise) id = KernelId::depthwise2d;
    if (is_winograd(method)) {
        id = KernelId::winograd2d;
        params = &winograd;
        scratch_bytes = winograd2d_scratch_bytes(winograd);
        name = winograd.tile == 2 ? " F2" : winograd.tile == 4 ? " F4" : " F6";
    }
    Block x(p.in.image), bias(p.out_c), y(p.out.image), scratch(scratch_bytes / 4 + 16);
    std::vector<Block> w; // one after the other, so that none stays in a cache
    for (int64_t floats = 0; w.empty() || (g_cold && floats < (48 << 20)); floats += weights)
        w.emplace_back(weights);
    const linnet::Kernel &kernel = linnet::kernel(id, isa);
    void *operands[] = {x.get(), w[0].get(), bias.get(), nullptr, y.get()};
    size_t turn = 0;
    int64_t tasks = kernel.tasks(params);
    double time = best_time([&] {
        operands[1] = w[turn++ % w.size()].get();
        kernel.run(params, operands, scratch.get(), 0, tasks);
    });
    double products = double(p.out_h) * p.out_w * p.out_c * (p.in_c / p.groups) * layer.kernel *
                      layer.kernel;
    char shape[64];
    bool chosen = method == choose_conv_method(p, true, {});
    std::snprintf(shape, sizeof shape, "%dx%dx%d->%d t%d%s%s", p.in_h, p.in_w, p.in_c, p.out_c,
                  int(tasks), name, chosen ? " *" : "");
    report(layer.name, isa, shape, 2 * products, 4.0 * double(p.in.image + p.out.image), time);
}

// By every method that applies; a star marks the one that a network takes.
void bench_layer(const Layer &layer, Isa isa) {
    linnet::Conv2dParams p = params_of(layer);
    if (is_depthwise(p)) return bench_method(layer, linnet::ConvMethod::kDepthwise, isa);
    bench_method(layer, linnet::ConvMethod::kPanels, isa);
    if (!takes_winograd2d(p)) return;
    bench_method(layer, linnet::ConvMethod::kWinograd2, isa);
    bench_method(layer, linnet::ConvMethod::kWinograd4, isa);
    bench_method(layer, linnet::ConvMethod::kWinograd6, isa);
}

void bench_pool(const char *name, int size, int channels, int kernel, int stride, bool average,
                Isa isa) {
    linnet::Pool2dParams p;
    p.in_h = p.in_w = size, p.channels = channels, p.average = average;
    p.kernel_h = p.kernel_w = kernel, p.stride_h = p.stride_w = stride;
    p.out_h = p.out_w = (size - kernel) / stride + 1;
    p.in = {int64_t(size) * size * channels, int64_t(size) * channels, channels};
    p.out = {int64_t(p.out_h) * p.out_w * channels, int64_t(p.out_w) * channels, channels};
    Block x(p.in.image), y(p.out.image);
    void *operands[] = {x.get(), y.get()};
    const linnet::Kernel &pool = linnet::kernel(KernelId::pool2d, isa);
    int64_t tasks = pool.tasks(&p);
    double time = best_time([&] { pool.run(&p, operands, nullptr, 0, tasks); });
    char shape[64];
    std::snprintf(shape, sizeof shape, "%dx%dx%d t%d", size, size, channels, int(tasks));
    report(name, isa, shape, double(p.out.image) * kernel * kernel,
           4.0 * double(p.in.image + p.out.image), time);
}

void bench_matmul(const char *name, int m, int n, int k, bool transposed, Isa isa) {
    linnet::MatmulParams p;
    p.m = m, p.n = n, p.k = k, p.a_m = k, p.y_m = n, p.alpha = 0.125f;
    p.b_k = transposed ? 1 : n, p.b_n = transposed ? k : 1;
    p.batch_rank = 1, p.batch[0] = 12;
    p.a_batch[0] = int64_t(m) * k, p.b_batch[0] = int64_t(n) * k, p.y_batch[0] = int64_t(m) * n;
    Block a(12 * p.a_batch[0]), b(12 * p.b_batch[0]), y(12 * p.y_batch[0]);
    Block scratch(matmul_scratch_bytes(p) / 4 + 16);
    void *operands[] = {a.get(), b.get(), y.get()};
    const linnet::Kernel &matmul = linnet::kernel(KernelId::matmul, isa);
    int64_t tasks = matmul.tasks(&p);
    double time = best_time([&] { matmul.run(&p, operands, scratch.get(), 0, tasks); });
    char shape[64];
    std::snprintf(shape, sizeof shape, "12x %dx%dx%d t%d", m, n, k, int(tasks));
    report(name, isa, shape, 24.0 * m * n * k,
           48.0 * (double(m) * k + double(n) * k + double(m) * n), time);
}

void bench_unary(const char *name, linnet::Function function, Isa isa) {
    linnet::UnaryParams p;
    p.loop.rank = 1, p.loop.extent[0] = 100000;
    p.loop.stride[0][0] = p.loop.stride[1][0] = 1;
    p.activation = {function, 1, 1};
    Block x(100000), y(100000);
    void *operands[] = {y.get(), x.get()};
    const linnet::Kernel &unary = linnet::kernel(KernelId::unary, isa);
    double time = best_time([&] { unary.run(&p, operands, nullptr, 0, unary.tasks(&p)); });
    report(name, isa, "100000", 100000, 800000, time);
}

void bench_binary(const char *name, int64_t b_stride, Isa isa) {
    linnet::BinaryParams p;
    p.loop.rank = 1, p.loop.extent[0] = 100000;
    p.loop.stride[0][0] = p.loop.stride[1][0] = 1;
    p.loop.stride[2][0] = b_stride;
    Block a(100000), b(100000), y(100000);
    void *operands[] = {y.get(), a.get(), b.get()};
    const linnet::Kernel &binary = linnet::kernel(KernelId::binary, isa);
    double time = best_time([&] { binary.run(&p, operands, nullptr, 0, binary.tasks(&p)); });
    report(name, isa, "100000", 100000, 1200000, time);
}

void bench_rows(Isa isa) {
    linnet::SoftmaxParams p;
    p.outer.rank = 1, p.outer.extent[0] = 100;
    p.outer.stride[0][0] = p.outer.stride[1][0] = 1000;
    p.length = 1000;
    Block x(100000), y(100000), scale(1000);
    void *operands[] = {y.get(), x.get(), scale.get(), scale.get()};
    const linnet::Kernel &softmax = linnet::kernel(KernelId::softmax, isa);
    double time = best_time([&] { softmax.run(&p, operands, nullptr, 0, softmax.tasks(&p)); });
    report("softmax", isa, "100x1000", 100000, 800000, time);
    linnet::NormalizeParams q;
    q.outer = p.outer;
    q.length = 1000;
    const linnet::Kernel &normalize = linnet::kernel(KernelId::normalize, isa);
    time = best_time([&] { normalize.run(&q, operands, nullptr, 0, normalize.tasks(&q)); });
    report("normalize", isa, "100x1000", 100000, 800000, time);
}

} // namespace

int main(int count, char **arguments) {
    const char *part = count > 1 ? arguments[1] : "";
    std::vector<Isa> isas;
    for (int i = 2; i < count; ++i) g_cold |= !std::strcmp(arguments[i], "cold");
    for (Isa isa : {Isa::kPlain, Isa::kAvx2, Isa::kAvx512, Isa::kNeon})
        for (int i = 2; i < count; ++i)
            if (!std::strcmp(arguments[i], linnet::name_of(isa)) && linnet::is_available(isa))
                isas.push_back(isa);
    if (isas.empty()) isas.push_back(linnet::best_isa());
    for (const Layer &layer : kLayers)
        if (std::strstr(layer.name, part))
            for (Isa isa : isas) bench_layer(layer, isa);
    for (Isa isa : isas) {
        if (std::strstr("pool", part)) {
            bench_pool("pool max 3x3s2", 111, 64, 3, 2, false, isa);
            bench_pool("pool max 3x3", 28, 256, 3, 1, false, isa);
            bench_pool("pool global", 7, 2048, 7, 1, true, isa);
        }
        if (std::strstr("matmul", part)) {
            bench_matmul("matmul q k^t", 197, 197, 64, true, isa);
            bench_matmul("matmul p v", 197, 64, 197, false, isa);
            bench_matmul("matmul one row", 1, 512, 512, false, isa);
        }
        if (std::strstr("elementwise", part)) {
            bench_unary("elementwise relu", linnet::Function::kRelu, isa);
            bench_unary("elementwise exp", linnet::Function::kExp, isa);
            bench_unary("elementwise sigmoid", linnet::Function::kSigmoid, isa);
            bench_unary("elementwise tanh", linnet::Function::kTanh, isa);
            bench_unary("elementwise gelu", linnet::Function::kGelu, isa);
            bench_binary("elementwise add", 1, isa);
            bench_binary("elementwise add scalar", 0, isa);
        }
        if (std::strstr("rows", part)) bench_rows(isa);
    }
}

// Our products of matrices against those of OpenBLAS, one thread: x [M,K] times constant weights
// [K,N], as in fully connected layers and 1x1 convolutions. Ours works on packed weights, as in a
// session; OpenBLAS gets the matrices as a whole, and adds no bias.
//
// Usage: blas_bench [isa ...] [cold]. OPENBLAS_CORETYPE chooses the kernels of OpenBLAS. Build:
//   g++ -O2 -std=c++17 -Icore $(pkg-config --cflags openblas) tests/bench/blas_bench.cc
//       BUILD/liblinnet.a $(pkg-config --libs openblas) -pthread -o blas_bench
// with a BUILD folder that was configured without LINNET_BLAS; with it, "plain" goes to OpenBLAS,
// too.
// SPDX-License-Identifier: MIT
#include <cblas.h>

#include <cstdio>
#include <cstring>
#include <vector>

#include "bench.h"
#include "kernels/conv2d.h"
#include "kernels/kernel.h"

namespace {

using linnet::Isa;
using linnet_bench::best_time;
using linnet_bench::Block;

bool g_cold = false; // weights come from memory, as they do in a whole network

struct Shape {
    int m, n, k;
};

const Shape kShapes[] = {
    // Fully connected layers, for one picture or word and for several.
    {1, 1000, 2048}, {1, 4096, 4096}, {1, 4096, 25088}, {4, 1000, 2048}, {8, 1000, 2048},
    {16, 4096, 4096}, {64, 1000, 2048}, {256, 4096, 4096},
    // 1x1 convolutions of ResNet.
    {3136, 64, 64}, {3136, 256, 64}, {3136, 64, 256}, {784, 512, 128}, {784, 128, 512},
    {196, 1024, 256}, {196, 256, 1024}, {49, 2048, 512}, {49, 512, 2048}, {49, 512, 4608},
    // Those of small networks.
    {12544, 16, 32}, {3136, 24, 144}, {2916, 64, 16}, {169, 1000, 512}, {784, 58, 58},
    // Transformers.
    {8, 768, 768}, {128, 768, 768}, {128, 3072, 768}, {197, 768, 3072}, {512, 768, 768},
    // Large ones.
    {1024, 1024, 1024}, {2048, 2048, 2048},
};

double our_time(const Shape &shape, Isa isa, std::vector<Block> &weights, float *x, float *y) {
    linnet::Conv2dParams p;
    p.in_w = p.out_w = shape.m, p.in_c = shape.k, p.out_c = shape.n;
    p.in = {int64_t(shape.m) * shape.k, int64_t(shape.m) * shape.k, shape.k};
    p.out = {int64_t(shape.m) * shape.n, int64_t(shape.m) * shape.n, shape.n};
    Block scratch(conv2d_scratch_bytes(p) / 4 + 16);
    const linnet::Kernel &kernel = linnet::kernel(linnet::KernelId::conv2d, isa);
    int64_t tasks = kernel.tasks(&p);
    size_t turn = 0;
    return best_time([&] {
        void *operands[] = {x, weights[turn++ % weights.size()].get(), nullptr, nullptr, y};
        kernel.run(&p, operands, scratch.get(), 0, tasks);
    });
}

double blas_time(const Shape &shape, std::vector<Block> &weights, float *x, float *y) {
    size_t turn = 0;
    return best_time([&] {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, shape.m, shape.n, shape.k, 1, x,
                    shape.k, weights[turn++ % weights.size()].get(), shape.n, 0, y, shape.n);
    });
}

} // namespace

int main(int count, char **arguments) {
    std::vector<Isa> isas;
    for (int i = 1; i < count; ++i) g_cold |= !std::strcmp(arguments[i], "cold");
    for (Isa isa : {Isa::kPlain, Isa::kAvx2, Isa::kAvx512, Isa::kNeon})
        for (int i = 1; i < count; ++i)
            if (!std::strcmp(arguments[i], linnet::name_of(isa)) && linnet::is_available(isa))
                isas.push_back(isa);
    if (isas.empty()) isas.push_back(linnet::best_isa());
    openblas_set_num_threads(1);
    std::printf("OpenBLAS for %s. GFLOP/s, and ours divided by OpenBLAS\n%5s %5s %5s %9s",
                openblas_get_corename(), "M", "N", "K", "openblas");
    for (Isa isa : isas) std::printf(" %15s", linnet::name_of(isa));
    std::printf("\n");
    for (const Shape &shape : kShapes) {
        // Rounded up as the packed ones are; one after the other, so that none stays in a cache.
        int64_t floats = int64_t(shape.n + 31) / 32 * 32 * shape.k;
        std::vector<Block> weights;
        for (int64_t all = 0; weights.empty() || (g_cold && all < (48 << 20)); all += floats)
            weights.emplace_back(floats);
        Block x(int64_t(shape.m) * shape.k), y(int64_t(shape.m) * shape.n);
        double gflop = 2e-9 * shape.m * shape.n * shape.k;
        // Both twice, in turns: another program that is busy meanwhile is so for both.
        double blas = blas_time(shape, weights, x.get(), y.get());
        std::vector<double> ours;
        for (Isa isa : isas) ours.push_back(our_time(shape, isa, weights, x.get(), y.get()));
        double again = blas_time(shape, weights, x.get(), y.get());
        if (again < blas) blas = again;
        for (size_t i = 0; i < isas.size(); ++i) {
            again = our_time(shape, isas[i], weights, x.get(), y.get());
            if (again < ours[i]) ours[i] = again;
        }
        std::printf("%5d %5d %5d %9.1f", shape.m, shape.n, shape.k, gflop / blas);
        for (double time : ours) std::printf(" %8.1f %5.2fx", gflop / time, blas / time);
        std::printf("\n");
        std::fflush(stdout);
    }
}

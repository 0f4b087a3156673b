// Products of two computed matrices against loops in double.
// SPDX-License-Identifier: MIT
#include "kernels/matmul.h"

#include "kernel_testing.h"

namespace linnet_test {
namespace {

using linnet::Isa;
using linnet::MatmulParams;

TEST(KernelMatmul, RandomShapes) {
    Random random(1);
    for (int i = 0; i < 400; ++i) {
        MatmulParams p;
        bool large = random.chance(0.05);
        p.m = random.whole(0, large ? 500 : 40);
        p.n = random.whole(0, large ? 200 : 100);
        p.k = random.whole(0, 70);
        p.alpha = random.chance(0.5) ? 1 : 0.3f;
        bool a_transposed = random.chance(0.4), b_transposed = random.chance(0.4);
        int64_t a_gap = random.whole(0, 5), b_gap = random.whole(0, 5), y_gap = random.whole(0, 5);
        p.a_m = a_transposed ? 1 : p.k + a_gap;
        p.a_k = a_transposed ? p.m + a_gap : 1;
        p.b_k = b_transposed ? 1 : p.n + b_gap;
        p.b_n = b_transposed ? p.k + b_gap : 1;
        p.y_m = p.n + y_gap;
        int64_t a_size = (p.m + a_gap) * (p.k + a_gap), b_size = (p.n + b_gap) * (p.k + b_gap),
                y_size = p.m * p.y_m, a_all = a_size, b_all = b_size, y_all = y_size;
        p.batch_rank = large ? 0 : random.whole(0, 3);
        for (int axis = p.batch_rank; axis-- > 0;) {
            p.batch[axis] = random.whole(1, 3);
            p.a_batch[axis] = random.chance(0.3) ? 0 : a_all;
            p.b_batch[axis] = random.chance(0.3) ? 0 : b_all;
            p.y_batch[axis] = y_all;
            a_all *= p.batch[axis], b_all *= p.batch[axis], y_all *= p.batch[axis];
        }
        std::vector<float> a = random.reals(static_cast<size_t>(a_all));
        std::vector<float> b = random.reals(static_cast<size_t>(b_all));
        std::vector<float> start = random.reals(static_cast<size_t>(y_all));
        for (Isa isa : available_isas()) {
            SCOPED_TRACE(linnet::name_of(isa));
            std::vector<float> y = start;
            run_both_ways(linnet::KernelId::matmul, isa, &p, {a.data(), b.data(), y.data()},
                          linnet::matmul_scratch_bytes(p), y);
            for (int64_t at = 0; at < y_all; ++at) {
                int64_t matrix = y_size ? at / y_size : 0, row = at % y_size / p.y_m,
                        column = at % p.y_m;
                if (column >= p.n) {
                    ASSERT_EQ(y[at], start[at]);
                    continue;
                }
                int64_t a_at = row * p.a_m, b_at = column * p.b_n;
                for (int axis = p.batch_rank; axis-- > 0; matrix /= p.batch[axis]) {
                    a_at += matrix % p.batch[axis] * p.a_batch[axis];
                    b_at += matrix % p.batch[axis] * p.b_batch[axis];
                }
                double sum = 0;
                for (int64_t k = 0; k < p.k; ++k)
                    sum += double(a[a_at + k * p.a_k]) * b[b_at + k * p.b_k];
                ASSERT_NEAR(y[at], p.alpha * sum, 1e-4);
            }
        }
    }
}

} // namespace
} // namespace linnet_test

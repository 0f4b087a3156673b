// SPDX-License-Identifier: MIT
#include "kernels/pack2d.h"

#include "kernels/kernel.h"

namespace linnet {

bool is_depthwise(const Conv2dParams &params) {
    return params.groups > 1 && params.groups == params.in_c && params.in_c == params.out_c;
}

static Conv2dParams one_group(const Conv2dParams &params) {
    Conv2dParams one = params;
    one.in_c /= params.groups;
    one.out_c /= params.groups;
    one.groups = 1;
    return one;
}

int64_t pack2d_floats(const Pack2dParams &params) {
    if (params.depthwise) return depthwise2d_packed_floats(params.conv);
    return conv2d_packed_floats(params.conv);
}

// The groups follow each other in what conv2d reads, each as if it were alone.
static void pack_groups(const Pack2dParams &params, const float *weights, float *packed) {
    Conv2dParams one = one_group(params.conv);
    int64_t floats = conv2d_packed_floats(one);
    for (int64_t group = 0; group < params.conv.groups; ++group)
        pack_conv2d(one, weights + group * params.group_stride, params.strides,
                    packed + group * floats);
}

void pack2d(const Pack2dParams &params, const float *weights, float *packed) {
    weights += params.offset;
    if (params.depthwise) {
        WeightStrides strides = params.strides;
        strides.out = params.group_stride;
        pack_depthwise2d(params.conv, weights, strides, packed);
    } else {
        pack_groups(params, weights, packed);
    }
    if (params.factor == 1) return;
    int64_t floats = pack2d_floats(params);
    for (int64_t i = 0; i < floats; ++i) packed[i] *= params.factor;
}

static int64_t pack2d_tasks(const void *) { return 1; }

static void pack2d_run(const void *params, void *const *operands, void *, int64_t begin,
                       int64_t end) {
    if (begin < end)
        pack2d(*static_cast<const Pack2dParams *>(params), static_cast<const float *>(operands[1]),
               static_cast<float *>(operands[0]));
}

extern const Kernel pack2d_kernel;
const Kernel pack2d_kernel = {"pack2d", pack2d_tasks, pack2d_run};

} // namespace linnet

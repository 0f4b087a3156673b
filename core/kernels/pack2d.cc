// SPDX-License-Identifier: MIT
#include "kernels/pack2d.h"

#include "kernels/kernel.h"
#include "kernels/winograd2d.h"

namespace linnet {

static Conv2dParams one_group(const Conv2dParams &params) {
    Conv2dParams one = params;
    one.in_c /= params.groups;
    one.out_c /= params.groups;
    one.groups = 1;
    return one;
}

int64_t pack2d_floats(const Pack2dParams &params) {
    switch (params.method) {
    case ConvMethod::kPanels: break;
    case ConvMethod::kDepthwise: return depthwise2d_packed_floats(params.conv);
    case ConvMethod::kWinograd2:
    case ConvMethod::kWinograd4:
    case ConvMethod::kWinograd6:
        return winograd2d_packed_floats({params.conv, winograd_tile_of(params.method)});
    }
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
    WeightStrides strides = params.strides;
    switch (params.method) {
    case ConvMethod::kPanels: pack_groups(params, weights, packed); break;
    case ConvMethod::kDepthwise:
        strides.out = params.group_stride;
        pack_depthwise2d(params.conv, weights, strides, packed);
        break;
    case ConvMethod::kWinograd2:
    case ConvMethod::kWinograd4:
    case ConvMethod::kWinograd6:
        pack_winograd2d({params.conv, winograd_tile_of(params.method)}, weights, strides, packed);
        break;
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

// SPDX-License-Identifier: MIT
#include "kernels/conv_method.h"

#include <initializer_list>

#include "kernels/kernel.h"
#include "kernels/winograd2d.h"
#include "kernels/winograd2d_plan.h"

namespace linnet {
namespace {

// The unit is the time of one product of a direct convolution at full speed. The figures were
// fitted to whole networks, where weights come from afar, on processors with AVX-512; what matters
// is only which method is ahead.
constexpr double kWeight = 8;          // to read a weight that is read once
constexpr double kTransformedIn = 7;   // to transform one number of an input square
constexpr double kTransformedOut = 11; // and of an output square, with what its product costs
constexpr double kRows = 2;            // of each weight, what a tile of few rows loses

double padded_outputs(const Conv2dParams &p) {
    return static_cast<double>((int64_t(p.out_c) + 15) / 16 * 16);
}

double direct_cost(const Conv2dParams &p) {
    double weights = 9.0 * p.in_c * padded_outputs(p);
    return weights * (double(p.batch) * p.out_h * p.out_w + kRows + kWeight);
}

double winograd_cost(const Conv2dParams &p, int32_t tile) {
    Winograd2dPlan plan = plan_winograd2d({p, tile});
    double points = plan.points, tiles = double(plan.tiles), blocks = double(plan.blocks);
    double weights = points * p.in_c * padded_outputs(p);
    return weights * (tiles + blocks * kRows + kWeight) +
           points * tiles *
               (double(plan.depth) * kTransformedIn + padded_outputs(p) * kTransformedOut);
}

ConvMethod cheapest_method(const Conv2dParams &params) {
    ConvMethod cheapest = ConvMethod::kPanels;
    double least = direct_cost(params);
    for (ConvMethod method : {ConvMethod::kWinograd4, ConvMethod::kWinograd2, // the first of equals
                              ConvMethod::kWinograd6}) {
        double cost = winograd_cost(params, winograd_tile_of(method));
        if (cost >= least) continue;
        cheapest = method;
        least = cost;
    }
    return cheapest;
}

ConvMethod stated_method(const Conv2dParams &params, Span<const ConvChoice> stated) {
    for (const ConvChoice &choice : stated)
        if (choice.is_for(params)) return choice.method;
    return cheapest_method(params);
}

} // namespace

bool is_depthwise(const Conv2dParams &params) {
    return params.groups > 1 && params.groups == params.in_c && params.in_c == params.out_c;
}

bool has_conv_choice(const Conv2dParams &params, bool has_constant_weights) {
    return has_constant_weights && takes_winograd2d(params);
}

ConvChoice ConvChoice::of(const Conv2dParams &params, ConvMethod method) {
    return {params.in_c,  params.in_h,  params.in_w, params.out_c,
            params.out_h, params.out_w, method};
}

bool ConvChoice::is_for(const Conv2dParams &params) const {
    return params.in_c == in_c && params.in_h == in_h && params.in_w == in_w &&
           params.out_c == out_c && params.out_h == out_h && params.out_w == out_w;
}

ConvMethod choose_conv_method(const Conv2dParams &of_batch, bool has_constant_weights,
                              Span<const ConvChoice> stated) {
    Conv2dParams params = of_batch;
    params.batch = 1;
    if (is_depthwise(params)) return ConvMethod::kDepthwise;
    if (!has_conv_choice(params, has_constant_weights)) return ConvMethod::kPanels;
    if (has_kernel(KernelId::winograd2d)) return stated_method(params, stated);
    return ConvMethod::kPanels;
}

} // namespace linnet

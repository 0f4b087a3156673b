// SPDX-License-Identifier: MIT
#include "ops/resize_places.h"

#include <cmath>

namespace linnet {
namespace {

// The place in the source of pixel `at` of the result. In single precision throughout, as the
// scales are given, so that borderline cases fall as in other programs.
float source_place(string_view mode, const ResizedAxis &axis, int64_t at) {
    float x = static_cast<float>(at), in = static_cast<float>(axis.in);
    float out = static_cast<float>(axis.out);
    if (mode == "asymmetric") return x / axis.scale;
    if (mode == "align_corners") return axis.out == 1 ? 0 : x * (in - 1) / (out - 1);
    if (mode == "tf_crop_and_resize") {
        if (axis.out <= 1) return 0.5f * (axis.start + axis.end) * (in - 1);
        return axis.start * (in - 1) + x * (axis.end - axis.start) * (in - 1) / (out - 1);
    }
    if (mode == "pytorch_half_pixel" && axis.out <= 1) return 0;
    float centre = (x + 0.5f) / axis.scale;
    if (mode != "half_pixel_symmetric") return centre - 0.5f;
    float adjustment = out / (axis.scale * in);
    return in / 2 * (1 - adjustment) + centre - 0.5f;
}

float source_of(const Node &node, const ResizedAxis &axis, int64_t at) {
    return source_place(node.get_text("coordinate_transformation_mode", "half_pixel"), axis, at);
}

float nearest_place(string_view mode, float place) {
    if (mode == "floor") return std::floor(place);
    if (mode == "ceil") return std::ceil(place);
    bool half = place == std::floor(place) + 0.5f;
    if (half) return mode == "round_prefer_ceil" ? std::ceil(place) : std::floor(place);
    return std::round(place);
}

int32_t clamped(float place, int64_t in) {
    if (!(place > 0)) return 0;
    float last = static_cast<float>(in - 1);
    return static_cast<int32_t>(place < last ? place : last);
}

// The share of a pixel at that distance, before the shares are scaled to a sum of 1.
double linear_share(double distance) {
    distance = std::fabs(distance);
    return distance < 1 ? 1 - distance : 0;
}

// Keys, "Cubic convolution interpolation for digital image processing", 1981; `a` is his parameter.
double cubic_share(double distance, double a) {
    double d = std::fabs(distance);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

// Finds the run of one result.
class RunFinder {
public:
    RunFinder(const Node &node, const ResizedAxis &axis) : node_(node), axis_(axis) {
        string_view mode = node.get_text("mode", "nearest");
        cubic_ = mode == "cubic";
        nearest_ = mode == "nearest";
        excludes_ = node.get_int("exclude_outside", 0) != 0;
        antialias_ = node.get_int("antialias", 0) != 0 && !nearest_;
        a_ = static_cast<double>(node.get_float("cubic_coeff_a", -0.75f));
        if (antialias_ && axis.scale < 1) squeeze_ = static_cast<double>(axis.scale);
    }
    // No run is longer.
    int64_t most() const {
        if (nearest_) return 1;
        double reach = std::ceil(support()) * 2 + 1;
        return reach < static_cast<double>(axis_.in) ? static_cast<int64_t>(reach) : axis_.in;
    }
    // The first pixel and the number of pixels; shares are added to zeros.
    int32_t find(int64_t at, float *shares, int32_t *first) const {
        *first = 0;
        double place = static_cast<double>(source_of(node_, axis_, at));
        double last = static_cast<double>(axis_.in - 1);
        if (is_resize_crop(node_) && !(place >= 0 && place <= last)) return 0;
        if (nearest_) {
            *first = nearest_pixel(node_, axis_, at);
            shares[0] = 1;
            return 1;
        }
        double from = std::floor(place - support()) + 1, to = std::ceil(place + support()) - 1;
        double sum = add_up(place, from, to);
        *first = inside(from);
        for (double i = from; i <= to; ++i) {
            if (excludes_ && (i < 0 || i > last)) continue;
            shares[inside(i) - *first] += static_cast<float>(share(place, i) / sum);
        }
        return inside(to) - *first + 1;
    }

private:
    double support() const { return (cubic_ ? 2 : 1) / squeeze_; }
    double share(double place, double i) const {
        double distance = (i - place) * squeeze_;
        return cubic_ ? cubic_share(distance, a_) : linear_share(distance);
    }
    int32_t inside(double i) const { return clamped(static_cast<float>(i), axis_.in); }
    // What the shares are divided by.
    double add_up(double place, double from, double to) const {
        if (!antialias_ && !excludes_) return 1;
        double sum = 0;
        for (double i = from; i <= to; ++i)
            if (!excludes_ || (i >= 0 && i <= static_cast<double>(axis_.in - 1)))
                sum += share(place, i);
        return sum != 0 ? sum : 1;
    }

    const Node &node_;
    const ResizedAxis &axis_;
    bool cubic_, nearest_, excludes_, antialias_;
    double a_, squeeze_ = 1;
};

} // namespace

int32_t nearest_pixel(const Node &node, const ResizedAxis &axis, int64_t at) {
    string_view mode = node.get_text("nearest_mode", "round_prefer_floor");
    return clamped(nearest_place(mode, source_of(node, axis, at)), axis.in);
}

LinearPlace linear_pixels(const Node &node, const ResizedAxis &axis, int64_t at) {
    float last = static_cast<float>(axis.in - 1), place = source_of(node, axis, at);
    place = place > 0 ? (place < last ? place : last) : 0;
    int32_t lower = clamped(std::floor(place), axis.in);
    int32_t upper = lower + 1 < axis.in ? lower + 1 : lower;
    return {lower, upper, place - static_cast<float>(lower)};
}

Result<ResizeRuns> ResizeRuns::create(const Node &node, const ResizedAxis &axis) {
    RunFinder finder(node, axis);
    ResizeRuns made;
    made.most = static_cast<int32_t>(finder.most());
    LINNET_ASSIGN(made.runs, Tensor::create(DType::kInt32, {axis.out, 2}));
    LINNET_ASSIGN(made.shares, Tensor::create(DType::kFloat32, {axis.out, finder.most()}));
    int32_t *run = made.runs->writable<int32_t>().data();
    float *shares = made.shares->writable<float>().data();
    for (int64_t i = 0; i < axis.out * made.most; ++i) shares[i] = 0;
    for (int64_t at = 0; at < axis.out; ++at, run += 2, shares += made.most)
        run[1] = finder.find(at, shares, &run[0]);
    return made;
}

} // namespace linnet

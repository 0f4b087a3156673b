// SPDX-License-Identifier: MIT
#include <cmath>

#include "kernels/resample2d.h"
#include "ops/operator.h"

namespace linnet {
namespace {

// How the axes of a tensor change; axes that keep their length have scale 1.
struct ResizePlan {
    Shape to;
    float scale[kMaxRank];
    bool resized[kMaxRank] = {};
};

// Reads what the inputs ask for.
class ResizeReader {
public:
    ResizeReader(const Node &node, const Shape &x, const Tensor *scales, const Tensor *sizes)
        : node_(node), x_(x), scales_(used(scales)), sizes_(used(sizes)) {}

    // Fills the plan; returns what is wrong, or nullptr.
    const char *read(ResizePlan *plan) const {
        plan->to = x_;
        for (float &scale : plan->scale) scale = 1;
        if ((scales_ != nullptr) == (sizes_ != nullptr))
            return "exactly one of scales and sizes must be given";
        int axes[kMaxRank];
        size_t count = 0;
        if (const char *wrong = read_axes(axes, &count)) return wrong;
        const Tensor &given = scales_ ? *scales_ : *sizes_;
        if (given.elements() != count) return "scales or sizes has another length than the axes";
        return scales_ ? read_scales(axes, count, plan) : read_sizes(axes, count, plan);
    }

private:
    static const Tensor *used(const Tensor *tensor) {
        return tensor && tensor->elements() > 0 ? tensor : nullptr;
    }
    const char *read_axes(int *axes, size_t *count) const {
        Span<const int64_t> given = node_.get_ints("axes");
        int rank = x_.rank();
        *count = given.empty() ? static_cast<size_t>(rank) : given.size();
        if (*count > static_cast<size_t>(rank)) return "there are more axes than the input has";
        for (size_t i = 0; i < *count; ++i) {
            int64_t axis = given.empty() ? static_cast<int64_t>(i) : given[i];
            if (axis < -rank || axis >= rank) return "one of its axes is out of range";
            axes[i] = static_cast<int>(axis < 0 ? axis + rank : axis);
        }
        return nullptr;
    }
    const char *set_axis(int axis, double length, float scale, ResizePlan *plan) const {
        plan->scale[axis] = scale;
        plan->resized[axis] = scale != 1;
        if (x_[axis] < 0) {
            plan->to[axis] = kUnknown;
            return nullptr;
        }
        if (!(length >= 0 && length < 2147483647.0)) return "one axis would become too long";
        plan->to[axis] = static_cast<int64_t>(length);
        if (plan->to[axis] > 0 && x_[axis] == 0) return "it cannot stretch an empty axis";
        return nullptr;
    }
    const char *read_scales(const int *axes, size_t count, ResizePlan *plan) const {
        if (scales_->dtype() != DType::kFloat32) return "its scales are not float32";
        for (size_t i = 0; i < count; ++i) {
            float scale = scales_->floats()[i];
            if (!(scale > 0)) return "one of its scales is not positive";
            float length = std::floor(scale * static_cast<float>(x_[axes[i]]));
            if (const char *wrong = set_axis(axes[i], length, scale, plan)) return wrong;
        }
        return nullptr;
    }
    // The one scale of all axes that keep_aspect_ratio_policy asks for; 0 for its default.
    float common_scale(const int *axes, size_t count) const {
        string_view policy = node_.get_text("keep_aspect_ratio_policy", "stretch");
        if (policy == "stretch") return 0;
        float common = 0;
        for (size_t i = 0; i < count; ++i) {
            float scale = static_cast<float>(sizes_->integer(i)) / static_cast<float>(x_[axes[i]]);
            bool better = policy == "not_larger" ? scale < common : scale > common;
            if (i == 0 || better) common = scale;
        }
        return common;
    }
    const char *read_sizes(const int *axes, size_t count, ResizePlan *plan) const {
        float common = common_scale(axes, count);
        for (size_t i = 0; i < count; ++i) {
            int64_t from = x_[axes[i]], size = sizes_->integer(i);
            if (size < 0) return "one of its sizes is negative";
            float scale = static_cast<float>(size) / static_cast<float>(from);
            double length = static_cast<double>(size);
            if (common > 0) {
                scale = common;
                length = std::floor(common * static_cast<float>(from) + 0.5f);
            }
            if (const char *wrong = set_axis(axes[i], length, scale, plan)) return wrong;
            if (common <= 0) plan->to[axes[i]] = size; // also where the input's is unknown
        }
        return nullptr;
    }

    const Node &node_;
    const Shape &x_;
    const Tensor *scales_, *sizes_;
};

// One axis that changes, with the numbers that the coordinate rules use.
struct ResizedAxis {
    int64_t in, out;
    float scale;
};

// The place in the source of pixel `at` of the result. In single precision throughout, as the
// scales are given, so that borderline cases fall as in other programs.
float source_place(string_view mode, const ResizedAxis &axis, int64_t at) {
    float x = static_cast<float>(at), in = static_cast<float>(axis.in);
    float out = static_cast<float>(axis.out);
    if (mode == "asymmetric") return x / axis.scale;
    if (mode == "align_corners") return axis.out == 1 ? 0 : x * (in - 1) / (out - 1);
    if (mode == "pytorch_half_pixel" && axis.out <= 1) return 0;
    float centre = (x + 0.5f) / axis.scale;
    if (mode != "half_pixel_symmetric") return centre - 0.5f;
    float adjustment = out / (axis.scale * in);
    return in / 2 * (1 - adjustment) + centre - 0.5f;
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

// What resample2d reads: positions and fractions of two axes, one after the other.
class ResizeTables {
public:
    static Result<ResizeTables> create(int64_t entries) {
        ResizeTables tables;
        LINNET_ASSIGN(tables.positions, Tensor::create(DType::kInt32, {2 * entries}));
        LINNET_ASSIGN(tables.fractions, Tensor::create(DType::kFloat32, {entries}));
        return tables;
    }
    void add_kept(int32_t length) {
        for (int32_t i = 0; i < length; ++i) add(i, i, 0);
    }
    void add_nearest(const Node &node, const ResizedAxis &axis) {
        string_view places = node.get_text("coordinate_transformation_mode", "half_pixel");
        string_view mode = node.get_text("nearest_mode", "round_prefer_floor");
        for (int64_t i = 0; i < axis.out; ++i) {
            int32_t at = clamped(nearest_place(mode, source_place(places, axis, i)), axis.in);
            add(at, at, 0);
        }
    }
    void add_linear(const Node &node, const ResizedAxis &axis) {
        string_view places = node.get_text("coordinate_transformation_mode", "half_pixel");
        float last = static_cast<float>(axis.in - 1);
        for (int64_t i = 0; i < axis.out; ++i) {
            float place = source_place(places, axis, i);
            place = place > 0 ? (place < last ? place : last) : 0;
            int32_t lower = clamped(std::floor(place), axis.in);
            int32_t upper = lower + 1 < axis.in ? lower + 1 : lower;
            add(lower, upper, place - static_cast<float>(lower));
        }
    }

    Ref<Tensor> positions, fractions;

private:
    void add(int32_t lower, int32_t upper, float fraction) {
        positions->writable<int32_t>()[2 * used_] = lower;
        positions->writable<int32_t>()[2 * used_ + 1] = upper;
        fractions->writable<float>()[used_++] = fraction;
    }
    size_t used_ = 0;
};

// The axes of one step: two that are resized (or one, and -1), and one that is taken along.
struct ResizeStep {
    int h = -1, w = -1, inner = -1;
};

void add_resize_axis(const Lowering &lowering, const ResizePlan &plan, const View &x, int at,
                     ResizeTables *tables) {
    if (at < 0) return tables->add_kept(1);
    ResizedAxis axis = {x.shape[at], plan.to[at], plan.scale[at]};
    if (lowering.node().get_text("mode", "nearest") == "linear")
        tables->add_linear(lowering.node(), axis);
    else
        tables->add_nearest(lowering.node(), axis);
}

void set_resize_sizes(const ResizeStep &step, const View &x, const View &y,
                      Resample2dParams *params) {
    params->out_w = y.shape[step.w];
    params->x_w = x.stride[step.w];
    params->y_w = y.stride[step.w];
    if (step.inner >= 0) {
        params->inner = y.shape[step.inner];
        params->x_inner = x.stride[step.inner];
        params->y_inner = y.stride[step.inner];
    }
    View outer_x = x, outer_y = y;
    for (int axis : {step.h, step.w, step.inner})
        if (axis >= 0) outer_x.shape[axis] = outer_y.shape[axis] = 1;
    StridedLoop &rows = params->rows;
    rows = loop_over(outer_y.shape, {&outer_y, &outer_x});
    if (step.h < 0) return;
    params->out_h = y.shape[step.h];
    params->x_h = x.stride[step.h];
    rows.extent[rows.rank] = params->out_h;
    rows.stride[0][rows.rank] = y.stride[step.h];
    rows.stride[1][rows.rank++] = 0;
}

Status emit_resize(Lowering &lowering, const ResizePlan &plan, const ResizeStep &step,
                   const View &x, const View &y) {
    int64_t entries = y.shape[step.w] + (step.h < 0 ? 1 : y.shape[step.h]);
    LINNET_ASSIGN(ResizeTables tables, ResizeTables::create(entries));
    add_resize_axis(lowering, plan, x, step.h, &tables);
    add_resize_axis(lowering, plan, x, step.w, &tables);
    LINNET_ASSIGN(View positions, lowering.weights(std::move(tables.positions)));
    LINNET_ASSIGN(View fractions, lowering.weights(std::move(tables.fractions)));
    Resample2dParams params;
    params.linear = lowering.node().get_text("mode", "nearest") == "linear";
    params.element_bytes = static_cast<int32_t>(size_of(x.dtype));
    set_resize_sizes(step, x, y, &params);
    return lowering.emit(KernelId::resample2d, params, {y, x, positions, fractions});
}

// The next one or two axes that are still to be resized, from the last one on.
ResizeStep next_resize_step(const ResizePlan &plan, const Shape &now, const View &x,
                            const bool *done) {
    ResizeStep step;
    for (int axis = now.rank() - 1; axis >= 0; --axis) {
        if (!plan.resized[axis] || done[axis]) continue;
        if (step.w < 0) step.w = axis;
        else if (step.h < 0) step.h = axis;
    }
    for (int axis = 0; axis < now.rank(); ++axis)
        if (axis != step.w && axis != step.h && x.stride[axis] == 1 && now[axis] > 1)
            step.inner = axis;
    return step;
}

const char *const kResizePlaces[] = {"half_pixel", "asymmetric", "align_corners",
                                     "pytorch_half_pixel", "half_pixel_symmetric"};
const char *const kNearestModes[] = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
const char *const kRatioPolicies[] = {"stretch", "not_larger", "not_smaller"};

bool is_one_of(string_view text, Span<const char *const> allowed) {
    for (const char *candidate : allowed)
        if (text == candidate) return true;
    return false;
}

Status check_resize_text(const Inference &inference, const char *attribute, const char *otherwise,
                         Span<const char *const> allowed) {
    string_view text = inference.node().get_text(attribute, otherwise);
    if (is_one_of(text, allowed)) return Status();
    return inference.unsupported("its %s is '%.*s'", attribute, static_cast<int>(text.size()),
                                 text.data());
}

Status check_resize(const Inference &inference) {
    const char *const modes[] = {"nearest", "linear"};
    LINNET_TRY(check_resize_text(inference, "mode", "nearest", modes));
    LINNET_TRY(check_resize_text(inference, "coordinate_transformation_mode", "half_pixel",
                                 kResizePlaces));
    LINNET_TRY(check_resize_text(inference, "nearest_mode", "round_prefer_floor", kNearestModes));
    LINNET_TRY(check_resize_text(inference, "keep_aspect_ratio_policy", "stretch", kRatioPolicies));
    if (inference.node().get_int("antialias", 0) != 0)
        return inference.unsupported("its antialias is set");
    if (inference.node().get_text("mode", "nearest") == "linear")
        return inference.require_dtype(0, {DType::kFloat32});
    return Status();
}

bool is_resize_known(const Inference &inference) {
    bool any = false;
    for (size_t i = 2; i < 4; ++i) {
        if (!inference.has_input(i)) continue;
        if (!inference.constant(i)) return false;
        any = true;
    }
    return any;
}

// Inputs: x, a region that the supported modes do not read, scales, sizes.
Status infer_resize(Inference &inference) {
    LINNET_TRY(check_resize(inference));
    const Shape &x = inference.shape(0);
    if (!x.has_rank() || !is_resize_known(inference)) {
        inference.set_output(0, inference.dtype(0),
                             x.has_rank() ? Shape::of_rank(x.rank()) : Shape::unknown());
        return Status();
    }
    bool ratio = inference.node().get_text("keep_aspect_ratio_policy", "stretch") != "stretch";
    if (ratio && !x.is_known()) {
        inference.set_output(0, inference.dtype(0), Shape::of_rank(x.rank()));
        return Status();
    }
    ResizePlan plan;
    ResizeReader reader(inference.node(), x, inference.constant(2), inference.constant(3));
    if (const char *wrong = reader.read(&plan))
        return inference.fail("%s (its input is %s)", wrong, ShapeText(x).c_str());
    inference.set_output(0, inference.dtype(0), plan.to);
    return Status();
}

Status lower_resize(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    for (size_t i = 2; i < 4; ++i)
        if (lowering.has_input(i) && !lowering.constant(i))
            return lowering.unsupported("its scales or sizes are not constant");
    ResizePlan plan;
    ResizeReader reader(lowering.node(), lowering.input_shape(0), lowering.constant(2),
                        lowering.constant(3));
    if (const char *wrong = reader.read(&plan)) return lowering.fail("%s", wrong);
    bool done[kMaxRank] = {};
    int left = 0;
    for (int axis = 0; axis < x.shape.rank(); ++axis) left += plan.resized[axis];
    if (left == 0) return lowering.alias(0, x);
    while (left > 0) {
        ResizeStep step = next_resize_step(plan, x.shape, x, done);
        left -= step.h < 0 ? 1 : 2;
        Shape shape = x.shape;
        for (int axis : {step.h, step.w}) {
            if (axis < 0) continue;
            shape[axis] = plan.to[axis];
            done[axis] = true;
        }
        LINNET_ASSIGN(View y, left > 0 ? lowering.temporary(x.dtype, shape, order_of(x))
                                       : lowering.output(0, order_of(x)));
        LINNET_TRY(emit_resize(lowering, plan, step, x, y));
        x = y;
    }
    return Status();
}

const AttributeRule kResizeAttributes[] = {
    {"antialias", Attribute::Kind::kInt},
    {"axes", Attribute::Kind::kInts},
    {"coordinate_transformation_mode", Attribute::Kind::kText},
    {"cubic_coeff_a", Attribute::Kind::kFloat},
    {"exclude_outside", Attribute::Kind::kInt},
    {"extrapolation_value", Attribute::Kind::kFloat},
    {"keep_aspect_ratio_policy", Attribute::Kind::kText},
    {"mode", Attribute::Kind::kText},
    {"nearest_mode", Attribute::Kind::kText}};

} // namespace

extern const Operator resize_operator;
const Operator resize_operator = {"Resize", 1,    4,            1,           1, kResizeAttributes,
                                  true,     infer_resize, lower_resize};

} // namespace linnet

// SPDX-License-Identifier: MIT
#include "kernels/resample2d.h"
#include "kernels/resample_axis.h"
#include "ops/operator.h"
#include "ops/resize_places.h"

namespace linnet {
namespace {

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
        for (int64_t i = 0; i < axis.out; ++i) {
            int32_t at = nearest_pixel(node, axis, i);
            add(at, at, 0);
        }
    }
    void add_linear(const Node &node, const ResizedAxis &axis) {
        for (int64_t i = 0; i < axis.out; ++i) {
            LinearPlace place = linear_pixels(node, axis, i);
            add(place.lower, place.upper, place.share);
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

ResizedAxis resized_axis(const ResizePlan &plan, const View &x, int at) {
    return {x.shape[at], plan.to[at], plan.scale[at], plan.start[at], plan.end[at]};
}

// The axes of one step: two that are resized (or one, and -1), and one that is taken along.
struct ResizeStep {
    int h = -1, w = -1, inner = -1;
};

void add_resize_axis(const Lowering &lowering, const ResizePlan &plan, const View &x, int at,
                     ResizeTables *tables) {
    if (at < 0) return tables->add_kept(1);
    ResizedAxis axis = resized_axis(plan, x, at);
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

// What resample2d does not: more neighbours than two, and places outside.
bool needs_runs(const Node &node) {
    string_view mode = node.get_text("mode", "nearest");
    bool antialias = mode == "linear" && node.get_int("antialias", 0) != 0;
    return mode == "cubic" || antialias || is_resize_crop(node);
}

Status emit_resized_axis(Lowering &lowering, const ResizePlan &plan, const ResizeStep &step,
                         const View &x, const View &y) {
    LINNET_ASSIGN(ResizeRuns runs,
                  ResizeRuns::create(lowering.node(), resized_axis(plan, x, step.w)));
    LINNET_ASSIGN(View table, lowering.weights(std::move(runs.runs)));
    LINNET_ASSIGN(View shares, lowering.weights(std::move(runs.shares)));
    ResampleAxisParams params;
    params.out = y.shape[step.w];
    params.most = runs.most;
    params.x_step = x.stride[step.w];
    params.outside = lowering.node().get_float("extrapolation_value", 0);
    View outer_x = x, outer_y = y;
    outer_x.shape[step.w] = outer_y.shape[step.w] = 1;
    if (step.inner >= 0) {
        params.inner = y.shape[step.inner];
        params.x_inner = x.stride[step.inner];
        params.y_inner = y.stride[step.inner];
        outer_x.shape[step.inner] = outer_y.shape[step.inner] = 1;
    }
    StridedLoop &rows = params.rows;
    rows = loop_over(outer_y.shape, {&outer_y, &outer_x});
    rows.extent[rows.rank] = params.out;
    rows.stride[0][rows.rank] = y.stride[step.w];
    rows.stride[1][rows.rank++] = 0;
    return lowering.emit(KernelId::resample_axis, params, {y, x, table, shares});
}

// The next axes that are still to be resized, from the last one on: two if the step can do so.
ResizeStep next_resize_step(const ResizePlan &plan, const View &x, bool pairs, const bool *done) {
    ResizeStep step;
    for (int axis = x.shape.rank() - 1; axis >= 0; --axis) {
        if (!plan.resized[axis] || done[axis]) continue;
        if (step.w < 0) step.w = axis;
        else if (step.h < 0 && pairs) step.h = axis;
    }
    for (int axis = 0; axis < x.shape.rank(); ++axis)
        if (axis != step.w && axis != step.h && x.stride[axis] == 1 && x.shape[axis] > 1)
            step.inner = axis;
    return step;
}

const char *const kResizePlaces[] = {"half_pixel", "asymmetric", "align_corners",
                                     "pytorch_half_pixel", "half_pixel_symmetric",
                                     "tf_crop_and_resize"};
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
    const char *const modes[] = {"nearest", "linear", "cubic"};
    LINNET_TRY(check_resize_text(inference, "mode", "nearest", modes));
    LINNET_TRY(check_resize_text(inference, "coordinate_transformation_mode", "half_pixel",
                                 kResizePlaces));
    LINNET_TRY(check_resize_text(inference, "nearest_mode", "round_prefer_floor", kNearestModes));
    LINNET_TRY(check_resize_text(inference, "keep_aspect_ratio_policy", "stretch", kRatioPolicies));
    const Node &node = inference.node();
    if (node.get_text("mode", "nearest") != "nearest" || is_resize_crop(node))
        return inference.require_dtype(0, {DType::kFloat32});
    return Status();
}

bool is_resize_known(const Inference &inference) {
    bool any = false;
    for (size_t i = is_resize_crop(inference.node()) ? 1 : 2; i < 4; ++i) {
        if (!inference.has_input(i)) continue;
        if (!inference.constant(i)) return false;
        any = any || i > 1;
    }
    return any;
}

// Inputs: x, the region that a crop shows, scales, sizes.
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
    ResizeInputs inputs = {inference.constant(1), inference.constant(2), inference.constant(3)};
    if (const char *wrong = read_resize_plan(inference.node(), x, inputs, &plan))
        return inference.fail("%s (its input is %s)", wrong, ShapeText(x).c_str());
    inference.set_output(0, inference.dtype(0), plan.to);
    return Status();
}

Status lower_resize(Lowering &lowering) {
    LINNET_ASSIGN(View x, lowering.input(0));
    for (size_t i = is_resize_crop(lowering.node()) ? 1 : 2; i < 4; ++i)
        if (lowering.has_input(i) && !lowering.constant(i))
            return lowering.unsupported("its region, scales or sizes are not constant");
    ResizePlan plan;
    ResizeInputs inputs = {lowering.constant(1), lowering.constant(2), lowering.constant(3)};
    if (const char *wrong =
            read_resize_plan(lowering.node(), lowering.input_shape(0), inputs, &plan))
        return lowering.fail("%s", wrong);
    bool done[kMaxRank] = {};
    int left = 0;
    for (int axis = 0; axis < x.shape.rank(); ++axis) left += plan.resized[axis];
    if (left == 0) return lowering.alias(0, x);
    bool runs = needs_runs(lowering.node());
    while (left > 0) {
        ResizeStep step = next_resize_step(plan, x, !runs, done);
        left -= step.h < 0 ? 1 : 2;
        Shape shape = x.shape;
        for (int axis : {step.h, step.w}) {
            if (axis < 0) continue;
            shape[axis] = plan.to[axis];
            done[axis] = true;
        }
        LINNET_ASSIGN(View y, left > 0 ? lowering.temporary(x.dtype, shape, order_of(x))
                                       : lowering.output(0, order_of(x)));
        LINNET_TRY((runs ? emit_resized_axis : emit_resize)(lowering, plan, step, x, y));
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

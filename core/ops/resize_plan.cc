// SPDX-License-Identifier: MIT
#include "ops/resize_plan.h"

#include <cmath>

namespace linnet {
namespace {

// Reads what the inputs ask for.
class ResizeReader {
public:
    ResizeReader(const Node &node, const Shape &x, const ResizeInputs &inputs)
        : node_(node), x_(x), roi_(used(inputs.roi)), scales_(used(inputs.scales)),
          sizes_(used(inputs.sizes)) {}

    // Fills the plan; returns what is wrong, or nullptr.
    const char *read(ResizePlan *plan) const {
        plan->to = x_;
        for (int axis = 0; axis < kMaxRank; ++axis) {
            plan->scale[axis] = plan->end[axis] = 1;
            plan->start[axis] = 0;
        }
        if ((scales_ != nullptr) == (sizes_ != nullptr))
            return "exactly one of scales and sizes must be given";
        int axes[kMaxRank];
        size_t count = 0;
        if (const char *wrong = read_axes(axes, &count)) return wrong;
        const Tensor &given = scales_ ? *scales_ : *sizes_;
        if (given.elements() != count) return "scales or sizes has another length than the axes";
        const char *wrong =
            scales_ ? read_scales(axes, count, plan) : read_sizes(axes, count, plan);
        return wrong || !is_resize_crop(node_) ? wrong : read_roi(axes, count, plan);
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

    const char *read_roi(const int *axes, size_t count, ResizePlan *plan) const {
        if (!roi_) return "tf_crop_and_resize needs a constant roi";
        if (roi_->dtype() != DType::kFloat32) return "its roi is not float32";
        if (roi_->elements() != 2 * count) return "its roi has another length than twice the axes";
        for (size_t i = 0; i < count; ++i) {
            float start = roi_->floats()[i], end = roi_->floats()[count + i];
            plan->start[axes[i]] = start;
            plan->end[axes[i]] = end;
            if (start != 0 || end != 1) plan->resized[axes[i]] = true;
        }
        return nullptr;
    }

    const Node &node_;
    const Shape &x_;
    const Tensor *roi_, *scales_, *sizes_;
};

} // namespace

bool is_resize_crop(const Node &node) {
    return node.get_text("coordinate_transformation_mode", "") == "tf_crop_and_resize";
}

const char *read_resize_plan(const Node &node, const Shape &x, const ResizeInputs &inputs,
                             ResizePlan *plan) {
    return ResizeReader(node, x, inputs).read(plan);
}

} // namespace linnet

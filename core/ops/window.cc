// SPDX-License-Identifier: MIT
#include "ops/window.h"

#include <algorithm>

namespace linnet {
namespace {

constexpr int64_t kLargestWindow = 1 << 24; // of any attribute: keeps all sums far from overflow

// One attribute of `axes` numbers, each within limits. An absent one leaves the default.
const char *read_axes(const Node &node, const char *attribute, int axes, int64_t least,
                      int64_t *target) {
    Span<const int64_t> given = node.get_ints(attribute);
    if (given.empty()) return nullptr;
    if (given.size() != static_cast<size_t>(axes)) return attribute;
    for (int i = 0; i < axes; ++i) {
        target[i] = given[static_cast<size_t>(i)];
        if (target[i] < least || target[i] > kLargestWindow) return attribute;
    }
    return nullptr;
}

// The output's length without ceil_mode; kUnknown for an unknown input.
void place_window(const Node &node, int64_t in, int axis, Window *window) {
    int64_t extent = (window->kernel[axis] - 1) * window->dilation[axis] + 1;
    int64_t stride = window->stride[axis];
    string_view auto_pad = node.get_text("auto_pad", "NOTSET");
    if (in < 0) {
        window->out[axis] = kUnknown;
        return;
    }
    if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER") {
        window->out[axis] = (in + stride - 1) / stride;
        int64_t pads = std::max<int64_t>(0, (window->out[axis] - 1) * stride + extent - in);
        window->pad_before[axis] = auto_pad == "SAME_UPPER" ? pads / 2 : pads - pads / 2;
        window->pad_after[axis] = pads - window->pad_before[axis];
        return;
    }
    int64_t room = in + window->pad_before[axis] + window->pad_after[axis] - extent;
    window->out[axis] = room < 0 ? 0 : room / stride + 1;
    // With ceil_mode a last window may reach past the end, but it must begin inside the input or
    // its pad before it (ONNX opset 19, as PyTorch).
    if (node.get_int("ceil_mode", 0) != 0 && room > -stride && room % stride != 0 &&
        window->out[axis] * stride < in + window->pad_before[axis])
        ++window->out[axis];
}

// The attributes that both directions have; returns the name of the one that is wrong, or nullptr.
const char *fill_attributes(const Node &node, const Shape &x, const Shape &w, Window *window) {
    window->axes = x.rank() - 2;
    int64_t given[2] = {1, 1};
    for (int i = 0; w.has_rank() && i < window->axes; ++i)
        given[i] = window->kernel[i] = w[i + 2];
    if (const char *bad = read_axes(node, "kernel_shape", window->axes, 1, given)) return bad;
    for (int i = 0; i < window->axes; ++i) {
        if (given[i] < 1 || (w.has_rank() && given[i] != window->kernel[i])) return "kernel_shape";
        window->kernel[i] = given[i];
    }
    if (const char *bad = read_axes(node, "strides", window->axes, 1, window->stride)) return bad;
    if (const char *bad = read_axes(node, "dilations", window->axes, 1, window->dilation))
        return bad;
    int64_t pads[4] = {};
    string_view auto_pad = node.get_text("auto_pad", "NOTSET");
    if (auto_pad == "NOTSET") {
        if (const char *bad = read_axes(node, "pads", 2 * window->axes, 0, pads)) return bad;
    } else if (auto_pad != "SAME_UPPER" && auto_pad != "SAME_LOWER" && auto_pad != "VALID") {
        return "auto_pad";
    }
    for (int i = 0; i < window->axes; ++i) {
        window->pad_before[i] = pads[i];
        window->pad_after[i] = pads[i + window->axes];
    }
    return nullptr;
}

const char *fill_window(const Node &node, const Shape &x, const Shape &w, Window *window) {
    if (const char *bad = fill_attributes(node, x, w, window)) return bad;
    for (int i = 0; i < window->axes; ++i) place_window(node, x[i + 2], i, window);
    return nullptr;
}

// Divides what the result would have too much over both sides; the rule of ConvTranspose for an
// output_shape or SAME pads. A result that is larger than the windows reach has no pads.
void crop_transposed(const Node &node, int64_t excess, int axis, Window *window) {
    if (excess < 0) excess = 0;
    bool upper = node.get_text("auto_pad", "NOTSET") == "SAME_UPPER";
    window->pad_before[axis] = upper ? excess / 2 : excess - excess / 2;
    window->pad_after[axis] = excess - window->pad_before[axis];
}

void place_transposed(const Node &node, int64_t in, int64_t padding, int64_t wanted, int axis,
                      Window *window) {
    string_view auto_pad = node.get_text("auto_pad", "NOTSET");
    bool same = auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
    int64_t &out = window->out[axis];
    out = wanted >= 0 ? wanted : kUnknown;
    if (in < 0) return;
    int64_t extent = (window->kernel[axis] - 1) * window->dilation[axis] + 1;
    int64_t reach = (in - 1) * window->stride[axis] + extent + padding;
    if (same && wanted < 0) out = in * window->stride[axis];
    if (out >= 0)
        crop_transposed(node, reach - out, axis, window);
    else
        out = reach - window->pad_before[axis] - window->pad_after[axis];
    if (out < 0) out = 0;
}

const char *fill_transposed(const Node &node, const Shape &x, const Shape &w, Window *window) {
    if (const char *bad = fill_attributes(node, x, w, window)) return bad;
    int64_t padding[2] = {0, 0}, wanted[2] = {kUnknown, kUnknown};
    if (const char *bad = read_axes(node, "output_padding", window->axes, 0, padding)) return bad;
    Span<const int64_t> shape = node.get_ints("output_shape");
    // Older writers state batch and channels too.
    bool whole = shape.size() == static_cast<size_t>(x.rank());
    for (int i = 0; whole && i < window->axes; ++i) {
        wanted[i] = shape[static_cast<size_t>(i + 2)];
        if (wanted[i] < 1 || wanted[i] > kLargestWindow) return "output_shape";
    }
    if (!whole)
        if (const char *bad = read_axes(node, "output_shape", window->axes, 1, wanted)) return bad;
    for (int i = 0; i < window->axes; ++i)
        place_transposed(node, x[i + 2], padding[i], wanted[i], i, window);
    return nullptr;
}

Status check_window(const Inference &inference, const Shape &x, const char *bad,
                    const Window &window) {
    if (bad)
        return inference.fail("its attribute '%s' is not possible for the input %s", bad,
                              ShapeText(x).c_str());
    for (int i = 0; i < window.axes; ++i)
        if (window.out[i] == 0)
            return inference.fail("its kernel of %lld leaves nothing of the input %s with pads of "
                                  "%lld and %lld",
                                  static_cast<long long>(window.kernel[i]), ShapeText(x).c_str(),
                                  static_cast<long long>(window.pad_before[i]),
                                  static_cast<long long>(window.pad_after[i]));
    return Status();
}

} // namespace

Status read_window(const Inference &inference, const Shape &x, const Shape &w, Window *window) {
    const char *bad = fill_window(inference.node(), x, w, window);
    return check_window(inference, x, bad, *window);
}

Window known_window(const Node &node, const Shape &x, const Shape &w) {
    Window window;
    fill_window(node, x, w, &window);
    return window;
}

Status read_transposed_window(const Inference &inference, const Shape &x, const Shape &w,
                              Window *window) {
    const char *bad = fill_transposed(inference.node(), x, w, window);
    return check_window(inference, x, bad, *window);
}

Window known_transposed_window(const Node &node, const Shape &x, const Shape &w) {
    Window window;
    fill_transposed(node, x, w, &window);
    return window;
}

} // namespace linnet

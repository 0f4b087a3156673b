// SPDX-License-Identifier: MIT
#include <cmath>

#include "ops/operator.h"

namespace linnet {

constexpr int64_t kLongestRange = int64_t{1} << 30;

// How many numbers an integer range has; -1 if too many.
static int64_t integer_range_length(int64_t start, int64_t limit, int64_t delta) {
    if (delta > 0 ? limit <= start : limit >= start) return 0;
    uint64_t low = static_cast<uint64_t>(delta > 0 ? start : limit);
    uint64_t high = static_cast<uint64_t>(delta > 0 ? limit : start);
    uint64_t step = delta > 0 ? static_cast<uint64_t>(delta) : 0 - static_cast<uint64_t>(delta);
    uint64_t length = (high - low - 1) / step + 1;
    return length > static_cast<uint64_t>(kLongestRange) ? -1 : static_cast<int64_t>(length);
}

static int64_t float_range_length(float start, float limit, float delta) {
    double length = std::ceil(static_cast<double>(limit - start) / static_cast<double>(delta));
    if (!(length <= static_cast<double>(kLongestRange))) return -1;
    return length > 0 ? static_cast<int64_t>(length) : 0;
}

// Start, limit and delta are one number each.
static Status infer_range(Inference &inference) {
    LINNET_TRY(inference.require_dtype(0, {DType::kFloat32, DType::kInt64, DType::kInt32}));
    const Tensor *bounds[3];
    bool known = true;
    for (size_t i = 0; i < 3; ++i) {
        bounds[i] = inference.constant(i);
        known = known && bounds[i];
        if (inference.dtype(i) != inference.dtype(0))
            return inference.fail("its inputs have the types %s and %s; they must be the same",
                                  name_of(inference.dtype(0)), name_of(inference.dtype(i)));
        if (bounds[i] && bounds[i]->elements() != 1)
            return inference.fail("its input %zu has the shape %s; a scalar is expected", i,
                                  ShapeText(bounds[i]->shape()).c_str());
    }
    int64_t length = kUnknown;
    if (known) {
        bool floats = inference.dtype(0) == DType::kFloat32;
        if (floats ? bounds[2]->floats()[0] == 0 : bounds[2]->integer(0) == 0)
            return inference.fail("its delta is 0");
        length = floats ? float_range_length(bounds[0]->floats()[0], bounds[1]->floats()[0],
                                             bounds[2]->floats()[0])
                        : integer_range_length(bounds[0]->integer(0), bounds[1]->integer(0),
                                               bounds[2]->integer(0));
        if (length < 0)
            return inference.unsupported("it would make more than %lld numbers",
                                         static_cast<long long>(kLongestRange));
    }
    inference.set_output(0, inference.dtype(0), {length});
    return Status();
}

template <class T, class Wide>
static void fill_range(Wide start, Wide delta, Tensor *contents) {
    Span<T> target = contents->writable<T>();
    for (size_t i = 0; i < target.size(); ++i)
        target[i] = static_cast<T>(start + static_cast<Wide>(i) * delta);
}

// The numbers are a constant of the program.
static Status lower_range(Lowering &lowering) {
    const Tensor *start = lowering.constant(0), *delta = lowering.constant(2);
    DType dtype = lowering.output_dtype(0);
    if (!start || !delta) return lowering.unsupported("its bounds are not constant");
    LINNET_ASSIGN(Ref<Tensor> contents, Tensor::create(dtype, lowering.output_shape(0)));
    if (dtype == DType::kFloat32)
        fill_range<float>(start->floats()[0], delta->floats()[0], contents.get());
    else if (dtype == DType::kInt64)
        fill_range<int64_t>(static_cast<uint64_t>(start->integer(0)),
                            static_cast<uint64_t>(delta->integer(0)), contents.get());
    else
        fill_range<int32_t>(start->integer(0), delta->integer(0), contents.get());
    LINNET_ASSIGN(View view, lowering.weights(std::move(contents)));
    return lowering.alias(0, view);
}

extern const Operator range_operator;
const Operator range_operator = {"Range", 3, 3, 1, 1, {}, false, infer_range, lower_range};

} // namespace linnet

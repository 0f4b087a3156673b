// What reshaping, slicing, transposing and broadcasting see, against coordinates counted out.
// SPDX-License-Identifier: MIT
#include "program/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace linnet {
namespace {

View view_of(const Shape &shape, Order order = Order::kDense) {
    View view;
    view.space = Space::kArena;
    view.dtype = DType::kFloat32;
    view.shape = shape;
    set_strides(order, shape, view.stride);
    return view;
}

// The places of all elements in row-major order of their coordinates.
std::vector<int64_t> places(const View &view) {
    std::vector<int64_t> found;
    int64_t count = view.shape.elements();
    for (int64_t i = 0; i < count; ++i) {
        int64_t rest = i, at = view.offset;
        for (int axis = view.shape.rank(); axis-- > 0; rest /= view.shape[axis])
            at += rest % view.shape[axis] * view.stride[axis];
        found.push_back(at);
    }
    return found;
}

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    int64_t operator()(int64_t low, int64_t high) {
        return std::uniform_int_distribution<int64_t>(low, high)(engine_);
    }
    Shape shape(int most_axes, int64_t longest) {
        Shape shape;
        for (int64_t axes = (*this)(0, most_axes); axes > 0; --axes)
            shape.append((*this)(1, longest));
        return shape;
    }
    std::vector<int64_t> permutation(int rank) {
        std::vector<int64_t> order(static_cast<size_t>(rank));
        for (int i = 0; i < rank; ++i) order[static_cast<size_t>(i)] = i;
        std::shuffle(order.begin(), order.end(), engine_);
        return order;
    }
    // The same elements, their axes split and joined at random.
    Shape regrouped(const Shape &shape) {
        std::vector<int64_t> primes;
        for (int64_t dim : shape.dims())
            for (int64_t p = 2; dim > 1; ++p)
                for (; dim % p == 0; dim /= p) primes.push_back(p);
        Shape result;
        int64_t dim = 1;
        for (int64_t p : primes) {
            dim *= p;
            if (result.rank() < kMaxRank - 2 && (*this)(0, 1)) {
                result.append(dim);
                dim = 1;
            }
            if (result.rank() < kMaxRank - 2 && (*this)(0, 5) == 0) result.append(1);
        }
        if (dim > 1) result.append(dim);
        return result;
    }
    // A view with gaps, in any order, turned round, or with repeated elements.
    View view() {
        View view = view_of(shape(5, 6), (*this)(0, 1) ? Order::kDense : Order::kChannelsLast);
        for (int axis = 0; axis < view.shape.rank(); ++axis) {
            int64_t length = view.shape[axis], kind = (*this)(0, 5);
            if (kind == 0) view = slice_view(view, axis, length - 1, -1, length);
            if (kind == 1) view = slice_view(view, axis, length / 2, 1, length - length / 2);
            if (kind == 2) view = slice_view(view, axis, 0, 2, (length + 1) / 2);
            if (kind == 3 && (*this)(0, 3) == 0) view.stride[axis] = 0;
        }
        if ((*this)(0, 1)) return view;
        std::vector<int64_t> order = permutation(view.shape.rank());
        return transpose_view(view, Span<const int64_t>(order.data(), order.size()));
    }

private:
    std::mt19937 engine_;
};

TEST(Layout, StridesWithoutGaps) {
    View dense = view_of({2, 3, 4, 5});
    EXPECT_EQ(dense.stride[0], 60);
    EXPECT_EQ(dense.stride[3], 1);
    View last = view_of({2, 3, 4, 5}, Order::kChannelsLast);
    EXPECT_EQ(last.stride[0], 60);
    EXPECT_EQ(last.stride[1], 1);
    EXPECT_EQ(last.stride[2], 15);
    EXPECT_EQ(last.stride[3], 3);
    EXPECT_TRUE(lies_in(Order::kChannelsLast, last));
    EXPECT_FALSE(lies_in(Order::kDense, last));
    EXPECT_TRUE(lies_in(Order::kChannelsLast, view_of({4, 5})));
    EXPECT_EQ(order_of(last), Order::kChannelsLast);
    EXPECT_EQ(order_of(dense), Order::kDense);
}

// With one channel, or one pixel, both orders are the same.
TEST(Layout, AxesOfLengthOneDoNotCount) {
    EXPECT_TRUE(lies_in(Order::kDense, view_of({2, 1, 4, 5}, Order::kChannelsLast)));
    EXPECT_TRUE(lies_in(Order::kDense, view_of({2, 3, 1, 1}, Order::kChannelsLast)));
    EXPECT_EQ(order_of(view_of({2, 1, 4, 5}, Order::kChannelsLast)), Order::kDense);
}

TEST(Layout, SlicesSeeWhatTheyName) {
    View view = slice_view(view_of({4, 6}), 1, 5, -2, 3);
    EXPECT_EQ(places(slice_view(view, 0, 1, 1, 1)), (std::vector<int64_t>{11, 9, 7}));
}

// Whatever is given out as a free reshape has the same elements in the same order.
TEST(Layout, ReshapesKeepTheElementsInOrder) {
    Dice dice(1);
    int free_ones = 0;
    for (int round = 0; round < 20000; ++round) {
        View view = dice.view(), reshaped;
        Shape shape = dice.regrouped(view.shape);
        if (!reshape_view(view, shape, &reshaped)) continue;
        ++free_ones;
        ASSERT_EQ(reshaped.shape, shape);
        ASSERT_EQ(places(reshaped), places(view)) << round;
    }
    EXPECT_GT(free_ones, 5000);
}

TEST(Layout, ReshapesOfWhatHasNoGapsAreFree) {
    Dice dice(2);
    for (int round = 0; round < 5000; ++round) {
        View view = view_of(dice.shape(5, 6)), reshaped;
        Shape shape = dice.regrouped(view.shape);
        ASSERT_TRUE(reshape_view(view, shape, &reshaped));
        ASSERT_TRUE(lies_in(Order::kDense, reshaped));
    }
}

// Splitting axes, and adding and dropping axes of length 1, never needs a copy.
TEST(Layout, SplitsAreFree) {
    Dice dice(3);
    for (int round = 0; round < 5000; ++round) {
        View view = dice.view(), split, joined;
        if (view.shape.rank() == 0) continue;
        Shape shape = view.shape;
        int axis = static_cast<int>(dice(0, shape.rank() - 1));
        for (int64_t part = 2; part < shape[axis]; ++part) {
            if (shape[axis] % part != 0) continue;
            shape.insert(axis, part);
            shape[axis + 1] /= part;
            break;
        }
        shape.insert(static_cast<int>(dice(0, shape.rank())), 1);
        ASSERT_TRUE(reshape_view(view, shape, &split));
        ASSERT_EQ(places(split), places(view));
        ASSERT_TRUE(reshape_view(split, view.shape, &joined));
        ASSERT_EQ(places(joined), places(view));
    }
}

TEST(Layout, ReshapesOfNothing) {
    View reshaped;
    EXPECT_TRUE(reshape_view(view_of({3, 0, 2}), {0, 7}, &reshaped));
    EXPECT_EQ(reshaped.shape.elements(), 0);
    EXPECT_TRUE(reshape_view(view_of({}), {1, 1}, &reshaped));
    EXPECT_TRUE(reshape_view(view_of({1, 1}), {}, &reshaped));
    EXPECT_EQ(places(reshaped), std::vector<int64_t>{0});
}

TEST(Layout, ChannelsLastDoesNotFlatten) {
    View reshaped;
    EXPECT_FALSE(reshape_view(view_of({2, 3, 4, 5}, Order::kChannelsLast), {2, 60}, &reshaped));
    EXPECT_TRUE(reshape_view(view_of({2, 3, 4, 5}, Order::kChannelsLast), {2, 3, 20}, &reshaped));
    EXPECT_EQ(reshaped.stride[2], 3);
}

TEST(Layout, BroadcastsRepeat) {
    Dice dice(4);
    for (int round = 0; round < 5000; ++round) {
        View view = dice.view();
        Shape shape = view.shape;
        for (int axis = 0; axis < shape.rank(); ++axis)
            if (shape[axis] == 1) shape[axis] = dice(1, 3);
        for (int64_t more = dice(0, 2); more > 0; --more) shape.insert(0, dice(1, 3));
        View wide = broadcast_view(view, shape);
        ASSERT_EQ(wide.shape, shape);
        std::vector<int64_t> seen = places(view), expected;
        for (int64_t i = 0; i < shape.elements(); ++i) {
            int64_t rest = i, at = 0, step = 1;
            for (int axis = shape.rank() - 1; axis >= 0; rest /= shape[axis--]) {
                int from = axis - (shape.rank() - view.shape.rank());
                if (from < 0) continue;
                at += view.shape[from] == 1 ? 0 : rest % shape[axis] * step;
                step *= view.shape[from];
            }
            expected.push_back(seen[static_cast<size_t>(at)]);
        }
        ASSERT_EQ(places(wide), expected);
    }
}

// A loop visits every element once, with the same places for all operands, in whatever order.
TEST(Layout, LoopsVisitEverything) {
    Dice dice(5);
    for (int round = 0; round < 5000; ++round) {
        View a = dice.view();
        View b = view_of(a.shape, dice(0, 1) ? Order::kDense : Order::kChannelsLast), c = a;
        for (int axis = 0; axis < c.shape.rank(); ++axis)
            if (dice(0, 2) == 0) c.stride[axis] = 0;
        StridedLoop loop = loop_over(a.shape, {&b, &a, &c});
        ASSERT_GE(loop.rank, 1);
        ASSERT_EQ(loop.elements(), a.shape.elements());
        std::vector<std::vector<int64_t>> visited, expected;
        for (int64_t i = 0; i < loop.elements(); ++i) {
            std::vector<int64_t> at = {b.offset, a.offset, c.offset};
            int64_t rest = i;
            for (int axis = loop.rank; axis-- > 0; rest /= loop.extent[axis])
                for (size_t k = 0; k < at.size(); ++k)
                    at[k] += rest % loop.extent[axis] * loop.stride[k][axis];
            visited.push_back(at);
        }
        std::vector<int64_t> at_a = places(a), at_b = places(b), at_c = places(c);
        for (size_t i = 0; i < at_a.size(); ++i) expected.push_back({at_b[i], at_a[i], at_c[i]});
        std::sort(visited.begin(), visited.end());
        std::sort(expected.begin(), expected.end());
        ASSERT_EQ(visited, expected);
    }
}

TEST(Layout, LoopsOverOneRunHaveOneAxis) {
    View a = view_of({2, 3, 4, 5}, Order::kChannelsLast), b = a;
    StridedLoop loop = loop_over(a.shape, {&a, &b});
    EXPECT_EQ(loop.rank, 1);
    EXPECT_EQ(loop.extent[0], 120);
    View empty = view_of({2, 0});
    EXPECT_EQ(loop_over(empty.shape, {&empty}).elements(), 0);
}

} // namespace
} // namespace linnet

// Where the weights of a model lie.
// SPDX-License-Identifier: MIT
#include "model/weight_memory.h"

#include <gtest/gtest.h>

#include <cstring>

namespace linnet_test {
namespace {

using linnet::Ref;
using linnet::Tensor;
using linnet::WeightMemory;

constexpr size_t kLine = 64; // bytes

Ref<Tensor> create(WeightMemory &memory, int64_t floats) {
    linnet::Result<Ref<Tensor>> tensor = memory.create(floats);
    EXPECT_TRUE(tensor.ok());
    if (!tensor.ok()) return Ref<Tensor>();
    EXPECT_EQ(tensor.value()->shape(), linnet::Shape({floats}));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.value()->data()) % kLine, 0u);
    if (floats > 0)
        std::memset(tensor.value()->writable<float>().data(), 1, tensor.value()->bytes());
    return std::move(tensor.value());
}

const char *address(const Ref<Tensor> &tensor) { return static_cast<const char *>(tensor->data()); }

TEST(WeightMemory, ManyWeightsLieSideBySide) {
    size_t page = linnet::huge_page_bytes();
    if (page == 0) GTEST_SKIP() << "this system has no huge pages";
    WeightMemory memory;
    memory.expect(2 * page);
    Ref<Tensor> first = create(memory, 5), second = create(memory, 100), none = create(memory, 0);
    Ref<Tensor> third = create(memory, 1);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(first->data()) % page, 0u);
    EXPECT_EQ(address(second), address(first) + kLine);
    EXPECT_EQ(address(third), address(second) + 7 * kLine);
    // More than there is room for.
    Ref<Tensor> large = create(memory, static_cast<int64_t>(8 * page));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(large->data()) % page, 0u);
    EXPECT_EQ(first->floats()[4], second->floats()[99]);
}

TEST(WeightMemory, LivesWithItsWeightsAndIsUsedAgain) {
    size_t page = linnet::huge_page_bytes();
    if (page == 0) GTEST_SKIP() << "this system has no huge pages";
    Ref<Tensor> kept;
    {
        WeightMemory memory;
        memory.expect(page);
        const char *place = address(create(memory, 1000));
        for (int i = 0; i < 10; ++i) EXPECT_EQ(address(create(memory, 400000)), place);
        kept = create(memory, 1000);
    }
    EXPECT_EQ(kept->floats()[0], kept->floats()[999]);
}

TEST(WeightMemory, RefusesWhatCannotBeCounted) {
    WeightMemory memory;
    memory.expect(SIZE_MAX);
    EXPECT_FALSE(memory.create(INT64_MAX / 2).ok());
}

} // namespace
} // namespace linnet_test

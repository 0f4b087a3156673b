// Which method each convolution shall take on this machine.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "base/thread_pool.h"
#include "kernels/conv_method.h"
#include "kernels/kernel.h"
#include "model/graph.h"

namespace linnet {

struct TuneSettings {
    Isa isa = Isa::kAuto;
    ThreadPool *pool = nullptr; // nullptr: one thread
    std::atomic<bool> *cancelled = nullptr; // ends it with kCancelled, and becomes false
};

// Runs a graph whose shapes are known some times with each method, on inputs of zeros, and times the
// steps. Of each kind of convolution that has a choice, the method that took the least time; the one
// of the cost model where no other is clearly faster. Meanwhile there are packed weights and an arena
// for every method.
Result<Array<ConvChoice>> tune(const Graph &graph, const TuneSettings &settings);

} // namespace linnet

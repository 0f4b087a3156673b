// SPDX-License-Identifier: MIT
#include "run/execution.h"

#include <cassert>
#include <chrono>
#include <cstdint>

#include "kernels/copy.h"
#include "kernels/interleave.h"
#include "program/layout.h"

namespace linnet {

Result<Owned<Execution>> Execution::create(Program program, Isa isa, ThreadPool *pool,
                                           Span<unsigned char> callers_arena) {
    Owned<Execution> execution = make_owned<Execution>();
    if (!execution) return out_of_memory();
    assert(program.threads == (pool ? pool->threads() : 1));
    if (program.arena_bytes > PTRDIFF_MAX)
        return error(Code::kLimit, "the session needs %lld bytes, more than this machine can address",
                     static_cast<long long>(program.arena_bytes));
    if (callers_arena.data()) {
        size_t misaligned = reinterpret_cast<uintptr_t>(callers_arena.data()) % kAlignment;
        size_t skip = misaligned ? kAlignment - misaligned : 0;
        size_t needed = static_cast<size_t>(program.arena_bytes) + skip;
        if (callers_arena.size() < needed)
            return error(Code::kLimit, "the arena has %zu bytes, the session needs %zu",
                         callers_arena.size(), needed);
        execution->arena_ = callers_arena.data() + skip;
    } else {
        LINNET_TRY(execution->own_arena_.resize_for_overwrite(
            static_cast<size_t>(program.arena_bytes)));
        execution->arena_ = execution->own_arena_.data();
    }
    LINNET_TRY(execution->addresses_.resize(program.operands.size()));
    LINNET_TRY(execution->milliseconds_.resize(program.steps.size()));
    resolve_operands(program, execution->arena_, execution->addresses_.data());
    execution->program_ = std::move(program);
    execution->isa_ = isa;
    execution->pool_ = pool;
    return execution;
}

struct Execution::Call {
    const Kernel *kernel;
    const void *params;
    void *const *operands;
    unsigned char *scratch;
    int64_t scratch_bytes;
    int64_t tasks;
};

void Execution::run_share(void *context, int thread, int threads) {
    const Call &call = *static_cast<const Call *>(context);
    FlushDenormals flush;
    int64_t begin = call.tasks * thread / threads, end = call.tasks * (thread + 1) / threads;
    if (begin < end)
        call.kernel->run(call.params, call.operands, call.scratch + thread * call.scratch_bytes,
                         begin, end);
}

void Execution::run_call(Call &call) {
    call.tasks = call.kernel->tasks(call.params);
    if (pool_ && call.tasks > 1)
        pool_->run(run_share, &call);
    else
        run_share(&call, 0, 1);
}

void Execution::run_step(size_t number) {
    auto start = std::chrono::steady_clock::now();
    const Step &step = program_.steps[number];
    Call call;
    call.kernel = &kernel(step.kernel, isa_);
    call.params = program_.params_of(step);
    call.operands = addresses_.data() + step.first_operand;
    call.scratch = nullptr;
    call.scratch_bytes = 0;
    if (step.scratch >= 0) {
        const Buffer &scratch = program_.buffers[static_cast<size_t>(step.scratch)];
        call.scratch = arena_ + scratch.offset;
        call.scratch_bytes = scratch.bytes;
    }
    run_call(call);
    std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    milliseconds_[number] = taken.count();
}

const char *Execution::kernel_name(size_t step) const {
    return kernel(program_.steps[step].kernel, isa_).name;
}

// Calls row(dense index of the first element, offset in the view) for every row of the last axis.
template <class Row> static void for_each_row(const View &view, Row row) {
    int last = view.shape.rank() - 1;
    int64_t length = last < 0 ? 1 : view.shape[last];
    int64_t rows = length ? view.shape.elements() / length : 0;
    for (int64_t i = 0; i < rows; ++i) {
        int64_t rest = i, offset = 0;
        for (int axis = last - 1; axis >= 0; --axis) {
            offset += rest % view.shape[axis] * view.stride[axis];
            rest /= view.shape[axis];
        }
        row(i * length, offset);
    }
}

// Between a caller's row-major memory and a view, of one element type.
void Execution::copy_elements(const View &view, void *to, const void *from, bool into_view) {
    View dense = view;
    set_strides(Order::kDense, view.shape, dense.stride);
    const View &target = into_view ? view : dense, &source = into_view ? dense : view;
    CopyParams copy;
    copy.loop = loop_over(view.shape, {&target, &source});
    copy.element_bytes = static_cast<int32_t>(size_of(view.dtype));
    InterleaveParams interleave;
    int64_t distance;
    float *x = static_cast<float *>(const_cast<void *>(from));
    if (is_interleave(copy, &interleave, &distance)) {
        void *operands[1 + kMostInterleaved] = {to};
        for (int i = 0; i < interleave.parts; ++i) operands[1 + i] = x + i * distance;
        Call call = {&kernel(KernelId::interleave, isa_), &interleave, operands, nullptr, 0, 0};
        return run_call(call);
    }
    void *operands[] = {to, x};
    Call call = {&kernel(KernelId::copy, isa_), &copy, operands, nullptr, 0, 0};
    run_call(call);
}

void Execution::write_input(size_t input, DType dtype, const void *data) {
    const View &view = program_.inputs[input].view;
    if (dtype == view.dtype) return copy_elements(view, address(view), data, true);
    float *base = reinterpret_cast<float *>(address(view));
    int last = view.shape.rank() - 1;
    int64_t length = last < 0 ? 1 : view.shape[last], stride = last < 0 ? 1 : view.stride[last];
    for_each_row(view, [&](int64_t first, int64_t offset) {
        for (int64_t i = 0; i < length; ++i) {
            size_t at = static_cast<size_t>(first + i) * size_of(dtype);
            floats_from(dtype, static_cast<const char *>(data) + at, base + offset + i * stride, 1);
        }
    });
}

void Execution::read_output(size_t output, DType dtype, void *data) {
    const View &view = program_.outputs[output].view;
    if (dtype == view.dtype) return copy_elements(view, data, address(view), false);
    const float *base = reinterpret_cast<const float *>(address(view));
    int last = view.shape.rank() - 1;
    int64_t length = last < 0 ? 1 : view.shape[last], stride = last < 0 ? 1 : view.stride[last];
    for_each_row(view, [&](int64_t first, int64_t offset) {
        for (int64_t i = 0; i < length; ++i) {
            size_t at = static_cast<size_t>(first + i) * size_of(dtype);
            floats_to(dtype, base + offset + i * stride, static_cast<char *>(data) + at, 1);
        }
    });
}

// x86: bits 15 (flush to zero) and 6 (denormals are zero) of MXCSR; ARM: bit 24 (FZ) of FPCR.
#if defined(__SSE__) || defined(__x86_64__)
FlushDenormals::FlushDenormals() : saved_(__builtin_ia32_stmxcsr()) {
    __builtin_ia32_ldmxcsr(static_cast<unsigned>(saved_) | 0x8040u);
}
FlushDenormals::~FlushDenormals() { __builtin_ia32_ldmxcsr(static_cast<unsigned>(saved_)); }
#elif defined(__aarch64__)
FlushDenormals::FlushDenormals() {
    __asm__ __volatile__("mrs %0, fpcr" : "=r"(saved_));
    __asm__ __volatile__("msr fpcr, %0" : : "r"(saved_ | (uint64_t{1} << 24)));
}
FlushDenormals::~FlushDenormals() { __asm__ __volatile__("msr fpcr, %0" : : "r"(saved_)); }
#else
FlushDenormals::FlushDenormals() = default;
FlushDenormals::~FlushDenormals() = default;
#endif

} // namespace linnet

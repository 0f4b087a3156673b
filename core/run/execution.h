// A program on an arena.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/thread_pool.h"
#include "program/program.h"

namespace linnet {

// Runs the steps of one program. All memory is taken when it is created. One thread at a time.
class Execution {
public:
    // The pool may be nullptr (one thread) and must outlive the execution; the program is placed for
    // its threads. With an arena of the caller's, that memory is used, and kLimit says how much is
    // needed if it is too small.
    static Result<Owned<Execution>> create(Program program, Isa isa, ThreadPool *pool,
                                           Span<unsigned char> callers_arena);
    Execution() = default;

    const Program &program() const { return program_; }
    // What a run needs: tensors and the scratch of every thread.
    int64_t arena_bytes() const { return program_.arena_bytes; }

    void run_step(size_t step);
    // Of the step's last run; 0 before the first.
    double milliseconds(size_t step) const { return milliseconds_[step]; }
    const char *kernel_name(size_t step) const;

    unsigned char *address(const View &view) { return address_of(program_, view, arena_); }

    // Copies elements in row-major order into an input, or out of an output. `dtype` is the type of
    // the caller's memory: the port's own, or float32 for a port of a floating type.
    void write_input(size_t input, DType dtype, const void *data);
    void read_output(size_t output, DType dtype, void *data);

private:
    struct Call;
    static void run_share(void *context, int thread, int threads);
    void run_call(Call &call);
    void copy_elements(const View &view, void *to, const void *from, bool into_view);

    Program program_;
    Isa isa_ = Isa::kPlain;
    ThreadPool *pool_ = nullptr;
    unsigned char *arena_ = nullptr;
    Array<unsigned char> own_arena_;
    Array<void *> addresses_;
    Array<double> milliseconds_;
};

// While it lives, numbers too small for the normal range of float count as zero in this thread:
// they would slow a run by a factor of a hundred, and carry no information there.
class FlushDenormals {
public:
    FlushDenormals();
    ~FlushDenormals();
    FlushDenormals(const FlushDenormals &) = delete;
    FlushDenormals &operator=(const FlushDenormals &) = delete;

private:
    uint64_t saved_ = 0;
};

} // namespace linnet

// How strided loops are cut into tasks and walked. The same for every instruction set.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/rows.h"
#include "kernels/strided.h"

namespace linnet {

// Walks the elements [begin, end) of a loop, counted with the last axis fastest, in pieces that
// lie along the last axis.
class StridedCursor {
public:
    StridedCursor(const StridedLoop &loop, int operands, int64_t begin, int64_t end);
    // Goes to the next piece, of at most `most` elements; false after the last one.
    bool next(int64_t most);

    int64_t count = 0;                  // elements of the piece
    int64_t offset[kMaxOperands] = {};  // of its first element
    int64_t stride[kMaxOperands] = {};  // between its elements

private:
    const StridedLoop &loop_;
    int operands_;
    int64_t left_, last_extent_;
    int64_t index_[kMaxRank] = {};
};

// Elements per task of an elementwise kernel, and tasks for so many elements.
constexpr int64_t kElementsPerTask = 16 << 10;
int64_t element_tasks(int64_t elements, int64_t per_task);

int64_t unary_tasks(const void *params);
int64_t binary_tasks(const void *params);
int64_t softmax_tasks(const void *params);
int64_t normalize_tasks(const void *params);
int64_t reduce_tasks(const void *params);

// Rows per task, for rows that cost so many elements each.
int64_t rows_per_task(int64_t length);

// Elements of integer and boolean types as numbers.
int64_t load_integer(DType dtype, const void *data, int64_t at);
void store_integer(DType dtype, void *data, int64_t at, int64_t value); // keeps the low bits

// The bodies for integers, which all instruction sets share.
void binary_integers(const BinaryParams &params, void *const *operands, int64_t begin,
                     int64_t end);
void reduce_integers(const ReduceParams &params, void *const *operands, int64_t begin,
                     int64_t end);

} // namespace linnet

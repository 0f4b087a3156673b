// A convolution and the pool behind it become one step.
// SPDX-License-Identifier: MIT
#pragma once

#include "program/program.h"

namespace linnet {

// Joins each winograd2d with a max pool of 2 x 2 that alone reads its output, so that the large
// picture is never stored. Before the buffers are placed. The answers stay.
Status fuse_pools(Program *program);

} // namespace linnet

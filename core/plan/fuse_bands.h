// Steps that follow each other become one that works in bands of rows.
// SPDX-License-Identifier: MIT
#pragma once

#include "program/program.h"

namespace linnet {

// Joins chains of conv2d, depthwise2d and max pool2d whose pictures in between are large and are
// read by nobody else, into steps of bands2d. Before the buffers are placed. The answers stay.
Status fuse_bands(Program *program);

} // namespace linnet

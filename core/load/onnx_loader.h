// Loads models of the ONNX format.
// SPDX-License-Identifier: MIT
#pragma once

#include "load/load_options.h"
#include "model/graph.h"

namespace linnet {

// Reads a model of IR version 3 to 11 and opset 7 to 22 and translates it into the dialect.
//
// Functions of the model are inlined, the subgraphs of If have become branches, Constant nodes have
// become constants, and the names of all values are unique: those of the main graph are the file's
// own. Values in between have neither
// type nor shape yet. An output whose type the file does not state has DType::kNone.
//
// kMalformed: not a valid model, with the place. kUnsupported: a valid one with features that
// cannot be honoured, all of which are listed, up to about 4000 bytes. kLimit, kIo: see the
// options. Whether operators and their attributes are known is not checked here; an operator of a
// foreign domain is named "domain::Op".
Result<LoadedModel> load_onnx(Bytes file, const LoadOptions &options);

} // namespace linnet

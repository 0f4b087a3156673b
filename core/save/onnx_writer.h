// A Graph as an ONNX model of the dialect's opset (onnx.proto, IR version 10).
// SPDX-License-Identifier: MIT
#pragma once

#include "model/graph.h"
#include "save/protobuf_writer.h"

namespace linnet {

// Contents that are part of the model's own bytes.
constexpr uint64_t kInsideModel = UINT64_MAX;

// `places` tells for every value where the contents of a constant lie in the file `location`
// (external data), or kInsideModel; constants inside the model must not be deferred.
// Loading the model gives a Graph that differs in the numbers of its values alone; constants of a
// branch have become the graph's.
Status write_onnx(const Graph &graph, Span<const MetadataEntry> metadata, string_view location,
                  Span<const uint64_t> places, ProtobufWriter *model);

} // namespace linnet

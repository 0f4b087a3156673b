# SPDX-License-Identifier: MIT
"""A network of a few layers to test the measuring commands with."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SHAPE = [1, 3, 12, 12]


def write_model(path, nodes, shape=SHAPE):
    """Weights: w1 8x3x3x3, w2 8x8x1x1, w3 5x8; a shape for the reshape before the product."""
    random = np.random.default_rng(2)
    weights = {"w1": (8, 3, 3, 3), "w2": (8, 8, 1, 1), "w3": (5, 8)}
    constants = [numpy_helper.from_array(random.random(size).astype(np.float32), name)
                 for name, size in weights.items()]
    constants.append(numpy_helper.from_array(np.array([1, 8]), "flat"))
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [shape[0], 5])], constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8),
              path)


NODES = [helper.make_node("Conv", ["x", "w1"], ["a"], pads=[1, 1, 1, 1]),
         helper.make_node("Relu", ["a"], ["b"]),
         helper.make_node("Conv", ["b", "w2"], ["c"]),
         helper.make_node("Add", ["b", "c"], ["d"]),
         helper.make_node("GlobalAveragePool", ["d"], ["e"]),
         helper.make_node("Reshape", ["e", "flat"], ["f"]),
         helper.make_node("Gemm", ["f", "w3"], ["scores"], transB=1)]
MACS = {"a": 12 * 12 * 8 * 27, "c": 12 * 12 * 8 * 8, "scores": 5 * 8}

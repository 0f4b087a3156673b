# SPDX-License-Identifier: MIT
"""Writes the small models that the fuzzers start from: make_corpus.py FOLDER. Needs onnx."""
import pathlib
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper

PICTURES = {"linnet.labels": "a\nb", "linnet.color": "RGB", "linnet.resize": "exact",
            "linnet.scale": "0.1"}


def model(nodes, shape, constants, opset, metadata=None):
    """The bytes of a model from "x" to "y"."""
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 8
    helper.set_model_props(made, metadata or {})
    return made.SerializeToString()


def branch(nodes, output):
    made = helper.make_tensor_value_info(output, TensorProto.FLOAT, None)
    return helper.make_graph(nodes, "b", [], [made])


def corpus():
    node, f = helper.make_node, np.float32
    yield "conv", model(
        [node("Conv", ["x", "w"], ["a"], pads=[1] * 4), node("Relu", ["a"], ["b"]),
         node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2]), node("GlobalAveragePool", ["c"], ["d"]),
         node("Flatten", ["d"], ["y"])], ["N", 3, 4, 4], {"w": np.ones((4, 3, 3, 3), f)}, 13,
        PICTURES)
    yield "shapes", model(
        [node("Shape", ["x"], ["s"]), node("Gather", ["s", "i"], ["n"]),
         node("Concat", ["n", "m"], ["t"], axis=0), node("Reshape", ["x", "t"], ["r"]),
         node("Transpose", ["r"], ["u"]), node("MatMul", ["r", "u"], ["v"]),
         node("Softmax", ["v"], ["y"])], ["N", 3, 2], {"i": np.array([0]), "m": np.array([-1])}, 17)
    yield "slices", model(
        [node("Slice", ["x"], ["a"], starts=[0], ends=[2], axes=[1]),
         node("Pad", ["a"], ["b"], pads=[0, 1, 0, 1]), node("Split", ["b"], ["c", "d"], axis=1),
         node("Concat", ["d", "c"], ["y"], axis=0)], [2, 5], {}, 9)
    yield "resize", model(
        [node("Resize", ["x", "", "s"], ["a"], mode="linear"),
         node("ReduceMean", ["a"], ["b"], axes=[2]), node("TopK", ["b", "k"], ["y", "z"])],
        [1, 2, 3, 3], {"s": np.array([1, 1, 2, 2], f), "k": np.array([2])}, 13)
    yield "depthwise", model(
        [node("Conv", ["x", "w"], ["a"], group=4, strides=[2, 2]), node("Clip", ["a"], ["b"], min=0.0,
                                                                       max=6.0),
         node("Add", ["b", "b"], ["c"]), node("ConvTranspose", ["c", "v"], ["y"])],
        [1, 4, 6, 6], {"w": np.ones((4, 1, 3, 3), f), "v": np.ones((4, 2, 2, 2), f)}, 10)
    deep = node("If", ["c"], ["d"], then_branch=branch([node("Neg", ["x"], ["e"])], "e"),
                else_branch=branch([node("Mul", ["a", "k"], ["f"])], "f"))
    yield "branches", model(
        [node("Size", ["x"], ["n"]), node("Less", ["n", "m"], ["c"]),
         node("If", ["c"], ["v"], then_branch=branch([node("Abs", ["x"], ["a"]), deep], "d"),
              else_branch=branch([node("Exp", ["x"], ["g"])], "g")),
         node("Add", ["v", "k"], ["y"])], ["N", 2], {"m": np.array(5), "k": np.ones(2, f)}, 17)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in corpus():
        (folder / f"{name}.onnx").write_bytes(data)

# SPDX-License-Identifier: MIT
"""Builds small models to test the Python package with."""
import numpy as np
import onnx
from onnx import helper, numpy_helper

PICTURE_METADATA = {
    "linnet.labels": "red\ngreen\nblue", "linnet.color": "RGB", "linnet.resize": "exact",
    "linnet.scale": "0.00392156862745098",
}


def build_model(nodes, inputs, outputs, constants=None, metadata=None, opset=17):
    """The bytes of a model; inputs and outputs are (name, element type, shape)."""
    graph = helper.make_graph(
        nodes, "test", [helper.make_tensor_value_info(*port) for port in inputs],
        [helper.make_tensor_value_info(*port) for port in outputs],
        [numpy_helper.from_array(np.asarray(value), name)
         for name, value in (constants or {}).items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    helper.set_model_props(model, metadata or {})
    onnx.checker.check_model(model)
    return model.SerializeToString()

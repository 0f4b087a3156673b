"""Writes a trained Network as an ONNX file with Linnet's metadata."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from network import SCORE_SCALE, Layer, Residual

OPSET = 13
IR_VERSION = 8


class GraphWriter:
    """Collects nodes and initializers; each add_ method returns the name of the value it makes."""

    def __init__(self):
        self.nodes = []
        self.initializers = []

    def add_node(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))
        return output

    def add_constant(self, name, values):
        self.initializers.append(numpy_helper.from_array(values, name))
        return name

    def add_weight(self, name, tensor):
        """A weight stored as float16 (half the bytes) and cast to float32 where it is used."""
        half = self.add_constant(f"{name}.half", tensor.detach().numpy().astype(np.float16))
        return self.add_node("Cast", [half], name, to=TensorProto.FLOAT)

    def add_layer(self, name, layer, x):
        weight, bias = layer.folded()
        inputs = [
            x,
            self.add_weight(f"{name}.weight", weight),
            self.add_constant(f"{name}.bias", bias.detach().numpy()),
        ]
        x = self.add_node("Conv", inputs, f"{name}.conv", kernel_shape=[3, 3], pads=[1] * 4)
        x = self.add_node("Relu", [x], f"{name}.relu")
        if layer.pool:
            sides = {"kernel_shape": [2, 2], "strides": [2, 2]}
            x = self.add_node("MaxPool", [x], f"{name}.pool", **sides)
        return x

    def add_residual(self, name, block, x):
        inner = self.add_layer(f"{name}.first", block.first, x)
        inner = self.add_layer(f"{name}.second", block.second, inner)
        return self.add_node("Add", [x, inner], f"{name}.add")

    def add_network(self, network, x):
        adders = {Layer: self.add_layer, Residual: self.add_residual}
        for index, module in enumerate(network.body):
            x = adders[type(module)](f"body.{index}", module, x)
        x = self.add_node("GlobalMaxPool", [x], "peak")
        x = self.add_node("Flatten", [x], "features", axis=1)
        weight = self.add_weight("head.weight", network.head.weight * SCORE_SCALE)
        return self.add_node("Gemm", [x, weight], "scores", transB=1)


def write_onnx(network, path, metadata):
    """Writes `network` (in eval mode) to `path`: input "image" [N,3,32,32], output "scores".

    Batch norms and the score scale are folded into the weights. `metadata` maps keys to strings.
    """
    writer = GraphWriter()
    writer.add_network(network, "image")
    graph = helper.make_graph(
        writer.nodes,
        "linnet_default",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, 32, 32])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["N", 10])],
        writer.initializers,
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="linnet",
    )
    helper.set_model_props(model, metadata)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)

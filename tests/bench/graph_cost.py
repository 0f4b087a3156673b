# SPDX-License-Identifier: MIT
"""What the steps of a session cost, read off the graph of the ONNX file.

A step is known by the tensor that it computes. It covers all nodes of the file on which that tensor
depends and which no earlier step covers: activations, normalizations and additions that are fused
into a convolution, or several layers that run as one. So every node is counted exactly once, and
what a step is charged with is right as long as it computes nothing that only later steps name.
"""
import math
import pathlib
from typing import Dict, List, NamedTuple, Optional, Sequence, Set, Tuple

import onnx

# Kernels that move numbers: they compute no product, even where they bear a convolution's name.
MOVING_KERNELS = {"copy", "pack2d", "convert"}


class Cost(NamedTuple):
    """Of a step: multiply-adds, bytes of weights, and bytes of the tensors that it reads and writes
    at its borders; None where shapes are not known. `nodes` are the operators that it covers."""
    macs: Optional[int]
    weight_bytes: int
    activation_bytes: Optional[int]
    nodes: List[str]


class GraphCost:
    """The graph of a file for given shapes of its inputs."""

    def __init__(self, path: pathlib.Path, shapes: Dict[str, Sequence[int]]):
        graph = _with_shapes(path, shapes).graph
        self._maker = {name: node for node in graph.node for name in node.output if name}
        self._readers: Dict[str, List[onnx.NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)
        self._outputs = {port.name for port in graph.output}
        self._weights = {weight.name: (tuple(weight.dims), weight.data_type)
                         for weight in graph.initializer}
        self._tensors = {port.name: _shape_and_type(port)
                         for port in (*graph.input, *graph.value_info, *graph.output)}
        self._tensors.update(self._weights)

    def of_steps(self, steps: Sequence[Tuple[str, str]]) -> List[Cost]:
        """The costs of steps (tensor, kernel) in the order in which they run."""
        covered: Set[int] = set()
        return [self._cost(self._cover(tensor, kernel in MOVING_KERNELS, covered), tensor)
                for tensor, kernel in steps]

    def _cover(self, tensor: str, moving: bool, covered: Set[int]) -> List[onnx.NodeProto]:
        """The nodes on which the tensor depends and which are not covered, which they then are."""
        found, seen, names = [], set(), [tensor]
        while names:
            node = self._maker.get(names.pop())
            if node is None or id(node) in seen or (moving and node.op_type in _MACS):
                continue
            seen.add(id(node))
            names.extend(node.input)
            if id(node) not in covered:
                covered.add(id(node))
                found.append(node)
        return found[::-1]

    def _cost(self, nodes: List[onnx.NodeProto], tensor: str) -> Cost:
        inside = {id(node) for node in nodes}
        border, weights = {tensor} if nodes else set(), set()
        for node in nodes:
            for name in node.input:
                if name in self._weights:
                    weights.add(name)
                elif name and id(self._maker.get(name)) not in inside:
                    border.add(name)
            border.update(name for name in node.output if name in self._outputs or any(
                id(reader) not in inside for reader in self._readers.get(name, ())))
        macs = [self._macs(node) for node in nodes]
        activations = [self._bytes(name) for name in border]
        return Cost(None if None in macs else sum(macs),
                    sum(self._bytes(name) for name in weights),
                    None if None in activations else sum(activations),
                    [node.op_type for node in nodes])

    def _macs(self, node: onnx.NodeProto) -> Optional[int]:
        """None where it has some but a shape is not known."""
        count = _MACS.get(node.op_type)
        if count is None:
            return 0
        shapes = [self._tensors.get(name, (None,))[0] for name in (*node.input[:2], node.output[0])]
        return None if None in shapes else count(node, *shapes)

    def _bytes(self, name: str) -> Optional[int]:
        shape, dtype = self._tensors.get(name, (None, 0))
        if shape is None or not dtype:
            return None
        return math.prod(shape) * onnx.helper.tensor_dtype_to_np_dtype(dtype).itemsize


def _conv(node, x, w, y) -> int:
    return math.prod(y) * math.prod(w[1:])


def _conv_transpose(node, x, w, y) -> int:
    return math.prod(x) * math.prod(w[1:])


def _gemm(node, a, b, y) -> int:
    turned = any(entry.name == "transA" and entry.i for entry in node.attribute)
    return math.prod(y) * (a[0] if turned else a[1])


def _mat_mul(node, a, b, y) -> int:
    return math.prod(y) * a[-1]


_MACS = {"Conv": _conv, "ConvTranspose": _conv_transpose, "Gemm": _gemm, "MatMul": _mat_mul}


def _with_shapes(path: pathlib.Path, shapes: Dict[str, Sequence[int]]) -> onnx.ModelProto:
    """The model, with the shapes of its inputs set and those of all tensors inferred."""
    model = onnx.load(path)
    for port in model.graph.input:
        for axis, size in zip(port.type.tensor_type.shape.dim, shapes.get(port.name, ())):
            axis.dim_value = size
    del model.graph.value_info[:]
    for port in model.graph.output:
        port.type.tensor_type.ClearField("shape")
    return onnx.shape_inference.infer_shapes(model, data_prop=True)


def _shape_and_type(port: onnx.ValueInfoProto):
    """(shape, element type); the shape is None if any of its axes is not known."""
    tensor = port.type.tensor_type
    known = tensor.HasField("shape") and all(axis.HasField("dim_value")
                                             for axis in tensor.shape.dim)
    return tuple(axis.dim_value for axis in tensor.shape.dim) if known else None, tensor.elem_type

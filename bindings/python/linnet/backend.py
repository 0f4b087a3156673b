# SPDX-License-Identifier: MIT
"""Linnet as a backend of the `onnx` package (onnx.backend.base), for tools and tests that speak to
backends. Needs onnx, which the rest of the package does not."""
from typing import Any, Dict, List, Tuple

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.base import Backend, BackendRep

import linnet


# Inputs of operators that decide shapes. Linnet wants them known before it runs, so that a graph
# input that arrives there is bound to the value that it has.
_DECIDING = {"ConstantOfShape": (0,), "CumSum": (1,), "Dropout": (1, 2), "Expand": (1,),
             "Pad": (1, 2, 3), "Range": (0, 1, 2), "Reshape": (1,), "Resize": (1, 2, 3),
             "Slice": (1, 2, 3, 4), "Split": (1,), "Squeeze": (1,), "Tile": (1,), "TopK": (1,),
             "Unsqueeze": (1,)}


def _deciding_inputs(graph: onnx.GraphProto) -> List[str]:
    """The names of the graph inputs that decide shapes, also by way of other nodes. What only their
    own shape is read of (Shape, Size) does not count."""
    read = set()
    for node in reversed(graph.node):
        positions = (1,) if node.op_type.startswith("Reduce") else _DECIDING.get(node.op_type, ())
        if node.op_type not in ("Shape", "Size") and read.intersection(node.output):
            positions = range(len(node.input))
        read.update(node.input[i] for i in positions if i < len(node.input))
    return [port.name for port in graph.input if port.name in read]


def _is_bfloat16(port: onnx.ValueInfoProto) -> bool:
    return port.type.tensor_type.elem_type == onnx.TensorProto.BFLOAT16


def _widened(array: np.ndarray, port: onnx.ValueInfoProto) -> np.ndarray:
    """onnx keeps bfloat16 as the upper halves of float32 in uint16; the package takes float32."""
    if not _is_bfloat16(port) or array.dtype != np.uint16:
        return array
    return (array.astype(np.uint32) << 16).view(np.float32)


def _narrowed(array: np.ndarray, port: onnx.ValueInfoProto) -> np.ndarray:
    return (array.view(np.uint32) >> 16).astype(np.uint16) if _is_bfloat16(port) else array


class LinnetRep(BackendRep):
    """A model made ready: run(inputs) returns the outputs in the order of the graph."""

    def __init__(self, model: onnx.ModelProto):
        constants = {tensor.name for tensor in model.graph.initializer}
        self._model = model
        self._ports = [port for port in model.graph.input if port.name not in constants]
        self._deciding = _deciding_inputs(model.graph)
        self._session = None if self._deciding else linnet.Session(model.SerializeToString())

    def run(self, inputs: Any, **kwargs: Any) -> Tuple[np.ndarray, ...]:
        arrays = {port.name: _widened(array, port) for port, array in zip(self._ports, inputs)}
        session = self._session or self._bound(arrays)
        outputs = session.run({name: array for name, array in arrays.items()
                               if name not in self._deciding})
        return tuple(map(_narrowed, outputs, self._model.graph.output))

    def _bound(self, arrays: Dict[str, np.ndarray]) -> linnet.Session:
        """A session of the model in which the deciding inputs are constants."""
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        for name in self._deciding:
            if name in arrays:
                model.graph.initializer.append(numpy_helper.from_array(arrays[name], name))
        return linnet.Session(model.SerializeToString())


class LinnetBackend(Backend):
    """Prepares models for one device, the processor."""

    @classmethod
    def is_compatible(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> bool:
        try:
            cls.prepare(model, device)
        except linnet.LinnetError:
            return False
        return True

    @classmethod
    def prepare(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> LinnetRep:
        return LinnetRep(model)

    @classmethod
    def supports_device(cls, device: str) -> bool:
        return device == "CPU"


prepare = LinnetBackend.prepare
run_model = LinnetBackend.run_model
supports_device = LinnetBackend.supports_device
is_compatible = LinnetBackend.is_compatible

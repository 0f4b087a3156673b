# SPDX-License-Identifier: MIT
"""ONNX files for the engines: which shape their input has, and the same network for a batch."""
import argparse
import pathlib
from typing import Iterator, List, Tuple

import numpy as np
import onnx
from google.protobuf.message import DecodeError


class NetworkError(Exception):
    """A file that cannot be compared, with the reason."""


def table_parser(description: str) -> argparse.ArgumentParser:
    """What the commands that make a table of a folder's networks understand, each."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", type=pathlib.Path, help="a folder of ONNX files")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], metavar="NAMES",
                        help="these networks only, without .onnx, separated by commas")
    parser.add_argument("--json", type=pathlib.Path, help="writes the table into this file")
    return parser


def find_networks(folder: pathlib.Path, names: List[str]) -> List[pathlib.Path]:
    """The files of the folder, small ones first so that a first look comes early; only those of the
    given names if there are any. A name without a file is an error."""
    if names:
        paths = [folder / f"{name}.onnx" for name in names]
        for path in paths:
            if not path.is_file():
                raise SystemExit(f"there is no network {path}")
        return paths
    paths = sorted(folder.glob("*.onnx"), key=lambda path: path.stat().st_size)
    if not paths:
        raise SystemExit(f"there is no .onnx file in {folder}")
    return paths


def input_of(path: pathlib.Path) -> onnx.ValueInfoProto:
    """The only input that is no weight."""
    try:
        graph = onnx.load(path, load_external_data=False).graph
    except DecodeError as error:
        raise NetworkError(f"it is no ONNX file: {error}") from None
    return _input_of(graph)


def _input_of(graph: onnx.GraphProto) -> onnx.ValueInfoProto:
    weights = {weight.name for weight in graph.initializer}
    inputs = [port for port in graph.input if port.name not in weights]
    if len(inputs) != 1 or not inputs[0].type.tensor_type.shape.dim:
        raise NetworkError(f"a network of one input is needed; this one has {len(inputs)}")
    return inputs[0]


def input_shape(path: pathlib.Path, batch: int) -> Tuple[int, ...]:
    """The shape of the input with `batch` in front, and other free axes taken as 1."""
    sizes = [axis.dim_value or 1 for axis in input_of(path).type.tensor_type.shape.dim]
    return (batch, *sizes[1:])


def write_for_batch(path: pathlib.Path, batch: int, target: pathlib.Path) -> None:
    """Writes the network for another batch: its input, its outputs, and the constant shapes of its
    reshapes that begin with 1."""
    model = onnx.load(path)
    for port in (_input_of(model.graph), *model.graph.output):
        if port.type.tensor_type.shape.dim:
            port.type.tensor_type.shape.dim[0].dim_value = batch
    del model.graph.value_info[:]
    shapes = {node.input[1] for node in model.graph.node if node.op_type == "Reshape"}
    for name, constant in _constants(model.graph):
        if name in shapes:
            shape = onnx.numpy_helper.to_array(constant).copy()
            if shape.size and shape[0] == 1:
                shape[0] = batch
                constant.CopyFrom(onnx.numpy_helper.from_array(shape, constant.name))
    onnx.save(model, target)


def _constants(graph: onnx.GraphProto) -> Iterator[Tuple[str, onnx.TensorProto]]:
    yield from ((weight.name, weight) for weight in graph.initializer)
    yield from ((node.output[0], node.attribute[0].t) for node in graph.node
                if node.op_type == "Constant" and node.attribute[0].name == "value")


def random_input(shape: Tuple[int, ...]) -> np.ndarray:
    """The same numbers of [0, 1) for every engine, as pixels have after scaling."""
    return np.random.default_rng(1).random(shape, np.float32)

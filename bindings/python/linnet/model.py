# SPDX-License-Identifier: MIT
"""A model file, opened."""
import os
from typing import Dict, Mapping, NamedTuple, Optional, Tuple, Union

import numpy as np

from linnet import _native

# float32 for bfloat16, which numpy does not have: the library converts.
_NUMPY_TYPES = {
    "FLOAT32": np.float32, "UINT8": np.uint8, "INT8": np.int8, "INT32": np.int32,
    "INT64": np.int64, "BOOL": np.bool_, "FLOAT16": np.float16, "FLOAT64": np.float64,
    "BFLOAT16": np.float32,
}
_LIMITS = {"file_bytes": _native.Limit.FILE_BYTES, "nodes": _native.Limit.NODES,
           "tensor_elements": _native.Limit.TENSOR_ELEMENTS}

_STORAGES = {"prepared": _native.Storage.PREPARED, "plain": _native.Storage.PLAIN,
             "half": _native.Storage.HALF}

Path = Union[str, "os.PathLike[str]"]
Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview]


class TensorInfo(NamedTuple):
    """An input or output: its name, shape (None for a free axis), element type, and for the input
    that takes pictures its layout "NCHW" or "NHWC"."""
    name: str
    shape: Tuple[Optional[int], ...]
    dtype: np.dtype
    layout: Optional[str]


def numpy_type(dtype: _native.Dtype) -> np.dtype:
    """The numpy type in which arrays of this element type go in and out."""
    return np.dtype(_NUMPY_TYPES[dtype.name])


class Model:
    """A trained network: graph, weights, labels, preprocessing. Immutable; share it freely.

    source: a path, or the bytes of the file, which are copied. ONNX, or what save() wrote.
    metadata: entries in place of the file's own, such as {"linnet.labels": "cat\\ndog"}.
    limits: for files that are not trusted: "file_bytes", "nodes", "tensor_elements".

    A model that cannot be run faithfully does not open: Unsupported lists all that is missing.
    Pickling keeps the path, or the bytes if it was opened from bytes.
    """

    def __init__(self, source: Source, *, metadata: Optional[Mapping[str, str]] = None,
                 limits: Optional[Mapping[str, int]] = None):
        self._arguments = (_path_or_bytes(source), dict(metadata or {}), dict(limits or {}))
        source, metadata, limits = self._arguments
        with _native.Options.create() as options:
            for key, value in metadata.items():
                options.set_metadata(key, value)
            for name, value in limits.items():
                if name not in _LIMITS:
                    raise _native.InvalidArgument(
                        f"there is no limit {name!r}; there are {', '.join(_LIMITS)}")
                options.set_limit(_LIMITS[name], value)
            if isinstance(source, str):
                # As the system has it: names of files need not be text.
                self._native = _native.Model.open(os.fsencode(source), options)
            else:
                self._native = _native.Model.open_memory(source, options)

    def save(self, path: Path, storage: str = "prepared") -> None:
        """Writes the model as one file that opens in about a millisecond, and runs the same bits.

        storage: how weights are stored. "prepared": float32, and once more as the kernels read
        them; "plain": float32 alone, as large as an ONNX file; "half": rounded to float16, half as
        large. Only "prepared" opens that fast.
        """
        if storage not in _STORAGES:
            raise _native.InvalidArgument(
                f"there is no storage {storage!r}; there are {', '.join(_STORAGES)}")
        self._native.save(os.fsencode(path), _STORAGES[storage])

    def verify(self) -> None:
        """Reads all of a saved model and compares its checksums: Malformed if the file is damaged,
        NotFound if the model comes from a format without checksums."""
        self._native.verify()

    def close(self) -> None:
        """Frees the model; sessions that use it go on."""
        self._native.close()

    def __enter__(self) -> "Model":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def __reduce__(self):
        return _reopen, self._arguments

    def __repr__(self) -> str:
        source = self._arguments[0]
        name = repr(source) if isinstance(source, str) else f"{len(source)} bytes"
        return f"<linnet.Model {name}>"

    @property
    def inputs(self) -> Tuple[TensorInfo, ...]:
        return self._ports(_native.Port.INPUT)

    @property
    def outputs(self) -> Tuple[TensorInfo, ...]:
        return self._ports(_native.Port.OUTPUT)

    def _ports(self, port: _native.Port) -> Tuple[TensorInfo, ...]:
        return tuple(self._port(port, i) for i in range(self._native.count(port)))

    def _port(self, port: _native.Port, index: int) -> TensorInfo:
        shape = self._native.shape(port, index, _native.MAX_RANK)
        layout = self._native.layout(port, index)
        return TensorInfo(self._native.name(port, index),
                          tuple(None if n < 0 else int(n) for n in shape),
                          numpy_type(self._native.dtype(port, index)),
                          None if layout == _native.Layout.NONE else layout.name)

    @property
    def labels(self) -> Tuple[str, ...]:
        """The labels of the classes; empty if the model carries none."""
        return tuple(self._native.label(i) for i in range(self._native.label_count()))

    def metadata(self, key: str, default: Optional[str] = None) -> Optional[str]:
        """The value of a metadata key, or the default."""
        try:
            return self._native.metadata(key)
        except _native.NotFound:
            return default

    @property
    def digest(self) -> str:
        """The SHA-256 of the model file; of the original one if save() wrote this one."""
        return self._native.digest()

    @property
    def parameters(self) -> int:
        """The number of weights."""
        return self._native.cost()[0]

    @property
    def macs(self) -> int:
        """Multiply-adds of one run, free axes taken as 1."""
        return self._native.cost()[1]

    @property
    def operators(self) -> Dict[str, int]:
        """How many nodes of the file use each operator."""
        counts: Dict[str, int] = {}
        while True:
            try:
                name, nodes = self._native.operator(len(counts))
            except _native.NotFound:
                return counts
            counts[name] = nodes


def _path_or_bytes(source: Source) -> Union[str, bytes]:
    if isinstance(source, (str, os.PathLike)):
        return os.fsdecode(source)
    try:
        return bytes(memoryview(source))
    except TypeError:
        raise _native.InvalidArgument(
            f"a model is a path or the bytes of a file; got {type(source).__name__}") from None


def _reopen(source, metadata, limits) -> Model:
    return Model(source, metadata=metadata, limits=limits)

# SPDX-License-Identifier: MIT
"""Runs ONNX models through the C interface of a library that the Python package does not hold, by
ctypes alone. The library is LINNET_LIBRARY, by default build/liblinnet.so of the checkout."""

import ctypes
import os
from pathlib import Path

import numpy as np

INPUT, OUTPUT = 0, 1
PLAIN = 1  # LINNET_ISA_PLAIN
MAX_RANK = 8
DTYPES = {
    1: np.dtype(np.float32), 2: np.dtype(np.uint8), 3: np.dtype(np.int8), 6: np.dtype(np.int32),
    7: np.dtype(np.int64), 9: np.dtype(np.bool_), 10: np.dtype(np.float16),
    11: np.dtype(np.float64),
}
NUMBERS = {dtype: number for number, dtype in DTYPES.items()}


class LinnetError(Exception):
    """A call that failed: `code` is the linnet_status, `message` linnet_last_error()."""

    def __init__(self, code, message):
        super().__init__(f"status {code}: {message}")
        self.code = code
        self.message = message


def library_path():
    default = Path(__file__).resolve().parents[2] / "build" / "liblinnet.so"
    return Path(os.environ.get("LINNET_LIBRARY", default))


_library = None


def library():
    """The library, loaded on first use; FileNotFoundError if it is not built."""
    global _library
    if _library is None:
        if not library_path().exists():
            raise FileNotFoundError(f"no {library_path()}: build it or set LINNET_LIBRARY")
        _library = ctypes.CDLL(str(library_path()))
        _library.linnet_last_error.restype = ctypes.c_char_p
        for name in ("options", "model", "session"):
            getattr(_library, f"linnet_{name}_free").argtypes = [ctypes.c_void_p]
            getattr(_library, f"linnet_{name}_free").restype = None
    return _library


def call(name, *arguments):
    """Calls linnet_<name>; raises LinnetError unless it returns LINNET_OK."""
    status = getattr(library(), "linnet_" + name)(*arguments)
    if status != 0:
        raise LinnetError(status, library().linnet_last_error().decode())


class _Handle:
    """An object of the library, freed at the end of a with-block."""

    def __init__(self, kind):
        self.kind = kind
        self.pointer = ctypes.c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        getattr(library(), f"linnet_{self.kind}_free")(self.pointer)


class Options(_Handle):
    def __init__(self, threads=1, isa=0):
        super().__init__("options")
        call("options_create", ctypes.byref(self.pointer))
        call("options_set_threads", self.pointer, ctypes.c_int32(threads))
        call("options_set_isa", self.pointer, ctypes.c_int32(isa))


class Model(_Handle):
    def __init__(self, onnx_bytes):
        super().__init__("model")
        call("model_open_memory", onnx_bytes, ctypes.c_size_t(len(onnx_bytes)), None,
             ctypes.byref(self.pointer))

    def names(self, port):
        count = ctypes.c_int32()
        call("model_count", self.pointer, port, ctypes.byref(count))
        names = []
        for index in range(count.value):
            name = ctypes.c_char_p()
            call("model_name", self.pointer, port, ctypes.c_int32(index), ctypes.byref(name))
            names.append(name.value.decode())
        return names

    def dtype(self, port, index):
        number = ctypes.c_int()
        call("model_dtype", self.pointer, port, ctypes.c_int32(index), ctypes.byref(number))
        return number.value


class Session(_Handle):
    def __init__(self, model, options=None):
        super().__init__("session")
        self.model = model
        call("session_create", model.pointer, options.pointer if options else None,
             ctypes.byref(self.pointer))

    def shape(self, port, index):
        dims, rank = (ctypes.c_int64 * MAX_RANK)(), ctypes.c_size_t()
        call("session_shape", self.pointer, port, ctypes.c_int32(index), dims,
             ctypes.c_size_t(MAX_RANK), ctypes.byref(rank))
        return tuple(dims[: rank.value])

    def set_shape(self, index, shape):
        """Forgets the contents of all inputs if the shape is another one."""
        if self.shape(INPUT, index) != tuple(shape):
            dims = (ctypes.c_int64 * max(len(shape), 1))(*shape)
            call("session_set_shape", self.pointer, ctypes.c_int32(index), dims,
                 ctypes.c_size_t(len(shape)))

    def set_input(self, index, array):
        data = np.ascontiguousarray(array)
        call("session_set_input", self.pointer, ctypes.c_int32(index),
             data.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(data.size),
             NUMBERS[data.dtype])

    def run(self):
        call("session_run", self.pointer)

    def output(self, index):
        number = self.model.dtype(OUTPUT, index)
        result = np.empty(self.shape(OUTPUT, index), DTYPES[number])
        call("session_output", self.pointer, ctypes.c_int32(index),
             result.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(result.size), number)
        return result


def run_model(onnx_bytes, inputs, threads=1, isa=0, runs=1):
    """The model's outputs, in order, for inputs given by name. With `runs` the model runs that
    often, and LinnetError is raised if the outputs change."""
    with Options(threads, isa) as options, Model(onnx_bytes) as model, \
            Session(model, options) as session:
        arrays = [np.asarray(inputs[name]) for name in model.names(INPUT)]
        for index, array in enumerate(arrays):
            session.set_shape(index, array.shape)
        for index, array in enumerate(arrays):
            session.set_input(index, array)
        results = None
        for _ in range(runs):
            session.run()
            outputs = [session.output(i) for i in range(len(model.names(OUTPUT)))]
            if results and any(a.tobytes() != b.tobytes() for a, b in zip(results, outputs)):
                raise LinnetError(10, "two runs on the same inputs differ")
            results = outputs
        return results

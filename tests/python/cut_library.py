# SPDX-License-Identifier: MIT
"""Libraries built from cut single files, for the tests of these."""
import ctypes
import subprocess
import sys

import numpy as np
from onnx import helper

import linnet

FLAGS = ["-std=c++17", "-Wall", "-Wextra", "-Werror"]


def command(*arguments):
    return subprocess.run([sys.executable, "-m", "linnet", *map(str, arguments)],
                          capture_output=True, text=True, timeout=300)


def build(folder, optimise="-O1", *flags):
    """A library of the linnet.cc in the folder, without a warning and with nothing missing."""
    library = folder / "cut.so"
    subprocess.run(["c++", optimise, *FLAGS, *flags, "-fPIC", "-shared", "-Wl,-z,defs", "-pthread",
                    folder / "linnet.cc", "-o", library], check=True, timeout=600)
    return Library(library)


class Library:
    """Models through the C interface of a library, by ctypes."""

    def __init__(self, path):
        self._c = ctypes.CDLL(str(path))
        self._c.linnet_last_error.restype = ctypes.c_char_p

    def call(self, name, *arguments):
        if getattr(self._c, f"linnet_{name}")(*arguments) != 0:
            raise linnet.LinnetError(self._c.linnet_last_error().decode())

    def open(self, model):
        handle = ctypes.c_void_p()
        self.call("model_open_memory", model, ctypes.c_size_t(len(model)), None,
                  ctypes.byref(handle))
        return handle

    def run(self, model, inputs, outputs, threads=1):
        """Arrays in, arrays of the shapes and types of `outputs` out."""
        options, session = ctypes.c_void_p(), ctypes.c_void_p()
        self.call("options_create", ctypes.byref(options))
        self.call("options_set_threads", options, threads)
        self.call("session_create", self.open(model), options, ctypes.byref(session))
        for i, array in enumerate(inputs):
            shape = (ctypes.c_int64 * array.ndim)(*array.shape)
            self.call("session_set_shape", session, i, shape, ctypes.c_size_t(array.ndim))
        for i, array in enumerate(inputs):
            self.call("session_set_input", session, i, array.ctypes.data_as(ctypes.c_void_p),
                      ctypes.c_size_t(array.size), helper.np_dtype_to_tensor_dtype(array.dtype))
        self.call("session_run", session)
        found = [np.empty_like(output) for output in outputs]
        for i, array in enumerate(found):
            self.call("session_output", session, i, array.ctypes.data_as(ctypes.c_void_p),
                      ctypes.c_size_t(array.size), helper.np_dtype_to_tensor_dtype(array.dtype))
        return found


def same_bits(library, model, inputs, threads=1, file=None):
    """file: the model as the library takes it, if in another form."""
    with linnet.Session(model) as session:
        names = [port.name for port in session.model.inputs]
        expected = session.run(dict(zip(names, inputs)))
    found = library.run(file or model, inputs, expected, threads)
    for a, b in zip(found, expected):
        assert a.tobytes() == b.tobytes()


def weights(*shape):
    return np.random.default_rng(7).standard_normal(shape).astype(np.float32) * 0.2

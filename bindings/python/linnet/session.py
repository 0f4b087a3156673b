# SPDX-License-Identifier: MIT
"""A model made ready to run."""
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union

import numpy as np

from linnet import _native
from linnet.model import Model, Source, numpy_type


class StepTime(NamedTuple):
    """One step of the last run: the tensor that it computes, its kernel, its time."""
    tensor: str
    kernel: str
    milliseconds: float


# A run that takes longer, in seconds, can be interrupted between its steps.
_LONG_RUN = 0.1


class _Sizes:
    """What is known of the outputs for the shapes that the inputs have now. A change of shape
    replaces it, so that a thread that comes meanwhile writes into the old one."""

    def __init__(self):
        self.inputs = {}  # shapes by index
        self.outputs = {}  # (shape, numpy's type, Dtype, elements) by index


class Session:
    """Runs a model. One thread at a time; the GIL is released while it runs. In the main thread
    Ctrl-C ends a long run with KeyboardInterrupt.

    model: a Model, or what Model() takes.
    threads: how many threads work on a run; the answer does not depend on it.
    isa: "auto", "plain", "avx2", "avx512" or "neon".
    """

    def __init__(self, model: Union[Model, Source], threads: int = 1, *, isa: str = "auto"):
        self._model = model if isinstance(model, Model) else Model(model)
        self._settings = (threads, isa)
        with _native.Options.create() as options:
            options.set_threads(threads)
            options.set_isa(_isa(isa))
            self._native = _native.Session.create(self._model._native, options)
        self._inputs = self._model.inputs
        self._names = [port.name for port in self._model.outputs]
        self._sizes = _Sizes()
        self._seconds = math.inf  # that the last run took

    def close(self) -> None:
        """Frees the session and its memory."""
        self._native.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def __reduce__(self):
        return _remake, (self._model, *self._settings, self._names[len(self._model.outputs):])

    @property
    def model(self) -> Model:
        return self._model

    def run(self, x: Union[np.ndarray, Mapping[str, np.ndarray]]) -> List[np.ndarray]:
        """Runs the model on its inputs and returns its outputs, watched tensors last.

        x: the array of the only input, or a mapping from names to arrays. An array whose shape
        differs from the session's is welcome where the model leaves that axis free: the session is
        made ready for it. Arrays of the input's own type are read in place if they are
        C-contiguous; other floating types are converted, other types are an error.
        """
        self._set_inputs(x)
        self._execute()
        return self.outputs()

    def steps(self, x: Union[np.ndarray, Mapping[str, np.ndarray]]) -> Iterator[Tuple[int, int]]:
        """As run(), step by step: yields (steps done, steps in all). After the last one, outputs()
        returns the result. For progress bars and for runs that the caller may give up."""
        self._set_inputs(x)
        total = self._native.step_count()
        while True:  # at least once: the outputs of a model without steps are its inputs
            done = self._native.step()
            yield done, total
            if done == total:
                return

    def outputs(self) -> List[np.ndarray]:
        """The outputs of the last run."""
        return [self._output(i) for i in range(len(self._names))]

    def cancel(self) -> None:
        """Ends the run under way, or the next one, with Cancelled. From any thread."""
        self._native.cancel()

    def watch(self, tensor: str) -> int:
        """Adds a tensor inside the model, by its name in the file, to the outputs; returns its
        index in what run() returns."""
        index = self._native.watch(tensor)
        self._sizes = _Sizes()
        self._names.append(tensor)
        return index

    def set_shape(self, name: str, shape: Tuple[int, ...]) -> None:
        """Makes the session ready for another shape of an input."""
        self._reshape(self._index(name), shape)

    @property
    def input_shapes(self) -> Tuple[Tuple[int, ...], ...]:
        """The shapes of the inputs as they are now, without free axes."""
        return tuple(self._shape(_native.Port.INPUT, i) for i in range(len(self._inputs)))

    @property
    def arena_bytes(self) -> int:
        """The bytes that the session's tensors take, exactly."""
        return self._native.arena_bytes()

    def profile(self) -> List[StepTime]:
        """The steps of the last run with their times."""
        return [StepTime(*self._native.step_info(i)) for i in range(self._native.step_count())]

    def tune(self) -> str:
        """Measures which way of computing each kind of convolution is the fastest on this machine,
        for the shapes and threads of the session: the value for the metadata entry
        linnet.convolutions of models that are opened, and of files that are saved from them. Takes
        the time of some 36 runs, and memory for four more sessions and their weights."""
        with ThreadPoolExecutor(1) as helper:  # Python sees signals in its main thread only
            stated = helper.submit(self._native.tune)
            try:
                return stated.result()
            except KeyboardInterrupt:
                self.cancel()
                raise

    def _execute(self) -> None:
        """Runs the model. Python sees signals in its main thread only, and only between native
        calls: a run that may take long goes there step by step."""
        start = time.perf_counter()
        if self._seconds > _LONG_RUN and threading.current_thread() is threading.main_thread():
            total = self._native.step_count()
            while self._native.step() < total:
                pass
        else:
            self._native.run()
        self._seconds = time.perf_counter() - start

    def _shape(self, port: _native.Port, index: int) -> Tuple[int, ...]:
        return tuple(int(n) for n in self._native.shape(port, index, _native.MAX_RANK))

    def _reshape(self, index: int, shape: Tuple[int, ...]) -> None:
        self._native.set_shape(index, np.asarray(shape, np.int64))
        self._sizes = _Sizes()

    def _fit(self, index: int, shape: Tuple[int, ...]) -> None:
        """Makes the session ready for the shape of an input, unless it is."""
        sizes = self._sizes
        known = sizes.inputs.get(index)
        if known is None:
            known = sizes.inputs[index] = self._shape(_native.Port.INPUT, index)
        if shape != known:
            self._reshape(index, shape)

    def _index(self, name: str) -> int:
        for index, port in enumerate(self._inputs):
            if port.name == name:
                return index
        known = ", ".join(repr(port.name) for port in self._inputs)
        raise _native.InvalidArgument(f"the model has no input {name!r}; its inputs are {known}")

    def _set_inputs(self, x) -> None:
        if isinstance(x, np.ndarray) and len(self._inputs) == 1:
            array = self._array(0, x)
            self._fit(0, array.shape)
            self._native.set_input(0, array)
            return
        if not isinstance(x, Mapping):
            if len(self._inputs) != 1:
                raise _native.InvalidArgument(
                    f"the model has {len(self._inputs)} inputs; give a mapping from names to "
                    "arrays")
            x = {self._inputs[0].name: x}
        arrays = {self._index(name): array for name, array in x.items()}
        arrays = {index: self._array(index, array) for index, array in arrays.items()}
        for index, array in arrays.items():
            self._fit(index, array.shape)
        for index, array in arrays.items():
            self._native.set_input(index, array)

    def _array(self, index: int, x) -> np.ndarray:
        port, array = self._inputs[index], np.asarray(x)
        if array.dtype == port.dtype and array.flags.c_contiguous:
            return array
        convertible = port.dtype.kind == "f" and array.dtype.kind == "f"
        if array.dtype != port.dtype and not convertible:
            raise _native.InvalidArgument(
                f"input {port.name!r} takes {port.dtype}, got an array of {array.dtype}; convert "
                f"it with .astype({str(port.dtype)!r})")
        if array.dtype != np.float32 or port.dtype.kind != "f":
            array = array.astype(port.dtype, copy=False)
        # ascontiguousarray() would make a scalar one-dimensional.
        return array if array.flags.c_contiguous else np.ascontiguousarray(array)

    def _output(self, index: int) -> np.ndarray:
        sizes = self._sizes
        known = sizes.outputs.get(index)
        if known is None:
            known = sizes.outputs[index] = self._size_of(index)
        shape, numpys, dtype, elements = known
        data = np.empty(shape, numpys)
        self._native.output(index, elements, dtype, data)
        return data

    def _size_of(self, index: int) -> Tuple[Tuple[int, ...], np.dtype, _native.Dtype, int]:
        shape, dtype = self._shape(_native.Port.OUTPUT, index), self._native.dtype(index)
        if dtype == _native.Dtype.BFLOAT16:
            dtype = _native.Dtype.FLOAT32
        return shape, numpy_type(dtype), dtype, math.prod(shape)


def _isa(name: str) -> _native.Isa:
    isa = getattr(_native.Isa, str(name).upper(), None)
    if not isinstance(isa, _native.Isa):
        raise _native.InvalidArgument(
            f"there is no instruction set {name!r}; there are auto, plain, avx2, avx512, neon")
    return isa


def _remake(model: Model, threads: int, isa: str, watched: List[str]) -> Session:
    session = Session(model, threads, isa=isa)
    for tensor in watched:
        session.watch(tensor)
    return session

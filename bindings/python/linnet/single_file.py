# SPDX-License-Identifier: MIT
"""The library as one file, whole or cut to some models.

What a model needs is what the library uses of itself while it opens the model and plans runs of it.
The extension module is built so that it tells (LINNET_TELL_USES), by its log.
"""
import ctypes
import hashlib
import importlib.resources
import os
import tempfile
from typing import Dict, Iterable, NamedTuple, Optional, Sequence, Set

import linnet
from linnet import _native, cutter

ISAS = ("plain", "avx2", "avx512", "neon")
# What can be left out: loaders, and what else no model asks for.
LOADERS = ("linnet", "files")
# Plans differ a little with these; the cut file shall have what each of them takes.
_THREADS, _BATCHES = (1, 2, 4), (1, 8)
# Where cases are gone, something that only they read may be left.
_PRAGMAS = """
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#endif

"""
_CONTAINER = b"\x89LINNET\n"
_PLANNED = b"\x89LINPLAN"


class SingleFile(NamedTuple):
    """The two texts, and models with their plans where the library runs only such."""
    source: str
    header: str
    planned: Sequence[bytes] = ()


def whole() -> SingleFile:
    """linnet.cc and linnet.h as this package was built from them."""
    folder = importlib.resources.files("linnet")
    return SingleFile((folder / "linnet.cc").read_text(encoding="utf-8"),
                      (folder / "linnet.h").read_text(encoding="utf-8"))


def cut_to(models: Sequence[str], *, isas: Optional[Iterable[str]] = None,
           no_loaders: Iterable[str] = (), save: bool = False,
           planned: bool = False) -> SingleFile:
    """The single file with what these model files need; anything else is an error when it runs.

    isas: the instruction sets with a body of their own; None for all. Without "plain" the file runs
    only on processors that have one of them.
    no_loaders: of LOADERS. "linnet" goes by itself where no model is such a file.
    save: whether linnet_model_save() stays.
    planned: the file loads and plans nothing; it runs these models from what `planned` of the
    result holds in their places, with the input shapes that they have by themselves.
    """
    if planned and save:
        raise linnet.InvalidArgument("a planned model cannot be saved by the library that runs it")
    isas = ISAS if isas is None else tuple(isas)
    without = set(no_loaders) | {"tune"} | (set() if save else {"save"})
    if not save and not any(_is_container(model) for model in models):
        without.add("linnet")
    elif "linnet" in without:
        raise linnet.InvalidArgument("the loader of .linnet files is needed: to save models, or by "
                                     "one of these")
    source, header, _ = whole()
    need = needs_of(models)
    if "If" not in need.operators:
        without.add("branches")
    plans = [plan_of(model) for model in models] if planned else []
    if planned:  # then no constants are folded either
        need = need._replace(plain_kernels=set())
    text = cutter.cut(source, need, isas, sorted(without))
    if planned:
        text = cutter.cut_to_plans(text, [_digest_of_plan(plan) for plan in plans])
    names = ", ".join(os.path.basename(model) for model in models)
    text = cutter.replace_once(text, 'kNotHere[] = "is not supported";',
                               'kNotHere[] = "is not in this build";')
    text = cutter.replace_once(text, "kIsCut = false;", "kIsCut = true;")
    hint = f"; it is cut to {names}: run `linnet single-file` again with what is missing"
    text = cutter.replace_once(text, 'kCutHint[] = "";', f"kCutHint[] =\n    {_literal(hint)};")
    note = f"// Cut to {names} by `linnet single-file`.\n// Build: "
    text = cutter.replace_once(text, "// Build: ", note)
    return SingleFile(cutter.replace_once(text, "\n#include <algorithm>", f"{_PRAGMAS}#include "
                                          "<algorithm>"), header, plans)


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if " " <= c <= "~" else "?" for c in escaped) + '"'


def plan_of(model: str) -> bytes:
    """The model with its plan, core/predictor/planned.h."""
    library = ctypes.CDLL(_native.__file__)
    library.linnet_last_error.restype = ctypes.c_char_p
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plan")
        if library.linnet_write_planned(os.fsencode(model), os.fsencode(path)) != 0:
            raise linnet.Unsupported(library.linnet_last_error().decode())
        with open(path, "rb") as file:
            return file.read()


def is_planned(data: bytes) -> bool:
    return data.startswith(_PLANNED)


def _digest_of_plan(plan: bytes) -> str:
    return hashlib.sha256(plan[:int.from_bytes(plan[16:24], "little")]).hexdigest()


def _is_container(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(len(_CONTAINER)) == _CONTAINER


def needs_of(models: Sequence[str]) -> cutter.Need:
    """What the library uses for these model files."""
    with _Uses() as uses:
        for path in models:
            with open(path, "rb") as file:
                data = file.read()
            for source in (path, data):
                with linnet.Model(source) as model:
                    for threads in _THREADS:
                        _plan(model, threads)
    found = uses.found
    if "operator" not in found or "function" not in found:
        raise linnet.Unsupported("this build of the package does not tell what models need")
    need = cutter.Need(*(found.get(kind, set()) for kind in (
        "operator", "kernel", "plain kernel", "pass", "rule")))
    return need._replace(functions=found["function"] | _called_by_failures(data))


def _called_by_failures(data: bytes) -> Set[str]:
    """The functions that make the messages: of models with an operator that does not exist, or that
    cannot be translated from an older opset, and of damaged ones."""
    with _Uses() as uses:
        for damaged in (_unsupported_model(b"None"), _unsupported_model(b"Softmax"),
                        data[:len(data) // 2], data[:100] + b"\xff" * 100):
            try:
                linnet.Model(damaged).close()
            except linnet.LinnetError:
                pass
    return uses.found.get("function", set())


def _unsupported_model(operator: bytes) -> bytes:
    """ONNX of opset 11, in the protobuf wire format: one node 'n' from x to y, both float32 [1],
    with an attribute "axis" that is no integer."""
    def field(number: int, content: bytes) -> bytes:
        return bytes([number << 3 | 2, len(content)]) + content
    tensor = field(1, b"\x08\x01" + field(2, field(1, b"\x08\x01")))
    axis = field(1, b"axis") + b"\x15\x00\x00\x00\x00" + b"\xa0\x01\x01"
    node = field(1, b"x") + field(2, b"y") + field(3, b"n") + field(4, operator) + field(5, axis)
    graph = field(1, node) + field(2, b"g")
    for number, name in ((11, b"x"), (12, b"y")):
        graph += field(number, field(1, name) + field(2, tensor))
    return b"\x08\x07" + field(7, graph) + field(8, b"\x10\x0b")


def _plan(model: linnet.Model, threads: int) -> None:
    with linnet.Session(model, threads) as session:
        for batch in _BATCHES:
            for port in model.inputs:
                if port.shape and port.shape[0] is None:
                    _try_batch(session, port, batch)
        for shape, port in zip(session.input_shapes, model.inputs):
            session.set_shape(port.name, shape)


def _try_batch(session: linnet.Session, port: linnet.TensorInfo, batch: int) -> None:
    shape = [batch, *session.input_shapes[session.model.inputs.index(port)][1:]]
    try:
        session.set_shape(port.name, shape)
    except linnet.LinnetError:
        pass  # a model that does not take this batch needs nothing for it


class _Uses:
    """Collects what the library tells of its use. One at a time in a process."""

    def __init__(self):
        self.found: Dict[str, Set[str]] = {}
        self._library = ctypes.CDLL(_native.__file__)
        self._receiver = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32,
                                          ctypes.c_char_p)(self._receive)

    def _receive(self, _, __, message: bytes) -> None:
        if message.startswith(b"use plain kernel "):
            self.found.setdefault("plain kernel", set()).add(message[17:].decode())
        elif message.startswith(b"use "):
            kind, name = message[4:].decode().split(" ", 1)
            self.found.setdefault(kind, set()).add(name)

    def __enter__(self) -> "_Uses":
        self._library.linnet_set_log(self._receiver, None)
        return self

    def __exit__(self, *_) -> None:
        self._library.linnet_set_log(None, None)


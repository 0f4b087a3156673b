# SPDX-License-Identifier: MIT
"""Models that other machines run, by the program run_models.cc, and the comparison of what they
answer with what this one answers."""
import subprocess
import sys
from typing import NamedTuple, Optional

import numpy as np
import pytest

import linnet
from machines import ROOT

sys.path[:0] = [str(ROOT / "tests/parity"), str(ROOT / "tests/golden")]

import op_cases_a  # noqa: E402
import op_cases_b  # noqa: E402
from harness import check  # noqa: E402
from shared_data import SHARED  # noqa: E402
from test_random_graphs import RandomGraph  # noqa: E402

GRAPHS = 100
MODELS = {"mnist": (1, 28, 28), "resnet20_cifar10": (3, 32, 32),
          "mobilenet_v1_0.25_224": (3, 224, 224), "squeezenet1.1": (3, 224, 224)}
DTYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 9: np.bool_,
          10: np.float16, 11: np.float64}
FLOATS = (np.float16, np.float32, np.float64)
NUMBERS = {np.dtype(dtype): number for number, dtype in DTYPES.items()}


class Case(NamedTuple):
    name: str
    model: bytes
    inputs: dict
    tolerance: float
    file: Optional[bytes] = None  # the model as the other machine gets it, if in another form


def op_cases():
    for case in op_cases_a.CASES:
        if not case.error:
            yield Case(case.name, case.model, case.inputs, max(case.tolerance, 2e-6))
    for case in op_cases_b.CASES:
        for variant in op_cases_b.variants(case):
            yield Case(variant.name, variant.model, variant.feeds, variant.tolerance)


def random_graphs():
    for seed in range(GRAPHS):
        graph = RandomGraph(seed)
        if graph.nodes:
            x = np.random.RandomState(seed).uniform(-2, 2, graph.input_shape).astype(np.float32)
            yield Case(f"graph {seed}", graph.model(), {"x": x}, 1e-4)


def real_models():
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared/data, with the models, is not here")
    for name, shape in MODELS.items():
        path = SHARED / "data/models/onnx" / f"{name}.onnx"
        random = np.random.default_rng(7)
        port = linnet.Model(path).inputs[0].name
        yield Case(name, path.read_bytes(), {port: random.random((1, *shape), np.float32)}, 1e-4)


def write_tensors(path, arrays, order):
    def bytes_of(array):
        return np.asarray(array).astype(array.dtype.newbyteorder(order)).tobytes()

    with open(path, "wb") as file:
        for array in map(np.asarray, arrays):
            file.write(bytes_of(np.array([NUMBERS[array.dtype], array.ndim], np.int32)))
            file.write(bytes_of(np.array(array.shape, np.int64)))
            file.write(bytes_of(array))


def read_tensors(path, order):
    data, at, arrays = path.read_bytes(), 0, []

    def read(dtype, count):
        stored = np.frombuffer(data, np.dtype(dtype).newbyteorder(order), count, at)
        return stored.astype(dtype)

    while at < len(data):
        number, rank = read(np.int32, 2)
        at += 8
        shape = read(np.int64, rank)
        at += 8 * rank
        arrays.append(read(DTYPES[number], int(np.prod(shape))).reshape(shape))
        at += arrays[-1].nbytes
    return arrays


def check_answers(command, cases, folder, isa, byte_order="<", model_name="model"):
    """Runs the cases by the program `command`, in the folder, which names the instruction set."""
    cases, expected, lines = list(cases()), [], []
    for i, case in enumerate(cases):
        model, inputs = f"{model_name}{i}.onnx", f"{i}.in"
        (folder / model).write_bytes(case.file or case.model)
        with linnet.Session(case.model) as session:
            arrays = [np.asarray(case.inputs[port.name]) for port in session.model.inputs]
            expected.append(session.run(dict(zip((p.name for p in session.model.inputs), arrays))))
        write_tensors(folder / inputs, arrays, byte_order)
        lines.append(f"{model} {inputs} {i}.out\n")
    (folder / "list").write_text("".join(lines), encoding="utf-8")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1800)
    failed = []
    for i, case in enumerate(cases):
        output = folder / f"{i}.out"
        try:
            check(read_tensors(output, byte_order), expected[i], case.tolerance, FLOATS)
        except (AssertionError, KeyError, ValueError) as error:
            failed.append(f"{case.name}: {error} {output.read_bytes()[:200]!r}")
    assert not failed, f"{len(failed)} of {len(cases)}: " + "\n".join(failed[:5])
    assert done.returncode == 0 and f"isa={isa}" in done.stdout, done.stdout + done.stderr

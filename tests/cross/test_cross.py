# SPDX-License-Identifier: MIT
"""Other processors, emulated: the single file is cross-compiled, and operators, random graphs and
real models give the same answers there as here."""
import pathlib
import shutil
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest

import linnet

ROOT = pathlib.Path(__file__).resolve().parents[2]
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


class Target(NamedTuple):
    compiler: str
    emulator: str
    isa: str  # what it says that it uses


TARGETS = {"aarch64": Target("aarch64-linux-gnu-g++", "qemu-aarch64-static", "neon"),
           "armv7": Target("arm-linux-gnueabihf-g++", "qemu-arm-static", "plain"),
           "riscv64": Target("riscv64-linux-gnu-g++", "qemu-riscv64-static", "plain")}


class Case(NamedTuple):
    name: str
    model: bytes
    inputs: dict
    tolerance: float


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


# Each program is built once, by whichever process tests its target.
@pytest.fixture(scope="module",
                params=[pytest.param(name, marks=pytest.mark.xdist_group(name))
                        for name in TARGETS])
def machine(request, tmp_path_factory):
    """The program for a target, as the words of a command."""
    target = TARGETS[request.param]
    for tool in (target.compiler, target.emulator):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
    program = tmp_path_factory.mktemp("cross") / "run_models"
    subprocess.run([target.compiler, "-O2", "-std=c++17", "-static", "-I", ROOT / "capi",
                    ROOT / "tests/cross/run_models.cc", ROOT / "bindings/go/linnet.cc", "-o",
                    program, "-pthread"], check=True)
    return target, [target.emulator, str(program)]


def write_tensors(path, arrays):
    with open(path, "wb") as file:
        for array in arrays:
            array = np.asarray(array, order="C")
            np.array([NUMBERS[array.dtype], array.ndim], np.int32).tofile(file)
            np.array(array.shape, np.int64).tofile(file)
            file.write(array.tobytes())


def read_tensors(path):
    data, at, arrays = path.read_bytes(), 0, []
    while at < len(data):
        number, rank = np.frombuffer(data, np.int32, 2, at)
        shape = np.frombuffer(data, np.int64, rank, at + 8)
        at += 8 + 8 * rank
        array = np.frombuffer(data, DTYPES[number], int(np.prod(shape)), at).reshape(shape)
        at += array.nbytes
        arrays.append(array)
    return arrays


@pytest.mark.parametrize("cases", [op_cases, random_graphs, real_models])
def test_same_answers(machine, cases, tmp_path):
    target, command = machine
    cases, expected, lines = list(cases()), [], []
    for i, case in enumerate(cases):
        model, inputs = tmp_path / f"{i}.onnx", tmp_path / f"{i}.in"
        model.write_bytes(case.model)
        with linnet.Session(case.model) as session:
            arrays = [np.asarray(case.inputs[port.name]) for port in session.model.inputs]
            expected.append(session.run(dict(zip((p.name for p in session.model.inputs), arrays))))
        write_tensors(inputs, arrays)
        lines.append(f"{model} {inputs} {tmp_path / f'{i}.out'}\n")
    (tmp_path / "list").write_text("".join(lines))
    done = subprocess.run([*command, tmp_path / "list"], capture_output=True, text=True,
                          timeout=1800)
    failed = []
    for i, case in enumerate(cases):
        output = tmp_path / f"{i}.out"
        try:
            check(read_tensors(output), expected[i], case.tolerance, FLOATS)
        except (AssertionError, KeyError, ValueError) as error:
            failed.append(f"{case.name}: {error} {output.read_bytes()[:200]!r}")
    assert not failed, f"{len(failed)} of {len(cases)}: " + "\n".join(failed[:5])
    assert done.returncode == 0 and f"isa={target.isa}" in done.stdout, done.stdout + done.stderr

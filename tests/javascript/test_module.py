# SPDX-License-Identifier: MIT
"""The modules of WebAssembly under Node: operators, random graphs and real models give the answers
of the library, golden outputs those of onnxruntime; all modules and numbers of threads the same
bits."""
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import linnet

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cross"), str(ROOT / "tests/golden")]

import cases as cross  # noqa: E402
import test_models as golden  # noqa: E402
from harness import check  # noqa: E402
from shared_data import SHARED  # noqa: E402

PACKAGE = ROOT / "bindings/javascript/src/index.js"


def run_models(kind, models, folder):
    """The outputs of (model, arrays) pairs, as lists of arrays, or text where one failed."""
    lines = []
    for i, (model, arrays) in enumerate(models):
        (folder / f"{i}.onnx").write_bytes(model)
        cross.write_tensors(folder / f"{i}.in", arrays, "<")
        lines.append(f"{folder}/{i}.onnx {folder}/{i}.in {folder}/{i}.{kind}\n")
    (folder / "list").write_text("".join(lines))
    done = subprocess.run(["node", ROOT / "tests/javascript/run_models.mjs", PACKAGE,
                           folder / "list", kind], capture_output=True, text=True, timeout=600)
    isa = "plain" if kind == "scalar" else "wasm"
    assert f"isa={isa}" in done.stdout, done.stdout + done.stderr
    outputs = [folder / f"{i}.{kind}" for i in range(len(models))]
    assert done.returncode == 0, [each.read_text() for each in outputs
                                  if each.read_bytes()[:5] == b"Linne"]
    return [cross.read_tensors(each, "<") for each in outputs]


def as_there(arrays):
    """Halves come as float32."""
    return [a.astype(np.float32) if a.dtype == np.float16 else a for a in arrays]


@pytest.mark.parametrize("cases", [cross.op_cases, cross.random_graphs, cross.real_models])
def test_same_answers(cases, tmp_path):
    cases, models, expected = list(cases()), [], []
    for case in cases:
        with linnet.Session(case.model) as session:
            names = [port.name for port in session.model.inputs]
            arrays = [np.asarray(case.inputs[name]) for name in names]
            expected.append(as_there(session.run(dict(zip(names, arrays)))))
        models.append((case.model, arrays))
    simd = run_models("simd", models, tmp_path)
    others = {kind: run_models(kind, models, tmp_path) for kind in ("scalar", "2", "3")}
    assert len(cases) >= 4
    failed = []
    for i, (case, ours, theirs) in enumerate(zip(cases, simd, expected)):
        try:
            check(ours, theirs, case.tolerance, cross.FLOATS)
        except AssertionError as error:
            failed.append(f"{case.name}: {error}")
        for kind, outputs in others.items():
            if [each.tobytes() for each in ours] != [each.tobytes() for each in outputs[i]]:
                failed.append(f"{case.name}: simd and {kind} differ")
    assert not failed, f"{len(failed)} of {len(cases)}: " + "\n".join(failed[:5])


def test_the_bits_of_the_portable_body(tmp_path):
    """Neither has fused multiply-adds. (Functions of the C library, such as log, may differ.)"""
    cases = list(cross.real_models())
    inputs = [[np.asarray(each) for each in case.inputs.values()] for case in cases]
    outputs = run_models("simd", [(case.model, x) for case, x in zip(cases, inputs)], tmp_path)
    for case, found in zip(cases, outputs):
        with linnet.Session(case.model, isa="plain") as session:
            expected = session.run(case.inputs)
        assert [x.tobytes() for x in found] == [x.tobytes() for x in expected], case.name


@pytest.mark.parametrize("name", golden.MODELS)
def test_golden_outputs(name, tmp_path):
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip("../shared/data, with the models, is not here")
    file_name, prepare, probabilities = golden.MODELS[name]
    expected = np.load(data / "golden" / f"{name}.onnx.out.npy").reshape(16, -1)
    x = golden.golden_input(data, file_name, prepare)
    model = (data / "models/onnx" / f"{name}.onnx").read_bytes()
    twice = [run_models("simd", [(model, [item[None]]) for item in x], tmp_path) for _ in range(2)]
    found, again = (np.stack([outputs[0].ravel() for outputs in each]) for each in twice)
    assert (found == again).all()
    if not probabilities:
        found, expected = (np.exp(each - each.max(1, keepdims=True)) for each in (found, expected))
        found, expected = (each / each.sum(1, keepdims=True) for each in (found, expected))
    assert np.abs(found - expected).max() < 1e-4
    assert (found.argmax(1) == expected.argmax(1)).all()

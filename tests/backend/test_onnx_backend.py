# SPDX-License-Identifier: MIT
"""ONNX's own test suite of operators, through linnet.backend.

Every test whose graph consists of Linnet's operators must pass, unless `not_passing.txt` names it
with the reason. A test that is listed and passes fails, so that the list stays true.
"""
import pathlib

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from onnx.backend.test.loader import load_model_tests

import linnet
import linnet.backend

HERE = pathlib.Path(__file__).parent

OPERATORS = set("""
    Abs Add And ArgMax AveragePool BatchNormalization Cast Ceil Clip Col2Im Concat Constant
    ConstantOfShape Conv ConvTranspose Cos CumSum Div Dropout Einsum Elu Equal Erf Exp Expand
    EyeLike Flatten Floor Gather Gelu Gemm GlobalAveragePool GlobalMaxPool Greater HardSigmoid
    HardSwish Identity If InstanceNormalization LRN LSTM LayerNormalization LeakyRelu Less Log
    LogSoftmax MatMul Max MaxPool Mean Min Mish Mod Mul Neg Not OneHot Or PRelu Pad Pow Range
    Reciprocal ReduceL2 ReduceMax ReduceMean ReduceMin ReduceSum Relu Reshape Resize ScatterND Selu
    Shape Sigmoid Sin Size Slice Softmax Softplus Split Sqrt Squeeze Sub Sum Tanh Tile TopK
    Transpose Unsqueeze Where
""".split())


def read_list():
    """From test names to reasons."""
    entries = {}
    for line in (HERE / "not_passing.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, reason = line.split(":", 1)
            entries[name.strip()] = reason.strip()
    return entries


NOT_PASSING = read_list()


def operators_of(model):
    functions = {(f.domain, f.name) for f in model.functions}
    nodes = list(model.graph.node) + [n for f in model.functions for n in f.node]
    return {n.op_type if n.domain in ("", "ai.onnx") else f"{n.domain}.{n.op_type}"
            for n in nodes if (n.domain, n.op_type) not in functions}


def wanted_cases():
    for case in load_model_tests(kind="node"):
        model = onnx.load(pathlib.Path(case.model_dir) / "model.onnx", load_external_data=False)
        if operators_of(model) <= OPERATORS:
            yield pytest.param(case, id=case.name)


def read_tensors(folder, kind):
    paths = sorted(folder.glob(f"{kind}_*.pb"), key=lambda p: int(p.stem.rsplit("_", 1)[1]))
    return [numpy_helper.to_array(onnx.load_tensor(path)) for path in paths]


def compare(found, expected, case):
    assert found.shape == expected.shape
    if expected.dtype.kind in "biu":
        np.testing.assert_array_equal(found, expected)
    else:
        np.testing.assert_allclose(found.astype(np.float64), expected.astype(np.float64),
                                   rtol=case.rtol, atol=max(case.atol, 1e-6))


def run_case(case):
    folder = pathlib.Path(case.model_dir)
    prepared = linnet.backend.prepare(onnx.load(folder / "model.onnx"))
    for data in sorted(folder.glob("test_data_set_*")):
        outputs = prepared.run(read_tensors(data, "input"))
        for found, expected in zip(outputs, read_tensors(data, "output")):
            compare(found, expected, case)


@pytest.mark.parametrize("case", list(wanted_cases()))
def test_operator(case):
    if case.name not in NOT_PASSING:
        run_case(case)
        return
    try:
        run_case(case)
    except (linnet.LinnetError, AssertionError, TypeError, KeyError):
        return
    pytest.fail(f"{case.name} passes; take it off not_passing.txt")


def test_list_names_real_tests():
    names = {case.name for case in load_model_tests(kind="node")}
    assert set(NOT_PASSING) <= names

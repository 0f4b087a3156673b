"""Elementwise operators, types and data movement: the same numbers as ONNX Runtime's."""

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

import harness
import linnet
from op_cases_a import CASES

REFUSALS = (linnet.Malformed, linnet.Unsupported, linnet.LimitExceeded)

onnxruntime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")


def expected_outputs(case):
    if case.reference:
        return ReferenceEvaluator(onnx.load_from_string(case.model)).run(None, case.inputs)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(case.model, options,
                                           providers=["CPUExecutionProvider"])
    return session.run(None, case.inputs)


def assert_same(case, outputs, expected):
    for got, wanted in zip(outputs, expected, strict=True):
        wanted = np.asarray(wanted)
        assert got.shape == wanted.shape
        assert got.dtype == wanted.dtype
        if np.issubdtype(got.dtype, np.floating):
            np.testing.assert_allclose(got, wanted, rtol=case.tolerance,
                                       atol=case.tolerance if case.tolerance else 0)
        else:
            np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("case", [c for c in CASES if not c.error], ids=lambda c: c.name)
def test_same_as_onnxruntime(case):
    expected = expected_outputs(case)
    outputs = harness.run_model(case.model, case.inputs, runs=2)
    assert_same(case, outputs, expected)
    threaded = harness.run_model(case.model, case.inputs, threads=3)
    assert [a.tobytes() for a in threaded] == [a.tobytes() for a in outputs]
    saved = harness.run_saved(case.model, case.inputs)
    assert [a.tobytes() for a in saved] == [a.tobytes() for a in outputs]
    assert_same(case, harness.run_model(case.model, case.inputs, isa=harness.PLAIN), expected)


# Where an axis of length 1, which free axes have before a shape is set, makes the model impossible.
FIXED_ONLY = {"Pad-reflect-row", "GatherND-const0(4,)(1,)"}


@pytest.mark.parametrize("case", [c for c in CASES if not c.error and c.inputs
                                  and c.name not in FIXED_ONLY], ids=lambda c: c.name)
def test_free_axes(case):
    model = onnx.load_from_string(case.model)
    for value in model.graph.input:
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            dim.dim_param = f"{value.name}_{axis}"
    outputs = harness.run_model(model.SerializeToString(), case.inputs)
    assert_same(case, outputs, expected_outputs(case))


@pytest.mark.parametrize("case", [c for c in CASES if c.error], ids=lambda c: c.name)
def test_refused(case):
    with pytest.raises(harness.LinnetError) as caught:
        harness.run_model(case.model, case.inputs)
    assert isinstance(caught.value, REFUSALS)
    assert case.error in str(caught.value)


# Where an index is out of range at run time ONNX asks for nothing; Linnet reads 0, and writes not.
def test_computed_indices_out_of_range():
    import op_cases_a as cases
    x = np.arange(6, dtype=np.float32)
    before = len(cases.CASES)
    cases.case("Gather", "out-of-range", [x, np.array([5, 6, -6, -7, 1 << 62])])
    cases.case("ScatterND", "out-of-range", [x, np.array([[6], [-7], [0]]),
                                             np.array([7, 8, 9], np.float32)])
    gather, scatter = cases.CASES[before:]
    del cases.CASES[before:]
    assert harness.run_model(gather.model, gather.inputs)[0].tolist() == [5, 0, 0, 0, 0]
    assert harness.run_model(scatter.model, scatter.inputs)[0].tolist() == [9, 1, 2, 3, 4, 5]


# Conversions that ONNX leaves open: what is out of range becomes the nearest number, NaN 0.
def test_cast_saturates():
    import op_cases_a as cases
    x = np.array([np.inf, -np.inf, np.nan, 3e9, -3e9, 1e30], np.float32)
    before = len(cases.CASES)
    for dtype in (np.int32, np.int64, np.int8, np.uint8):
        cases.case("Cast", f"saturated-{dtype.__name__}", [x], out=dtype, to=cases._elem(dtype))
    made = cases.CASES[before:]
    del cases.CASES[before:]
    for case, dtype in zip(made, (np.int32, np.int64, np.int8, np.uint8)):
        least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
        wide = dtype is np.int64
        large = [3000000000, -3000000000] if wide else [most, least]
        wanted = [most, least, 0, *large, most]
        assert harness.run_model(case.model, case.inputs)[0].tolist() == wanted

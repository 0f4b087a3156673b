"""The operators of op_cases_b.py against ONNX Runtime."""

import numpy as np
import onnxruntime
import pytest

import linnet
from harness import PLAIN, LinnetError, check, run_model, run_saved
from op_cases_b import CASES, REFUSED, variants
from op_nets_b import NETS

VARIANTS = [variant for case in CASES for variant in variants(case)] + [net() for net in NETS]


def expected_outputs(variant):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        variant.model, options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, variant.feeds)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: v.name)
def test_operator(variant):
    expected = expected_outputs(variant)
    ours = run_model(variant.model, variant.feeds, runs=2)
    check(ours, expected, variant.tolerance)
    plain = run_model(variant.model, variant.feeds, isa=PLAIN)
    check(plain, expected, variant.tolerance)
    threads = run_model(variant.model, variant.feeds, threads=3)
    assert [a.tobytes() for a in threads] == [a.tobytes() for a in ours]
    saved = run_saved(variant.model, variant.feeds)
    assert [a.tobytes() for a in saved] == [a.tobytes() for a in ours]


@pytest.mark.parametrize("case, says", REFUSED, ids=lambda v: getattr(v, "name", ""))
def test_refused(case, says):
    variant = next(variants(case))
    with pytest.raises(LinnetError) as caught:
        run_model(variant.model, variant.feeds)
    assert isinstance(caught.value, (linnet.Malformed, linnet.Unsupported))
    assert says in str(caught.value)
    assert case.op in str(caught.value)

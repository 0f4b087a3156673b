# SPDX-License-Identifier: MIT
"""Runs a model in one call, for the parity tests."""
import pathlib
import tempfile

import numpy as np

import linnet

PLAIN = "plain"
LinnetError = linnet.LinnetError


def run_model(model, inputs, threads=1, isa="auto", runs=1):
    """The model's outputs, in order, for inputs given by name. With `runs` the model runs that
    often, and the outputs must not change."""
    with linnet.Session(model, threads, isa=isa) as session:
        names = [port.name for port in session.model.inputs]
        arrays = {name: np.asarray(inputs[name]) for name in names}
        results = session.run(arrays)
        for _ in range(runs - 1):
            again = session.run(arrays)
            assert all(a.tobytes() == b.tobytes() for a, b in zip(results, again)), \
                "two runs on the same inputs differ"
        return results


def run_saved(onnx_bytes, inputs):
    """The outputs of the model after it was saved and opened again."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.linnet")
        linnet.Model(onnx_bytes).save(path)
        return run_model(path, inputs)


def check(actual, expected, tolerance, tolerant=(np.float32,)):
    """Both lists hold the same arrays: those of the tolerant types within the tolerance, relative
    and of the largest finite number, all others exactly."""
    for ours, theirs in zip(actual, expected, strict=True):
        assert ours.shape == theirs.shape
        assert ours.dtype == theirs.dtype
        if ours.dtype not in tolerant:
            np.testing.assert_array_equal(ours, theirs)
            continue
        finite = theirs[np.isfinite(theirs)]
        scale = max(1.0, float(np.abs(finite).max())) if finite.size else 1.0
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance * scale)

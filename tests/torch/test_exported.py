# SPDX-License-Identifier: MIT
"""Classifiers of torchvision and timm, exported by PyTorch, against ONNX Runtime.

models.txt names the models. Every one must run as each exporter writes it, unless not_passing.txt
names it with the reason. A model that is listed there and runs fails, so that the list stays true.
All of them take hours: only those of subset.txt are tested, unless the environment variable
LINNET_TORCH is "all".
"""
import os
import pathlib

import numpy as np
import onnxruntime
import pytest
import timm

import exporting
import linnet

HERE = pathlib.Path(__file__).parent
EXPORTERS = ("script", "dynamo")
TOLERANCE = 1e-4  # of the largest number of the output
BATCHES = (1, 3)  # where the batch is free
FEW = ("torchvision/mobilenet_v3_small", "torchvision/swin_t", "torchvision/vit_b_32",
       "timm/levit_128s", "timm/test_convnext", "timm/test_nfnet")

# Attention of torch itself can be exported from opset 14 on.
OLD_OPSETS = [(name, opset) for name in FEW for opset in (13, 17)
              if (name, opset) != ("torchvision/vit_b_32", 13)]


def read_lines(file):
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


LISTED = read_lines("models.txt")
SUBSET = read_lines("subset.txt")
MODELS = LISTED if os.environ.get("LINNET_TORCH") == "all" else SUBSET
NOT_PASSING = dict(line.split(": ", 1) for line in read_lines("not_passing.txt"))


def reference(path, shape):
    """Pictures and what ONNX Runtime makes of them."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(3)
    batches = BATCHES if shape[0] is None else shape[:1]
    pictures = [random.standard_normal((n, *shape[1:])).astype(np.float32) for n in batches]
    return pictures, [session.run(None, {"x": x}) for x in pictures]


def check(path, pictures, expected):
    with linnet.Session(str(path)) as session:
        results = [session.run({"x": x}) for x in pictures]
    for wanted, found in zip(expected, results, strict=True):
        for one, other in zip(wanted, found, strict=True):
            assert one.shape == other.shape
            assert np.isfinite(one).all() and np.ptp(one) > 0  # else it would say nothing
            np.testing.assert_allclose(other, one, rtol=0, atol=TOLERANCE * np.abs(one).max())


def check_export(name, folder, exporter, opset=None):
    path = folder / "model.onnx"
    check(path, *exporting.write(name, path, exporter, reference, opset))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_model(name, exporter, tmp_path):
    if f"{name} {exporter}" not in NOT_PASSING:
        check_export(name, tmp_path, exporter)
        return
    try:
        check_export(name, tmp_path, exporter)
    except (exporting.NotExported, linnet.LinnetError, AssertionError):
        return
    pytest.fail(f"{name} {exporter} passes; take it off not_passing.txt")


@pytest.mark.parametrize("name, opset", OLD_OPSETS)
def test_old_opset(name, opset, tmp_path):
    check_export(name, tmp_path, "script", opset)


@pytest.mark.parametrize("name", FEW)
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_fixed_batch(name, exporter, tmp_path):
    path = tmp_path / "model.onnx"
    model, pictures = exporting.create(name)
    exporting.export(model, pictures, path, exporter, free_batch=False)
    check(path, *reference(path, tuple(pictures.shape)))


def test_list_has_every_family():
    """All classifiers of torchvision, and at least one model of every module of timm."""
    listed = set(LISTED)
    assert {f"torchvision/{name}" for name in exporting.list_torchvision()} <= listed
    for module in timm.list_modules():
        names = {f"timm/{name}" for name in timm.list_models(module=module)}
        assert not names or names & listed, f"no model of timm.models.{module} is in models.txt"


def test_other_lists_name_listed_models():
    assert set(SUBSET) <= set(LISTED)
    assert set(FEW) <= set(SUBSET)
    assert set(NOT_PASSING) <= {f"{name} {exporter}" for name in LISTED for exporter in EXPORTERS}

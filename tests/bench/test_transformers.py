# SPDX-License-Identifier: MIT
"""The transformers that are written for the comparison."""
import onnx
import pytest
from compare import relative_error
from networks import random_input
from transformers import Transformer

import linnet

onnxruntime = pytest.importorskip("onnxruntime")


def test_answer_of_a_small_transformer(tmp_path):
    """Of the nodes that the large ones have, twice."""
    path = str(tmp_path / "small.onnx")
    onnx.save(Transformer(64, 2, side=48, blocks=2).model(), path)
    x = random_input((1, 3, 48, 48))
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    expected, = session.run(None, {"x": x})
    found, = linnet.Session(path).run(x)
    assert relative_error(found, expected) < 1e-4


def test_command(run, tmp_path):
    run("transformers.py", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"vit_tiny.onnx", "deit_small.onnx"}

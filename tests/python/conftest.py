# SPDX-License-Identifier: MIT
"""Small models and a picture to test the Python package with."""
import pathlib

import numpy as np
import pytest
from onnx import TensorProto, helper
from small_models import PICTURE_METADATA, build_model


@pytest.fixture(scope="session")
def color_model():
    """Says which of the three colours a picture has most of: its logits are ten times the mean of
    each channel. The batch is free, pictures are 8 x 8."""
    weights = 10 * np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1)
    return build_model(
        [helper.make_node("Conv", ["image", "w"], ["scaled"]),
         helper.make_node("GlobalAveragePool", ["scaled"], ["pooled"]),
         helper.make_node("Flatten", ["pooled"], ["scores"])],
        [("image", TensorProto.FLOAT, ["N", 3, 8, 8])], [("scores", TensorProto.FLOAT, ["N", 3])],
        {"w": weights}, PICTURE_METADATA)


@pytest.fixture(scope="session")
def two_inputs():
    """sum = a + b of any length, as float16 and int64."""
    return build_model(
        [helper.make_node("Add", ["a", "b"], ["sum"]),
         helper.make_node("Add", ["i", "i"], ["twice"])],
        [("a", TensorProto.FLOAT16, ["n"]), ("b", TensorProto.FLOAT16, ["n"]),
         ("i", TensorProto.INT64, [2])],
        [("sum", TensorProto.FLOAT16, ["n"]), ("twice", TensorProto.INT64, [2])])


@pytest.fixture(scope="session")
def root():
    return pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def red():
    """A picture that is mostly red."""
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[..., 0] = 200
    picture[..., 2] = 40
    return picture

# SPDX-License-Identifier: MIT
"""A library built with OpenBLAS, if LINNET_LIBRARY names one: real models with the plain body,
whose products OpenBLAS makes, against the outputs of onnxruntime and for several threads."""
import ctypes
import os

import c_library
import numpy as np
import pytest
from test_models import MODELS, golden_input


@pytest.fixture(scope="module", autouse=True)
def build_info():
    if "LINNET_LIBRARY" not in os.environ:
        pytest.skip("LINNET_LIBRARY does not name a library built with LINNET_BLAS=ON")
    function = c_library.library().linnet_build_info
    function.restype = ctypes.c_char_p
    text = function().decode()
    if " blas=none" in text:
        pytest.skip("the library that LINNET_LIBRARY names was built without OpenBLAS")
    return text


def test_build_info_names_library_and_user(build_info):
    words = dict(word.split("=", 1) for word in build_info.split())
    assert words["blas"].startswith("openblas-"), build_info
    assert words["blas"].endswith("-for-plain") == (words["isa"] != "plain"), build_info


@pytest.mark.parametrize("name", MODELS)
def test_golden_outputs_and_threads(data, name):
    file_name, prepare, probabilities = MODELS[name]
    model = (data / "models/onnx" / f"{name}.onnx").read_bytes()
    golden = np.load(data / "golden" / f"{name}.onnx.out.npy").reshape(16, -1)
    x = golden_input(data, file_name, prepare)
    with c_library.Model(model) as opened:
        port = opened.names(c_library.INPUT)[0]
    for item, wanted in zip(x[:4], golden):
        found, = c_library.run_model(model, {port: item[None]}, isa=c_library.PLAIN)
        limit = 1e-4 if probabilities else 1e-3 * np.abs(golden).max()
        assert np.abs(found.ravel() - wanted).max() < limit
        threaded, = c_library.run_model(model, {port: item[None]}, threads=3, isa=c_library.PLAIN)
        assert threaded.tobytes() == found.tobytes()

# SPDX-License-Identifier: MIT
"""The ten benchmark networks of ../shared/bench against onnxruntime, at batch 1 and 3."""
import subprocess
import sys

import numpy as np
import onnx
import pytest
from shared_data import SHARED

import linnet

NETWORKS = ["squeezenet1_1", "mobilenet_v1", "mobilenet_v2", "mnasnet_b1", "shufflenet_v2_x1",
            "fastpoornet", "inception_bn", "resnet18", "resnet50", "vgg16"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if not (SHARED / "bench/nets.py").is_file():
        pytest.skip("../shared/bench/nets.py, which writes the networks, is not here")
    pytest.importorskip("onnxruntime")
    return tmp_path_factory.mktemp("networks")


def with_batch(path, batch):
    """The network for another batch: its input, its output and the shapes of its reshapes."""
    model = onnx.load(path)
    for port in (*model.graph.input, *model.graph.output):
        port.type.tensor_type.shape.dim[0].dim_value = batch
    shapes = {node.input[1] for node in model.graph.node if node.op_type == "Reshape"}
    for i, constant in enumerate(model.graph.initializer):
        if constant.name in shapes:
            shape = onnx.numpy_helper.to_array(constant).copy()
            shape[0] = batch
            model.graph.initializer[i].CopyFrom(onnx.numpy_helper.from_array(shape, constant.name))
    return model


@pytest.mark.parametrize("name", NETWORKS)
def test_agrees_with_onnxruntime(folder, name):
    import onnxruntime
    path = folder / f"{name}.onnx"
    subprocess.run([sys.executable, SHARED / "bench/nets.py", folder, name], check=True,
                   stdout=subprocess.DEVNULL)
    for batch in (1, 3):
        data = with_batch(path, batch).SerializeToString()
        reference = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
        x = np.random.default_rng(batch).random((batch, 3, 224, 224), np.float32)
        expected, = reference.run(None, {reference.get_inputs()[0].name: x})
        del reference
        found, = linnet.Session(data, threads=2).run(x)
        assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max()
        if batch == 1:
            assert saved(path, "prepared", x).tobytes() == found.tobytes()
            # What 11 binary digits of every weight leave of the answer, in these deep networks of
            # random weights.
            rounded = saved(path, "half", x)
            assert np.abs(rounded - found).max() <= 0.02 * np.abs(found).max()
    path.unlink()


def saved(path, storage, x):
    """The answer of the network after it was saved and opened again."""
    target = path.with_suffix(".linnet")
    linnet.Model(path).save(target, storage)
    answer, = linnet.Session(target, threads=2).run(x)
    target.unlink()
    return answer

# SPDX-License-Identifier: MIT
"""Single files that run models from plans made ahead (linnet single-file --planned)."""
import ctypes
import pathlib
import shutil
import subprocess

import numpy as np
import pytest
from cut_library import build, command, same_bits, weights
from onnx import TensorProto, helper
from small_models import build_model

import linnet

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIDE = 24


def network():
    """Steps whose weights are packed in each way, as numbers that float16 has and others."""
    nodes = [helper.make_node("Conv", ["x", "stem"], ["a"], pads=[1, 1, 1, 1]),
             helper.make_node("Relu", ["a"], ["b"]),
             helper.make_node("Conv", ["b", "square"], ["c"], pads=[1, 1, 1, 1]),  # Winograd's
             helper.make_node("Conv", ["c", "apart"], ["d"], pads=[1, 1, 1, 1], group=32),
             helper.make_node("HardSwish", ["d"], ["e"]),
             helper.make_node("Conv", ["e", "point", "bias"], ["f"]),
             helper.make_node("Add", ["f", "c"], ["g"]),
             helper.make_node("ConvTranspose", ["g", "apart_back"], ["h"], group=4),
             helper.make_node("MaxPool", ["h"], ["i"], kernel_shape=[2, 2], strides=[2, 2]),
             helper.make_node("Gather", ["i", "chosen"], ["j"], axis=1),
             helper.make_node("GlobalAveragePool", ["j"], ["k"]),
             helper.make_node("Flatten", ["k"], ["l"]),
             helper.make_node("Gemm", ["l", "matrix", "addend"], ["m"], transB=1, beta=0.5),
             helper.make_node("Softmax", ["m"], ["y"], axis=-1)]

    def halves(*shape):
        return weights(*shape).astype(np.float16).astype(np.float32)
    constants = {"stem": halves(32, 3, 3, 3), "square": halves(32, 32, 3, 3),
                 "apart": weights(32, 1, 3, 3), "point": halves(32, 32, 1, 1),
                 "bias": weights(32), "apart_back": weights(32, 4, 2, 2),
                 "chosen": np.array([3, 1, 15, 15, 0, 7]), "matrix": weights(10, 6),
                 "addend": weights(10)}
    return build_model(nodes, [("x", TensorProto.FLOAT, ["N", 3, SIDE, SIDE])],
                       [("y", TensorProto.FLOAT, ["N", 10])], constants, opset=18)


def integers():
    nodes = [helper.make_node("Mul", ["i", "i"], ["square"]),
             helper.make_node("Greater", ["square", "limit"], ["large"]),
             helper.make_node("Where", ["large", "limit", "square"], ["y"])]
    return build_model(nodes, [("i", TensorProto.INT64, [4])], [("y", TensorProto.INT64, [4])],
                       {"limit": np.array(20)})


class Planned:
    """The library for the plans of three models, and these."""

    def __init__(self, folder, *flags):
        self.models = {"network": network(), "integers": integers(),
                       "bird": (ROOT / "examples/model/default.onnx").read_bytes()}
        options = []
        for name, model in self.models.items():
            (folder / f"{name}.onnx").write_bytes(model)
            options += ["--model", folder / f"{name}.onnx"]
        done = command("single-file", *options, "--planned", "-o", folder)
        assert done.returncode == 0, done.stderr
        self.plans = {name: (folder / f"{name}.plan").read_bytes() for name in self.models}
        self.library = build(folder, *flags)


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return Planned(tmp_path_factory.mktemp("planned"), "-O2")


INPUTS = {"network": weights(1, 3, SIDE, SIDE), "integers": np.array([-5, 2, 4, 1 << 40]),
          "bird": None}


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("name", INPUTS)
def test_same_bits(planned, name, threads):
    data = INPUTS[name]
    if data is None:
        (port,) = linnet.Model(planned.models[name]).inputs
        data = np.random.default_rng(3).random((1, *port.shape[1:])).astype(np.float32)
    same_bits(planned.library, planned.models[name], [data], threads, file=planned.plans[name])


def test_plans_are_as_small_as_their_models(planned):
    """Packed weights and float32 that float16 can hold are made when the model is opened."""
    for name in ("bird", "network"):
        assert len(planned.plans[name]) < 1.1 * len(planned.models[name]) + 8192


def test_plans_are_the_same_each_time(planned, tmp_path):
    (tmp_path / "network.onnx").write_bytes(planned.models["network"])
    assert command("single-file", "--model", tmp_path / "network.onnx", "--planned", "-o",
                   tmp_path).returncode == 0
    assert (tmp_path / "network.plan").read_bytes() == planned.plans["network"]


def test_models_tell_the_same(planned):
    """Ports, labels, metadata, digest, cost, operators."""
    model = linnet.Model(planned.models["bird"])
    library, handle = planned.library, planned.library.open(planned.plans["bird"])
    text, number = ctypes.c_char_p(), ctypes.c_int32()
    library.call("model_digest", handle, ctypes.byref(text))
    assert text.value.decode() == model.digest
    library.call("model_label_count", handle, ctypes.byref(number))
    assert number.value == len(model.labels)
    library.call("model_label", handle, number.value - 1, ctypes.byref(text))
    assert text.value.decode() == model.labels[-1]
    parameters, macs = ctypes.c_int64(), ctypes.c_int64()
    library.call("model_cost", handle, ctypes.byref(parameters), ctypes.byref(macs))
    assert (parameters.value, macs.value) == (model.parameters, model.macs)
    shape, rank = (ctypes.c_int64 * 8)(), ctypes.c_size_t()
    for port, tensors in ((0, model.inputs), (1, model.outputs)):
        library.call("model_name", handle, port, 0, ctypes.byref(text))
        assert text.value.decode() == tensors[0].name
        library.call("model_shape", handle, port, 0, shape, ctypes.c_size_t(8),
                     ctypes.byref(rank))
        assert tuple(None if n < 0 else n for n in shape[:rank.value]) == tensors[0].shape


def test_only_what_was_planned(planned):
    with pytest.raises(linnet.LinnetError, match="without its plan is not in this build.*"
                                                 "network.onnx, integers.onnx, bird.onnx"):
        planned.library.open(planned.models["network"])
    with pytest.raises(linnet.LinnetError, match=r"'x' with the shape \[2, 3, 24, 24\] is not in "
                                                 r"this build, only \[1, 3, 24, 24\]"):
        planned.library.run(planned.plans["network"], [weights(2, 3, SIDE, SIDE)], [])
    session = ctypes.c_void_p()
    planned.library.call("session_create", planned.library.open(planned.plans["network"]), None,
                         ctypes.byref(session))
    with pytest.raises(linnet.LinnetError, match="watching tensors is not in this build"):
        planned.library.call("session_watch", session, b"c", ctypes.byref(ctypes.c_int32()))
    with pytest.raises(linnet.LinnetError, match="computing convolutions is not in this build"):
        planned.library.call("session_tune", session, ctypes.byref(ctypes.c_char_p()))


def test_the_whole_library_takes_no_plans(planned):
    with pytest.raises(linnet.Unsupported, match="only in the linnet.cc that"):
        linnet.Model(planned.plans["network"])


def test_damage(planned):
    """A plan is believed, so none of its bytes may differ; weights may: other numbers come out."""
    plan = planned.plans["network"]
    believed = int.from_bytes(plan[16:24], "little")
    for at in [8, 15, 16, 23, 40, *range(64, believed, 97)]:
        damaged = bytearray(plan)
        damaged[at] ^= 0x55
        with pytest.raises(linnet.LinnetError, match="plan|cut off"):
            planned.library.open(bytes(damaged))
    for size in [0, 1, 63, 64, 65, believed - 1, believed, believed + 64, len(plan) - 1]:
        with pytest.raises(linnet.LinnetError):
            planned.library.open(plan[:size])
    damaged = bytearray(plan)
    damaged[believed:] = bytes(len(plan) - believed)
    planned.library.run(bytes(damaged), [INPUTS["network"]], [np.empty((1, 10), np.float32)])


def test_wrong_usage(tmp_path):
    (tmp_path / "a.onnx").write_bytes(integers())
    (tmp_path / "b").mkdir()
    shutil.copy(tmp_path / "a.onnx", tmp_path / "b")
    for options, message in ([["--planned"], "--model"],
                             [["--model", tmp_path / "a.onnx", "--planned", "--save"], "saved"],
                             [["--model", tmp_path / "a.onnx", "--model", tmp_path / "b/a.onnx",
                               "--planned"], "same name"]):
        done = command("single-file", *options, "-o", tmp_path)
        assert (done.returncode, message in done.stderr) == (1, True), done.stderr


def test_one_executable(tmp_path):
    """A planned model as an array of C."""
    (tmp_path / "i.onnx").write_bytes(integers())
    assert command("single-file", "--model", tmp_path / "i.onnx", "--planned", "--no-loaders",
                   "files", "-o", tmp_path).returncode == 0
    done = command("embed", tmp_path / "i.plan", "-o", tmp_path / "i.c")
    assert done.returncode == 0, done.stderr
    (tmp_path / "main.c").write_text("""
#include <stdio.h>
#include "linnet.h"
extern const unsigned char i[];
extern const size_t i_size;
int main(void) {
    linnet_model *model;
    linnet_session *session;
    int64_t x[] = {-5, 2, 4, 99};
    if (linnet_model_open_borrowed(i, i_size, NULL, &model) != LINNET_OK ||
        linnet_session_create(model, NULL, &session) != LINNET_OK ||
        linnet_session_set_input(session, 0, x, 4, LINNET_INT64) != LINNET_OK ||
        linnet_session_run(session) != LINNET_OK ||
        linnet_session_output(session, 0, x, 4, LINNET_INT64) != LINNET_OK)
        return puts(linnet_last_error());
    printf("%d %d %d %d", (int)x[0], (int)x[1], (int)x[2], (int)x[3]);
    linnet_session_free(session);
    linnet_model_free(model);
    return 0;
}
""")
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    subprocess.run(["cc", "-O1", *sanitizers, "-c", "main.c", "i.c"], check=True, cwd=tmp_path)
    subprocess.run(["c++", "-O1", "-std=c++17", *sanitizers, "linnet.cc", "main.o", "i.o",
                    "-pthread", "-o", "main"], check=True, cwd=tmp_path)
    answer = subprocess.run([tmp_path / "main"], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "20 4 16 20", "")

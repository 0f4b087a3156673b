# SPDX-License-Identifier: MIT
import hashlib
import os
import pickle
import sys

import numpy as np
import pytest
from small_models import build_model
from onnx import TensorProto, helper

import linnet


def test_describes_itself(color_model):
    model = linnet.Model(color_model)
    assert model.inputs == (("image", (None, 3, 8, 8), np.dtype("float32"), "NCHW"),)
    assert model.outputs == (("scores", (None, 3), np.dtype("float32"), None),)
    assert model.labels == ("red", "green", "blue")
    assert model.metadata("linnet.color") == "RGB"
    assert model.metadata("nothing") is None
    assert model.metadata("nothing", "else") == "else"
    assert model.digest == hashlib.sha256(color_model).hexdigest()
    assert model.parameters == 9
    assert model.macs == 9 * 64
    assert model.operators == {"Conv": 1, "Flatten": 1, "GlobalAveragePool": 1}


def test_saved_models_are_the_same(color_model, tmp_path):
    model = linnet.Model(color_model, metadata={"linnet.name": "colours"})
    image = np.linspace(-1, 1, 3 * 8 * 8, dtype=np.float32).reshape(1, 3, 8, 8)
    expected, = linnet.Session(model).run({"image": image})
    for storage in ("prepared", "plain", "half"):
        path = tmp_path / f"{storage}.linnet"
        model.save(path, storage)
        saved = linnet.Model(path)
        saved.verify()
        assert (saved.digest, saved.labels) == (model.digest, model.labels)
        assert (saved.operators, saved.parameters) == (model.operators, model.parameters)
        assert saved.metadata("linnet.name") == "colours"
        answer, = linnet.Session(saved).run({"image": image})
        assert answer.tobytes() == expected.tobytes()
    assert len(list(tmp_path.iterdir())) == 3
    with pytest.raises(linnet.NotFound, match="carries no checksums"):
        model.verify()
    with pytest.raises(OSError, match="No such file or directory"):
        model.save(tmp_path / "no" / "m.linnet")
    with pytest.raises(linnet.InvalidArgument, match="there are prepared, plain, half"):
        model.save(tmp_path / "m.linnet", "fast")


def test_damage_is_found(color_model, tmp_path):
    path = tmp_path / "m.linnet"
    linnet.Model(color_model).save(path)
    file = bytearray(path.read_bytes())
    for at, says in ((-3, "the index"), (70, "the graph")):
        damaged = bytearray(file)
        damaged[at] ^= 1
        with pytest.raises(linnet.Malformed, match=f"{says} .* the file is damaged"):
            linnet.Model(bytes(damaged))


def test_opens_paths_and_bytes(color_model, tmp_path):
    path = tmp_path / "m\u00f6del.onnx"
    path.write_bytes(color_model)
    digests = {linnet.Model(source).digest for source in
               (path, str(path), color_model, bytearray(color_model), memoryview(color_model))}
    assert len(digests) == 1


def test_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="absent.onnx") as info:
        linnet.Model(tmp_path / "absent.onnx")
    assert isinstance(info.value, linnet.FileError)


@pytest.mark.parametrize("junk", [b"", b"\x00", b"no model at all", bytes(1000), b"\xff" * 500])
def test_junk_is_malformed(junk):
    with pytest.raises(linnet.LinnetError):
        linnet.Model(junk)


def test_names_all_unsupported_nodes():
    nodes = [helper.make_node(op, ["x"], [name], name=name, domain="com.example")
             for op, name in (("Frobnicate", "first"), ("Defenestrate", "second"))]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", 1, [1])],
                              [helper.make_tensor_value_info("second", 1, [1])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17),
                                                    helper.make_opsetid("com.example", 1)])
    model.ir_version = 8
    with pytest.raises(linnet.Unsupported, match="first.*Frobnicate.*second.*Defenestrate"):
        linnet.Model(model.SerializeToString())


def test_metadata_of_options_replaces_the_files(color_model):
    model = linnet.Model(color_model, metadata={"linnet.labels": "a\nb\nc", "mine": "x"})
    assert model.labels == ("a", "b", "c")
    assert model.metadata("mine") == "x"
    with pytest.raises(linnet.Malformed, match="linnet.resize"):
        linnet.Model(color_model, metadata={"linnet.resize": "stretch"})
    with pytest.raises(linnet.Malformed, match="linnet.colour"):
        linnet.Model(color_model, metadata={"linnet.colour": "RGB"})


def test_limits(color_model):
    with pytest.raises(linnet.LimitExceeded):
        linnet.Model(color_model, limits={"nodes": 2})
    with pytest.raises(linnet.LimitExceeded):
        linnet.Model(color_model, limits={"file_bytes": 10})
    with pytest.raises(linnet.LimitExceeded):
        linnet.Model(color_model, limits={"tensor_elements": 8})
    with pytest.raises(ValueError, match="no limit 'weight'"):
        linnet.Model(color_model, limits={"weight": 1})


def test_closed_model_is_an_error_not_a_crash(color_model):
    with linnet.Model(color_model) as model:
        session = linnet.Session(model)
    with pytest.raises(linnet.InvalidArgument, match="model is closed"):
        model.digest
    with pytest.raises(linnet.InvalidArgument, match="model is closed"):
        linnet.Session(model)
    assert session.run(np.ones((1, 3, 8, 8), np.float32))[0].shape == (1, 3)


def test_pickles(color_model, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(color_model)
    for source in (color_model, path):
        model = linnet.Model(source, metadata={"linnet.labels": "x\ny\nz"})
        copy = pickle.loads(pickle.dumps(model))
        assert (copy.digest, copy.labels) == (model.digest, ("x", "y", "z"))


def test_operator_types_are_checked():
    data = build_model([helper.make_node("Relu", ["x"], ["y"])],
                       [("x", TensorProto.FLOAT, [2])], [("y", TensorProto.FLOAT, [2])])
    assert linnet.Model(data).outputs[0].shape == (2,)


@pytest.mark.parametrize("source", [5, None, 1.5, ["model.onnx"]])
def test_what_is_no_model_is_refused(source):
    with pytest.raises(linnet.InvalidArgument, match="a path or the bytes"):
        linnet.Model(source)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are text")
def test_names_of_files_need_not_be_text(color_model, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.onnx")
    with open(path, "wb") as file:
        file.write(color_model)
    assert linnet.Model(path).digest == linnet.Model(color_model).digest
    with pytest.raises(linnet.FileError):
        linnet.Model(path + "x")

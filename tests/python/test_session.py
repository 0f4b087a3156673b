# SPDX-License-Identifier: MIT
import gc
import os
import pickle
import signal
import threading

import numpy as np
import pytest
from onnx import TensorProto, helper
from small_models import build_model

import linnet
from linnet.classifier import default_model


def picture_batch(items=1):
    return np.random.default_rng(items).random((items, 3, 8, 8)).astype(np.float32)


def expected(x):
    return 10 * x.mean(axis=(2, 3))


def test_runs(color_model):
    x = picture_batch()
    y, = linnet.Session(color_model).run(x)
    assert y.dtype == np.float32 and y.shape == (1, 3)
    np.testing.assert_allclose(y, expected(x), rtol=1e-5)


def test_takes_a_mapping_and_other_batches(color_model):
    session = linnet.Session(color_model)
    for items in (3, 1, 5):
        x = picture_batch(items)
        np.testing.assert_allclose(session.run({"image": x})[0], expected(x), rtol=1e-5)
        assert session.input_shapes == ((items, 3, 8, 8),)


def test_takes_strided_and_other_floats(color_model):
    session = linnet.Session(color_model)
    x = picture_batch(2)
    strided = np.asfortranarray(x)
    assert (session.run(strided)[0] == session.run(x)[0]).all()
    assert (session.run(x.astype(np.float64))[0] == session.run(x)[0]).all()
    assert (session.run(x.tolist())[0] == session.run(x)[0]).all()


def test_several_inputs_and_types(two_inputs):
    session = linnet.Session(two_inputs)
    a, b = np.arange(5, dtype=np.float16), np.ones(5, np.float16)
    total, twice = session.run({"a": a, "b": b, "i": np.array([3, 4])})
    assert total.dtype == np.float16 and (total == a + b).all()
    assert twice.dtype == np.int64 and twice.tolist() == [6, 8]


def test_wrong_inputs_say_what_is_expected(color_model, two_inputs):
    session = linnet.Session(color_model)
    with pytest.raises(ValueError, match=r"\[\?, 3, 8, 8\].*\[1, 3, 9, 8\]"):
        session.run(np.zeros((1, 3, 9, 8), np.float32))
    with pytest.raises(ValueError, match="takes float32, got an array of int64"):
        session.run(np.zeros((1, 3, 8, 8), np.int64))
    with pytest.raises(ValueError, match="no input 'picture'; its inputs are 'image'"):
        session.run({"picture": picture_batch()})
    with pytest.raises(ValueError, match="has 3 inputs"):
        linnet.Session(two_inputs).run(np.zeros(1, np.float16))
    with pytest.raises(linnet.WrongState, match="'i' has not been set"):
        linnet.Session(two_inputs).run({"a": np.ones(1, np.float16), "b": np.ones(1, np.float16)})
    # Nothing is lost by all that.
    assert session.run(picture_batch())[0].shape == (1, 3)


def test_threads_and_instruction_sets_agree(color_model):
    x = picture_batch(7)
    reference = linnet.Session(color_model).run(x)[0]
    for threads in (2, 4):
        assert (linnet.Session(color_model, threads).run(x)[0] == reference).all()
    plain = linnet.Session(color_model, isa="plain").run(x)[0]
    np.testing.assert_allclose(plain, reference, rtol=1e-5)
    with pytest.raises(ValueError, match="no instruction set 'sse9'"):
        linnet.Session(color_model, isa="sse9")
    with pytest.raises(ValueError, match="1 to 64"):
        linnet.Session(color_model, threads=0)


def test_watches_tensors_inside(color_model):
    session = linnet.Session(color_model)
    index = session.watch("scaled")
    x = picture_batch(2)
    outputs = session.run(x)
    assert index == 1 and len(outputs) == 2
    np.testing.assert_allclose(outputs[1], 10 * x, rtol=1e-6)
    with pytest.raises(LookupError, match="no tensor named 'absent'"):
        session.watch("absent")
    copy = pickle.loads(pickle.dumps(session))
    assert (copy.run(x)[1] == outputs[1]).all()


def test_outputs_follow_the_shapes(color_model):
    session = linnet.Session(color_model)
    for items in (2, 1, 2):
        session.set_shape("image", (items, 3, 8, 8))
        assert session.run(picture_batch(items))[0].shape == (items, 3)
    with pytest.raises(linnet.LinnetError):
        session.run(np.zeros((2, 4, 8, 8), np.float32))
    assert session.input_shapes == ((2, 3, 8, 8),)
    index = session.watch(session.model.outputs[0].name)
    outputs = session.run(picture_batch(3))
    assert [output.shape for output in outputs] == [(3, 3)] * (index + 1)


def test_other_byte_orders_are_converted_or_refused(color_model):
    session = linnet.Session(color_model)
    x = picture_batch()
    assert (session.run(x.astype(">f4"))[0] == session.run(x)[0]).all()
    with pytest.raises(TypeError, match="one of float32, "):
        session._native.set_input(0, x.astype(">f4"))
    with pytest.raises(TypeError, match="contiguous"):
        session._native.set_input(0, np.asfortranarray(x))


def test_a_model_without_steps():
    session = linnet.Session(build_model(
        [helper.make_node("Identity", ["x"], ["y"])], [("x", TensorProto.FLOAT, [3])],
        [("y", TensorProto.FLOAT, [3])]))
    x = np.ones(3, np.float32)
    assert list(session.steps(x)) == [(0, 0)]
    np.testing.assert_array_equal(session.outputs()[0], x)
    np.testing.assert_array_equal(session.run(2 * x)[0], 2 * x)


def test_steps_profile_and_arena(color_model):
    session = linnet.Session(color_model)
    x = picture_batch()
    arena = session.arena_bytes
    progress = list(session.steps(x))
    total = progress[0][1]
    assert progress == [(done, total) for done in range(1, total + 1)]
    assert (session.outputs()[0] == session.run(x)[0]).all()
    assert session.arena_bytes == arena > 0
    profile = session.profile()
    assert len(profile) == total
    assert all(step.milliseconds >= 0 and step.kernel for step in profile)
    assert {"scores"} & {step.tensor for step in profile} or profile[-1].tensor


def test_tune(tmp_path):
    session = linnet.Session(linnet.Model(default_model()), threads=2)
    x = np.random.default_rng(1).standard_normal((1, 3, 32, 32), np.float32)
    stated = session.tune()
    kinds = [entry.partition(":") for entry in stated.split(",")]
    assert kinds and all(method in ("direct", "winograd2", "winograd4", "winograd6")
                         for _, _, method in kinds)
    direct = ",".join(f"{kind}:direct" for kind, _, _ in kinds)
    for convolutions in (stated, direct):
        tuned = linnet.Model(default_model(), metadata={"linnet.convolutions": convolutions})
        tuned.save(tmp_path / "tuned.linnet")
        saved = linnet.Session(tmp_path / "tuned.linnet")
        assert saved.model.metadata("linnet.convolutions") == convolutions
        (answer,) = saved.run(x)
        np.testing.assert_array_equal(answer, linnet.Session(tuned).run(x)[0])
        np.testing.assert_allclose(answer, session.run(x)[0], rtol=0, atol=1e-5)
    assert all(step.kernel != "winograd2d" for step in saved.profile())
    with pytest.raises(linnet.Malformed, match="linnet.convolutions.*8x8>8x8"):
        linnet.Model(default_model(), metadata={"linnet.convolutions": "8x8>8x8:direct"})


def test_outputs_before_a_run_are_an_error(color_model):
    with pytest.raises(linnet.WrongState):
        linnet.Session(color_model).outputs()


def test_cancel_ends_the_next_run(color_model):
    session = linnet.Session(color_model)
    session.cancel()
    with pytest.raises(linnet.Cancelled):
        session.run(picture_batch())
    assert session.run(picture_batch())[0].shape == (1, 3)


def test_closed_session_is_an_error(color_model):
    with linnet.Session(color_model) as session:
        pass
    with pytest.raises(linnet.InvalidArgument, match="session is closed"):
        session.run(picture_batch())
    session.close()


def test_one_model_many_threads(color_model):
    model = linnet.Model(color_model)
    x = picture_batch(4)
    reference = linnet.Session(model).run(x)[0]
    wrong = []

    def work():
        session = linnet.Session(model)
        for _ in range(50):
            if not (session.run(x)[0] == reference).all():
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_memory_does_not_grow(color_model):
    resource = pytest.importorskip("resource")

    def cycle(times):
        for i in range(times):
            session = linnet.Session(linnet.Model(color_model))
            session.run(picture_batch(1 + i % 3))
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    settled = cycle(200)
    assert cycle(600) - settled < 2048  # kilobytes; one session takes more than 3


def test_ctrl_c_ends_a_long_run():
    width, steps = 512, 400
    names = ["x", *(f"v{i}" for i in range(steps))]
    session = linnet.Session(build_model(
        [helper.make_node("MatMul", [a, "w"], [b]) for a, b in zip(names, names[1:])],
        [("x", TensorProto.FLOAT, ["n", width])], [(names[-1], TensorProto.FLOAT, ["n", width])],
        {"w": np.eye(width, dtype=np.float32)}))
    x = np.ones((2048, width), np.float32)
    session.run(x)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in background jobs
    try:
        timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            session.run(x)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
    with pytest.raises(linnet.WrongState):
        session.outputs()  # it ended between two steps
    np.testing.assert_array_equal(session.run(x[:3])[0], x[:3])

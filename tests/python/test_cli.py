# SPDX-License-Identifier: MIT
import json
import subprocess
import sys

import pytest
from onnx import TensorProto, helper
from PIL import Image
from small_models import build_model

import linnet


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "linnet", *map(str, arguments)],
                          capture_output=True, text=True, timeout=120)


@pytest.fixture
def files(color_model, red, tmp_path):
    (tmp_path / "color.onnx").write_bytes(color_model)
    Image.fromarray(red).save(tmp_path / "red.png")
    (tmp_path / "text.png").write_text("no picture")
    return tmp_path


def test_classify(files):
    done = run("classify", "--model", files / "color.onnx", "--top", 2, files / "red.png")
    first, *rest = done.stdout.splitlines()
    assert (done.returncode, first, len(rest)) == (0, str(files / "red.png"), 2)
    assert rest[0].endswith("  red")


def test_classify_goes_on_after_a_bad_picture(files):
    done = run("classify", "--model", files / "color.onnx", "--json", files / "text.png",
               files / "red.png")
    assert done.returncode == 1
    assert done.stderr.count("text.png") == 1 and "Traceback" not in done.stderr
    answer, = json.loads(done.stdout)
    assert answer["predictions"][0]["label"] == "red"


def test_inspect(files):
    facts = json.loads(run("inspect", "--json", files / "color.onnx").stdout)
    assert facts["parameters"] == 9
    assert facts["inputs"] == [{"name": "image", "shape": [None, 3, 8, 8], "dtype": "float32",
                                "layout": "NCHW"}]
    table = run("inspect", files / "color.onnx").stdout
    assert "image  float32 [?, 3, 8, 8]  NCHW" in table


def test_convert(files):
    done = run("convert", files / "color.onnx", files / "color.linnet", "--metadata",
               f"linnet.labels=@{files / 'labels.txt'}")
    assert done.returncode == 2 and "labels.txt" in done.stderr
    (files / "labels.txt").write_text("rot\ngrün\nblau\n", encoding="utf-8")
    done = run("convert", files / "color.onnx", files / "color.linnet", "--metadata",
               f"linnet.labels=@{files / 'labels.txt'}")
    size = (files / "color.linnet").stat().st_size
    assert (done.returncode, done.stdout) == (0, f"{files / 'color.linnet'}: {size:,} bytes\n")
    done = run("classify", "--model", files / "color.linnet", "--top", 1, files / "red.png")
    assert done.stdout.splitlines()[1].endswith("  rot")
    for arguments in (["--weights", "f16"], ["--plain"]):
        assert run("convert", files / "color.linnet", files / "small.linnet",
                   *arguments).returncode == 0
        assert (files / "small.linnet").stat().st_size < size
    done = run("verify", files / "small.linnet")
    assert (done.returncode, done.stdout) == (0, f"{files / 'small.linnet'}: undamaged\n")
    done = run("verify", files / "color.onnx")
    assert done.returncode == 1 and "carries no checksums" in done.stderr


def test_tune(files):
    done = run("convert", files / "color.onnx", files / "tuned.linnet", "--tune", "--threads", 2)
    assert done.returncode == 0 and "no convolution" in done.stdout  # it has one of 1 x 1 alone
    (files / "default.onnx").write_bytes(linnet.classifier.default_model())
    done = run("convert", files / "default.onnx", files / "tuned.linnet", "--tune")
    assert done.returncode == 0
    with linnet.Model(files / "tuned.linnet") as model:
        entries = model.metadata("linnet.convolutions").split(",")
    assert [line.strip() for line in done.stdout.splitlines()[:-1]] == [
        entry.replace(":", ": ") for entry in entries]
    for arguments, message in ((["--threads", 2], "--tune"),
                               (["--tune", "--metadata", "linnet.convolutions="], "do not state")):
        done = run("convert", files / "color.onnx", files / "tuned.linnet", *arguments)
        assert done.returncode == 1 and message in done.stderr
    done = run("convert", files / "color.onnx", files / "color.onnx")
    assert done.returncode == 1 and "the model itself" in done.stderr
    linnet.Model(files / "color.onnx").close()
    done = run("convert", files / "missing.onnx", files / "tuned.linnet")
    assert done.returncode == 1 and done.stderr.startswith("linnet: ")


def test_bench(files):
    facts = json.loads(run("bench", files / "color.onnx", "--runs", 3, "--batch", 2, "--steps",
                           "--isa", "plain", "--threads", 2, "--json").stdout)
    for name in ("median_ms", "p90_ms", "items_per_second", "load_ms", "arena_bytes",
                 "peak_memory_bytes", "cpu_seconds_per_item"):
        assert facts[name] > 0, name
    assert (facts["batch"], facts["threads"], facts["isa"]) == (2, 2, "plain")
    assert facts["steps"][0]["kernel"] and facts["steps"][0]["milliseconds"] >= 0
    if sys.platform == "linux":
        assert 0 <= facts["added_memory_bytes"] < facts["peak_memory_bytes"]


def test_bench_says_it_in_words(files):
    first, second = run("bench", files / "color.onnx", "--runs", 3).stdout.splitlines()
    assert "p90" in first and "items/s" in first and "CPU s/item" in first
    assert second.startswith("load ") and "arena" in second and "peak memory" in second


def test_bench_takes_the_batch_of_the_model(tmp_path):
    fixed = build_model([helper.make_node("Relu", ["x"], ["y"])],
                        [("x", TensorProto.FLOAT, [3, 4])], [("y", TensorProto.FLOAT, [3, 4])])
    (tmp_path / "fixed.onnx").write_bytes(fixed)
    assert json.loads(run("bench", tmp_path / "fixed.onnx", "--json").stdout)["batch"] == 3
    done = run("bench", tmp_path / "fixed.onnx", "--batch", 2)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "linnet: input 'x' takes batches of 3, not of 2\n"


def test_errors(files):
    done = run("inspect", files / "red.png")
    assert done.returncode == 1 and done.stderr.startswith("linnet: ")
    assert run("classify").returncode == 2
    assert run("bench", files / "color.onnx", "--runs", 0).returncode == 2
    assert "isa=" in run("--version").stdout

# SPDX-License-Identifier: MIT
import json
import subprocess
import sys

import pytest
from PIL import Image


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


def test_bench(files):
    facts = json.loads(run("bench", files / "color.onnx", "--runs", 3, "--batch", 2, "--steps",
                           "--json").stdout)
    assert facts["median_ms"] > 0 and facts["arena_bytes"] > 0 and facts["steps"]


def test_errors(files):
    done = run("inspect", files / "red.png")
    assert done.returncode == 1 and done.stderr.startswith("linnet: ")
    assert run("classify").returncode == 2
    assert run("bench", files / "color.onnx", "--runs", 0).returncode == 2
    assert "isa=" in run("--version").stdout

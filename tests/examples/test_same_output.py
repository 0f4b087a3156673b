# SPDX-License-Identifier: MIT
"""The classification example prints the same bytes in every language; in JavaScript, where there is
no fused multiply-add, the same numbers.

The programs are named by the environment variables LINNET_CLASSIFY_C, _CPP, _PYTHON, _JAVA, _GO and
_JAVASCRIPT (command lines); tests/run sets them. One that is not named is an error, not a skip.
"""
import os
import pathlib
import shlex
import subprocess

import numpy as np
import onnx
import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared/data"
LANGUAGES = ["C", "CPP", "PYTHON", "JAVA", "GO", "JAVASCRIPT"]

IMAGENET = {"linnet.color": "RGB", "linnet.resize": "shorter", "linnet.resize_to": "256",
            "linnet.size": "224", "linnet.scale": "0.00392156862745098"}
MODELS = {
    "squeezenet1.1": {**IMAGENET, "linnet.mean": "0.485,0.456,0.406",
                      "linnet.std": "0.229,0.224,0.225"},
    "mobilenet_v1_0.25_224": {**IMAGENET, "linnet.scale": "0.00784313725490196",
                              "linnet.mean": "1"},
    "tiny_darknet": {"linnet.color": "RGB", "linnet.resize": "exact",
                     "linnet.interpolation": "plain", "linnet.scale": "0.00392156862745098"},
    "resnet20_cifar10": {"linnet.color": "RGB", "linnet.resize": "exact",
                         "linnet.scale": "0.00392156862745098",
                         "linnet.mean": "0.485,0.456,0.406", "linnet.std": "0.229,0.224,0.225",
                         "linnet.labels": "Flugzeug\nAuto\nVogel\nKatze\nReh\nHund\nFrosch\nPferd"
                                          "\n\u8239\nCami\u00f3n"},
    "mnist": {"linnet.color": "GRAY", "linnet.resize": "exact", "linnet.scale": "1"},
}

@pytest.fixture(scope="module")
def programs():
    missing = [name for name in LANGUAGES if f"LINNET_CLASSIFY_{name}" not in os.environ]
    assert not missing, f"LINNET_CLASSIFY_* does not name the programs of {missing}"
    return {name: shlex.split(os.environ[f"LINNET_CLASSIFY_{name}"]) for name in LANGUAGES}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """The sample pictures, and PNG files of every kind of pixel."""
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(3)
    color = Image.open(ROOT / "examples/pictures/ship_1.png").convert("RGB").resize((131, 77))
    alpha = Image.fromarray(random.integers(0, 256, (77, 131), np.uint8))
    kinds = {"rgb": color, "gray": color.convert("L"), "bilevel": color.convert("1"),
             "palette": color.quantize(17), "gray_alpha": Image.merge("LA", (color.convert("L"),
                                                                              alpha)),
             "rgba": Image.merge("RGBA", (*color.split(), alpha)),
             "gray16": Image.fromarray(random.integers(0, 65536, (40, 50)).astype(np.uint16))}
    for name, image in kinds.items():
        image.save(folder / f"{name}.png")
    samples = sorted((ROOT / "examples/pictures").glob("*.png"))
    assert len(samples) == 30
    return samples + sorted(folder.glob("*.png"))


def run_all(programs, arguments):
    done = {name: subprocess.run([*command, *map(str, arguments)], capture_output=True, timeout=300)
            for name, command in programs.items()}
    for name, result in done.items():
        assert result.returncode == 0, f"{name}: {result.stderr.decode()}"
    return {name: result.stdout for name, result in done.items()}


def check_same(outputs, pictures):
    reference = outputs["C"]
    assert reference.count(b"\n") >= 2 * len(pictures)
    for name, output in outputs.items():
        if name == "JAVASCRIPT":
            check_close(output, reference)
        else:
            assert output == reference, f"{name} prints something else than C"


def check_close(output, reference):
    """The same lines, but that the fourth digit may be rounded the other way, and classes that are
    equal in it may change places."""
    ours, theirs = (sorted(blocks(each)) for each in (output, reference))
    assert [path for path, _ in ours] == [path for path, _ in theirs]
    for (path, found), (_, expected) in zip(ours, theirs):
        assert len(found) == len(expected)
        known = {label: probability for probability, label in expected}
        least = expected[-1][0]  # of which there may be several
        for place, (probability, label) in enumerate(found):
            assert abs(probability - known.get(label, least)) < 1.5e-4, path
            assert abs(probability - expected[place][0]) < 1.5e-4, path


def blocks(output):
    """(path, [(probability, label)]) of each picture."""
    found = []
    for line in output.decode().splitlines():
        if line.startswith("  "):
            probability, label = line.split(None, 1)
            found[-1][1].append((float(probability), label))
        else:
            found.append((line, []))
    return found


def test_embedded_model(programs, pictures):
    outputs = run_all(programs, pictures)
    check_same(outputs, pictures)
    assert outputs["C"].startswith(str(pictures[0]).encode() + b"\n  0.")


@pytest.mark.parametrize("name", MODELS)
def test_shared_models(programs, pictures, name, tmp_path):
    source = DATA / f"models/onnx/{name}.onnx"
    if not source.exists():
        pytest.skip("../shared/data, the folder of real models and pictures, is not here")
    model = onnx.load(source)
    onnx.helper.set_model_props(model, MODELS[name])
    path = tmp_path / "model.onnx"
    onnx.save(model, path)
    check_same(run_all(programs, ["--model", path, *pictures]), pictures)


def test_errors_look_alike(programs, tmp_path):
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    absent = tmp_path / "absent.png"
    good = ROOT / "examples/pictures/cat_1.png"
    for name, command in programs.items():
        done = subprocess.run([*command, str(text), str(absent), str(good)], capture_output=True,
                              timeout=300)
        lines = done.stderr.decode().splitlines()
        assert done.returncode == 1, name
        assert len(lines) == 2, f"{name}: {lines}"
        assert lines[0].startswith(f"classify: {text}: "), f"{name}: {lines}"
        assert lines[1].startswith(f"classify: {absent}: "), f"{name}: {lines}"
        assert done.stdout.startswith(str(good).encode() + b"\n"), name

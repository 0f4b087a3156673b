# SPDX-License-Identifier: MIT
"""Real models: raw outputs against those of onnxruntime, kept in ../shared/data/golden, and
accuracies against those that its README states."""
import numpy as np
import pytest
from PIL import Image

import linnet

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def per_channel(mean, std):
    mean, std = np.array(mean, np.float32), np.array(std, np.float32)
    return lambda pixels: (pixels.astype(np.float32) / 255 - mean) / std


# model: golden input, preprocessing of uint8 pixels, whether the outputs are probabilities
MODELS = {
    "squeezenet1.1": ("in_224_u8_nhwc_rgb", per_channel(IMAGENET_MEAN, IMAGENET_STD), False),
    "mobilenet_v1_0.25_224": ("in_224_u8_nhwc_rgb", lambda p: p.astype(np.float32) / 127.5 - 1,
                              True),
    "tiny_darknet": ("in_224_u8_nhwc_rgb", lambda p: p.astype(np.float32) / 255, True),
    "resnet20_cifar10": ("in_cifar10_u8_nhwc_rgb", per_channel(IMAGENET_MEAN, IMAGENET_STD),
                         False),
    "mnist": ("in_mnist_u8", lambda p: p.astype(np.float32), False),
}


def golden_input(data, name, prepare):
    pixels = np.load(data / "golden" / f"{name}.npy")
    x = prepare(pixels).astype(np.float32)
    if x.ndim == 4 and x.shape[-1] == 3:
        x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    return x.reshape(len(x), -1, *x.shape[-2:])


def run_each(session, x):
    return np.stack([session.run(item[None])[0].ravel() for item in x])


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("isa", ["auto", "avx2", "plain"])
def test_golden_outputs(data, name, isa):
    file_name, prepare, probabilities = MODELS[name]
    try:
        session = linnet.Session(data / "models/onnx" / f"{name}.onnx", isa=isa)
    except linnet.Unsupported as error:
        pytest.skip(str(error))
    golden = np.load(data / "golden" / f"{name}.onnx.out.npy").reshape(16, -1)
    found = run_each(session, golden_input(data, file_name, prepare))
    if probabilities:
        assert np.abs(found - golden).max() < 1e-4
    else:
        assert np.abs(found - golden).max() < 1e-3 * np.abs(golden).max()
    assert (found.argmax(1) == golden.argmax(1)).all()


def test_threads_give_the_same_bits(data):
    x = golden_input(data, *MODELS["squeezenet1.1"][:2])[:2]
    path = data / "models/onnx/squeezenet1.1.onnx"
    one = run_each(linnet.Session(path), x)
    for threads in (2, 4):
        for _ in range(3):
            assert (run_each(linnet.Session(path, threads), x) == one).all()


def cifar10_test_pictures(data):
    for sheet in sorted((data / "cifar10").glob("test_*.webp")):
        pixels = np.asarray(Image.open(sheet).convert("RGB"))
        tiles = pixels.reshape(50, 32, 50, 32, 3).transpose(0, 2, 1, 3, 4).reshape(-1, 32, 32, 3)
        yield from tiles


def test_cifar10_accuracy(data):
    """91.73 % over all 10,000 test pictures, as the README of the data states."""
    model = linnet.Model(data / "models/onnx/resnet20_cifar10.onnx", metadata={
        "linnet.color": "RGB", "linnet.resize": "none", "linnet.scale": "0.00392156862745098",
        "linnet.mean": "0.485,0.456,0.406", "linnet.std": "0.229,0.224,0.225"})
    labels = np.load(data / "cifar10/test_labels.npy").ravel()
    found = linnet.Classifier(model, threads=2).classify_batch(cifar10_test_pictures(data), top=1,
                                                               batch_size=50)
    right = sum(p[0].index == label for p, label in zip(found, labels))
    assert len(found) == 10000
    assert abs(right - 9173) <= 2


def test_default_model_accuracy(data):
    """At least 91 % top-1, through Linnet."""
    labels = np.load(data / "cifar10/test_labels.npy").ravel()
    found = linnet.Classifier(threads=2).classify_batch(cifar10_test_pictures(data), top=1,
                                                        batch_size=50)
    right = sum(p[0].index == label for p, label in zip(found, labels))
    assert right >= 9100


IMAGENET_MODELS = {
    "squeezenet1.1": {"linnet.resize": "shorter", "linnet.resize_to": "256",
                      "linnet.scale": "0.00392156862745098", "linnet.mean": "0.485,0.456,0.406",
                      "linnet.std": "0.229,0.224,0.225"},
    "mobilenet_v1_0.25_224": {"linnet.resize": "shorter", "linnet.resize_to": "256",
                              "linnet.scale": "0.00784313725490196", "linnet.mean": "1"},
}
# Top-1 and top-5 over the 1000 pictures that ours are every tenth of.
IMAGENET_ACCURACY = {"squeezenet1.1": (61.4, 83.3), "mobilenet_v1_0.25_224": (59.2, 81.7)}


@pytest.mark.parametrize("name", IMAGENET_MODELS)
def test_imagenet_accuracy(data, name):
    """Within sampling error (three sigma of 100 pictures) of the stated accuracies."""
    metadata = {"linnet.color": "RGB", "linnet.size": "224", **IMAGENET_MODELS[name]}
    classifier = linnet.Classifier(linnet.Model(data / f"models/onnx/{name}.onnx",
                                                metadata=metadata), threads=2)
    classes = [line.split()[0] for line in
               (data / "imagenet/synset_words.txt").read_text(encoding="utf-8").splitlines()]
    ranks = []
    for path in sorted((data / "imagenet/images").glob("*.JPEG")):
        indices = [p.index for p in classifier.classify(path, top=5)]
        label = classes.index(path.name.split("_")[0])
        ranks.append(indices.index(label) if label in indices else 5)
    top1 = 100 * sum(rank == 0 for rank in ranks) / len(ranks)
    top5 = 100 * sum(rank < 5 for rank in ranks) / len(ranks)
    stated1, stated5 = IMAGENET_ACCURACY[name]
    assert len(ranks) == 100
    assert top1 > stated1 - 15 and top5 > stated5 - 12

# SPDX-License-Identifier: MIT
import io

import numpy as np
import pytest
from small_models import PICTURE_METADATA
from PIL import Image

import linnet


def test_every_kind_of_picture(color_model, red, tmp_path):
    classifier = linnet.Classifier(color_model)
    path = tmp_path / "red.png"
    Image.fromarray(red).save(path)
    encoded = path.read_bytes()
    rgba = np.dstack([red, np.zeros(red.shape[:2], np.uint8)])
    reference = classifier.classify(red)
    assert [p.label for p in reference] == ["red", "blue", "green"]
    assert abs(sum(p.probability for p in reference) - 1) < 1e-6
    for picture in (path, str(path), encoded, bytearray(encoded), memoryview(encoded),
                    Image.open(path), rgba, np.asfortranarray(red),
                    Image.fromarray(red).quantize(4)):
        assert classifier.classify(picture) == reference


def test_probabilities_are_softmax_of_logits(color_model):
    picture = np.full((8, 8, 3), (255, 0, 0), np.uint8)
    best = linnet.Classifier(color_model).classify(picture, top=1)[0]
    assert best == ("red", pytest.approx(np.exp(10) / (np.exp(10) + 2), abs=1e-6), 0)
    raw = linnet.Model(color_model, metadata={"linnet.scores": "raw"})
    assert linnet.Classifier(raw).classify(picture, top=1)[0].probability == pytest.approx(10)


def test_gray_and_sixteen_bits(color_model):
    classifier = linnet.Classifier(color_model)
    gray = np.full((9, 9), 128, np.uint8)
    reference = classifier.classify(gray)
    assert {round(p.probability, 6) for p in reference} == {round(1 / 3, 6)}
    assert [p.index for p in reference] == [0, 1, 2]  # of equals the lower index first
    deep = Image.fromarray(np.full((9, 9), 128 * 256 + 77, np.uint16))
    assert classifier.classify(deep) == reference


def test_batch_gives_what_single_pictures_give(color_model, red):
    classifier = linnet.Classifier(color_model)
    pictures = [np.roll(red, i, axis=2) for i in range(7)]
    one_by_one = [classifier.classify(picture) for picture in pictures]
    assert classifier.classify_batch(pictures, batch_size=3) == one_by_one
    assert classifier.classify_batch(iter(pictures), top=1) == [p[:1] for p in one_by_one]
    assert classifier.classify_batch([]) == []
    with pytest.raises(linnet.InvalidArgument, match="in a list"):
        classifier.classify_batch("picture.png")
    assert classifier.classify(red) == one_by_one[0]


def test_top(color_model, red):
    classifier = linnet.Classifier(color_model)
    assert len(classifier.classify(red, top=2)) == 2
    assert len(classifier.classify(red, top=1000)) == 3
    assert len(classifier.classify(red, top=10 ** 30)) == 3
    assert [len(found) for found in classifier.classify_batch([red, red], top=10 ** 30)] == [3, 3]
    with pytest.raises(ValueError, match="top is 0"):
        classifier.classify(red, top=0)


def test_no_labels(color_model, red):
    model = linnet.Model(color_model, metadata={"linnet.labels": ""})
    assert linnet.Classifier(model).classify(red, top=1)[0].label == "class 0"


@pytest.mark.parametrize("picture, message", [
    (np.zeros((0, 5, 3), np.uint8), "empty"),
    (np.zeros((5, 5, 2), np.uint8), r"uint8 \[5, 5, 2\]"),
    (np.zeros((5, 5, 3), np.float32), "float32"),
    (7, "got int"),
    (b"no picture", "not a picture"),
])
def test_bad_pictures(color_model, picture, message):
    with pytest.raises(linnet.LinnetError, match=message):
        linnet.Classifier(color_model).classify(picture)


def test_bad_picture_files(color_model, red, tmp_path):
    classifier = linnet.Classifier(color_model)
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    stream = io.BytesIO()
    Image.fromarray(red).save(stream, "PNG")
    cut = tmp_path / "cut.png"
    cut.write_bytes(stream.getvalue()[:60])
    for path in (text, cut):
        with pytest.raises(linnet.Malformed, match=path.name):
            classifier.classify(path)
    with pytest.raises(linnet.FileError, match="absent.png"):
        classifier.classify(tmp_path / "absent.png")
    with pytest.raises(linnet.FileError, match=tmp_path.name):
        classifier.classify(tmp_path)
    assert classifier.classify(red)[0].label == "red"


def test_missing_preprocessing_is_named(color_model, red):
    import onnx
    model = onnx.load_from_string(color_model)
    del model.metadata_props[:]
    bare = model.SerializeToString()
    with pytest.raises(LookupError, match="linnet.color.*linnet.resize"):
        linnet.Classifier(bare).classify(red)
    told = linnet.Model(bare, metadata=PICTURE_METADATA)
    assert linnet.Classifier(told).classify(red)[0].label == "red"


def test_embedded_model(root):
    classifier = linnet.Classifier()
    assert classifier.model.labels[3] == "cat"
    digest, _ = (root / "examples/model/default.onnx.sha256").read_text().split()
    assert classifier.model.digest == digest
    pictures = sorted((root / "examples/pictures").glob("*.png"))
    right = [classifier.classify(p, top=1)[0].label == p.name.rsplit("_", 1)[0] for p in pictures]
    assert len(right) == 30 and sum(right) >= 25

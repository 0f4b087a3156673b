# SPDX-License-Identifier: MIT
"""Pictures in, labels out."""
import importlib.resources
import math
import os
from typing import Iterable, List, NamedTuple, Optional, Union

from PIL import Image

from linnet import _native
from linnet.model import Model, Source
from linnet.pictures import Picture, Pixels, pixels_of
from linnet.session import Session


class Prediction(NamedTuple):
    """A class with its probability. The label of a model without labels is "class INDEX"."""
    label: str
    probability: float
    index: int


def default_model() -> bytes:
    """The embedded model: airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck."""
    return (importlib.resources.files("linnet") / "default.onnx").read_bytes()


class Classifier:
    """Classifies pictures with a model that knows its preprocessing (see capi/METADATA.md).

    model: a Model, what Model() takes, or None for the embedded one. One thread at a time.
    """

    def __init__(self, model: Union[Model, Source, None] = None, threads: int = 1):
        self._session = Session(default_model() if model is None else model, threads)
        self._labels = self.model.labels

    def close(self) -> None:
        """Frees the memory of the runs; the model stays."""
        self._session.close()

    def __enter__(self) -> "Classifier":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def model(self) -> Model:
        return self._session.model

    def classify(self, picture: Picture, top: int = 5) -> List[Prediction]:
        """The most probable classes of a picture, best first.

        picture: a path, the bytes of a picture file, a PIL image, or a uint8 array
        [height, width(, 3 or 4)] of gray, RGB or RGBA.
        """
        self._set_batch(1)
        return self._classify(pixels_of(picture), top)

    def classify_batch(self, pictures: Iterable[Picture], top: int = 5,
                       batch_size: int = 16) -> List[List[Prediction]]:
        """classify() for many pictures, run together `batch_size` at a time where the model leaves
        the batch free. The answers are those of classify()."""
        if batch_size < 1:
            raise _native.InvalidArgument(f"batch_size is {batch_size}, expected 1 or more")
        if isinstance(pictures, (str, os.PathLike, bytes, bytearray, memoryview, Image.Image)):
            raise _native.InvalidArgument("classify_batch() takes pictures in a list or the like; "
                                          "for one there is classify()")
        results: List[List[Prediction]] = []
        batch: List[Pixels] = []
        if self._batch_axis() is not None:
            batch_size = 1
        for picture in pictures:
            batch.append(pixels_of(picture))
            if len(batch) == batch_size:
                results += self._classify_together(batch, top)
                batch = []
        return results + self._classify_together(batch, top)

    def _classify(self, pixels: Pixels, top: int) -> List[Prediction]:
        self._check_top(top)
        self._session._native.set_pixels(0, *pixels.arguments())
        self._session._execute()
        return self._best(0, top)

    def _classify_together(self, batch: List[Pixels], top: int) -> List[List[Prediction]]:
        if not batch:
            return []
        self._check_top(top)
        native = self._session._native
        self._set_batch(len(batch))
        for item, pixels in enumerate(batch):
            native.set_pixels(item, *pixels.arguments())
        self._session._execute()
        return [self._best(item, top) for item in range(len(batch))]

    def _batch_axis(self) -> Optional[int]:
        """What the model fixes the batch to; None if it is free."""
        shape = self.model.inputs[0].shape
        return shape[0] if shape else 1

    def _set_batch(self, items: int) -> None:
        if self._batch_axis() is not None:
            return
        shape = self._session.input_shapes[0]
        if shape[0] != items:
            self._session._reshape(0, (items, *shape[1:]))

    @staticmethod
    def _check_top(top: int) -> None:
        if top < 1:
            raise _native.InvalidArgument(f"top is {top}, expected 1 or more")

    def _best(self, item: int, top: int) -> List[Prediction]:
        scores = math.prod(self._session._shape(_native.Port.OUTPUT, 0))
        found = self._session._native.top(item, min(top, scores))
        return [Prediction(self._label(int(i)), float(p), int(i)) for i, p in zip(*found)]

    def _label(self, index: int) -> str:
        return self._labels[index] if index < len(self._labels) else f"class {index}"

# SPDX-License-Identifier: MIT
"""Pictures of every kind that Python has, as rows of 8-bit pixels."""
import io
import os
from typing import NamedTuple, Union

import numpy as np
from PIL import Image, UnidentifiedImageError

from linnet import _native

Picture = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, Image.Image, np.ndarray]

_FORMATS = {1: _native.PixelFormat.GRAY, 3: _native.PixelFormat.RGB, 4: _native.PixelFormat.RGBA}


class Pixels(NamedTuple):
    """A contiguous uint8 array [height, width, channels] and what its channels are."""
    array: np.ndarray
    format: _native.PixelFormat

    def arguments(self):
        """What the native calls take: pixels, format, width, height, stride."""
        height, width, channels = self.array.shape
        return self.array.reshape(-1), self.format, width, height, width * channels


def pixels_of(picture: Picture) -> Pixels:
    """A path, the bytes of a picture file, a PIL image, or a uint8 array [height, width] (gray),
    [height, width, 3] (RGB) or [height, width, 4] (RGBA, alpha ignored).

    Files are decoded by Pillow; the orientation in EXIF data is not applied.
    """
    if isinstance(picture, np.ndarray):
        return _from_array(picture)
    if isinstance(picture, Image.Image):
        return _from_image(picture)
    if isinstance(picture, (bytes, bytearray, memoryview)):
        data = bytes(picture)
        return _from_file(io.BytesIO(data), f"{len(data)} bytes")
    if isinstance(picture, (str, os.PathLike)):
        return _from_file(os.fspath(picture), os.fspath(picture))
    raise _native.InvalidArgument(
        f"a picture is a path, bytes, a PIL image or a uint8 array; got {type(picture).__name__}")


def _from_file(file, name: str) -> Pixels:
    try:
        with Image.open(file) as image:
            return _from_image(image)
    except UnidentifiedImageError:
        raise _native.Malformed(f"{name}: not a picture that Pillow can decode") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, FileNotFoundError):
            raise _native.FileError(f"{name}: no such file") from None
        if isinstance(error, OSError) and error.errno is not None:
            raise _native.FileError(f"{name}: {error.strerror}") from None
        raise _native.Malformed(f"{name}: {error}") from error


def _from_image(image: Image.Image) -> Pixels:
    if image.mode.startswith("I;16") or image.mode == "I":  # 16 bits of gray
        return _from_array((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if image.mode == "La":
        image = image.convert("LA")
    if image.mode in ("1", "LA"):
        image = image.convert("L")
    elif image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGB")
    return _from_array(np.asarray(image))


def _from_array(array: np.ndarray) -> Pixels:
    if array.ndim == 2:
        array = array[:, :, None]
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] not in _FORMATS:
        raise _native.InvalidArgument(
            "a picture array is uint8 with the shape [height, width], [height, width, 3] or "
            f"[height, width, 4]; got {array.dtype} {list(array.shape)}")
    if array.size == 0:
        raise _native.InvalidArgument(f"the picture is empty: {list(array.shape)}")
    return Pixels(np.ascontiguousarray(array), _FORMATS[array.shape[2]])

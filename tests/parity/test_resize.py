"""Linnet's pictures are Pillow's, bit for bit: resize, crop, channel order, normalisation.

resize_tool.cc is compiled from the core's sources for these tests. The horizontal pass comes first,
as in every Pillow before 13; Pillow 13 starts with the vertical one where the height shrinks by
more than twice what the width does. `resized` asks for the passes one by one, so that the tests
hold for all versions; `test_same_as_one_call` compares with plain Image.resize().
"""

import array
import math
import os
import random
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

PIL = pytest.importorskip("PIL", reason="Pillow is not installed")
from PIL import Image  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT.parent / "shared" / "data" / "photos"
PHOTO_NAMES = (
    "bird.bmp", "cat.bmp", "dragonfly.bmp", "grace_hopper.bmp", "hot_dog.jpg", "parrot.jpg",
    "sunflower.bmp", "tfsupport_burger.jpg", "tfsupport_cats_and_dogs.jpg",
    "tfsupport_sparrow.png",
)
BILINEAR, NEAREST = Image.Resampling.BILINEAR, Image.Resampling.NEAREST
# name: number, bytes per pixel, Pillow's mode, Pillow's raw mode
FORMATS = {
    "RGB": (0, 3, "RGB", "RGB"),
    "BGR": (1, 3, "RGB", "BGR"),
    "RGBA": (2, 4, "RGBA", "RGBA"),
    "BGRA": (3, 4, "RGBA", "BGRA"),
    "GRAY": (4, 1, "L", "L"),
}


class Tool:
    """resize_tool, compiled and running; one call makes one tensor."""

    def __init__(self, folder, program=None):
        self.folder = folder
        program = program or self.compiled(folder)
        self.milliseconds = 0.0  # that the last call took
        self.process = subprocess.Popen([str(program)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    @staticmethod
    def compiled(folder):
        compiler = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++")
        if not compiler:
            pytest.skip("no C++ compiler")
        program = folder / "resize_tool"
        sources = [ROOT / "tests" / "parity" / "resize_tool.cc"]
        for room in ("base", "kernels", "image"):
            sources += sorted((ROOT / "core" / room).glob("*.cc"))
        subprocess.run([compiler, "-std=c++17", "-O2", f"-I{ROOT / 'core'}", *map(str, sources),
                        "-pthread", "-o", str(program)], check=True)
        return program

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def __call__(self, data, form, width, height, stride, extent, layout="NCHW", **keys):
        """The tensor as bytes of float32; RuntimeError with the message of a failure."""
        source, target = self.folder / "picture", self.folder / "tensor"
        source.write_bytes(data)
        words = [source, FORMATS[form][0], width, height, stride, target, *extent, layout]
        words += [f"{key}={value}" for key, value in keys.items()]
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("error: "):
            raise RuntimeError(answer)
        self.milliseconds = float(answer)
        return target.read_bytes()

    def samples(self, *arguments, **keys):
        """The tensor of scale 1 as bytes."""
        return bytes(map(int, array.array("f", self(*arguments, scale=1, **keys))))


@pytest.fixture(scope="module")
def tool(tmp_path_factory):
    tool = Tool(tmp_path_factory.mktemp("resize"))
    yield tool
    tool.close()


def open_picture(data, form, width, height, stride):
    """The picture as Pillow sees it, without alpha."""
    _, _, mode, raw = FORMATS[form]
    image = Image.frombytes(mode, (width, height), data, "raw", raw, stride)
    return image.convert("RGB") if mode == "RGBA" else image


def resized(image, size, pixel_filter):
    return image.resize((size[0], image.height), pixel_filter).resize(size, pixel_filter)


def shorter(image, side, extent, pixel_filter):
    """torchvision's Resize(side) and CenterCrop(extent) of a Pillow picture."""
    least, most = sorted(image.size)
    longer = int(side * most / least)
    size = (side, longer) if image.width <= image.height else (longer, side)
    image = resized(image, size, pixel_filter)
    top, left = (int(round((have - want) / 2.0)) for have, want in zip(size[::-1], extent))
    return image.crop((left, top, left + extent[1], top + extent[0]))


def samples_of(image, color, layout="NCHW"):
    """The bytes of a picture in the network's order; gray comes as three equal channels."""
    if color == "GRAY":
        assert image.mode == "L"
        return image.tobytes()
    image = image.convert("RGB")
    if layout == "NHWC":
        return image.tobytes("raw", color)
    return b"".join(image.getchannel(channel).tobytes() for channel in color)


def random_length(rng):
    return rng.choice((1, 2, rng.randint(1, 12), rng.randint(1, 60), rng.randint(1, 300)))


def random_picture(rng):
    form = rng.choice(sorted(FORMATS))
    width, height = random_length(rng), random_length(rng)
    row = width * FORMATS[form][1]
    stride = row + rng.choice((0, 0, rng.randint(1, 40)))
    return rng.randbytes((height - 1) * stride + row), form, width, height, stride


def padded(data, height, stride):
    """Pillow wants the last row as long as the others."""
    return data + bytes(height * stride - len(data))


@pytest.mark.parametrize("seed", range(300))
def test_random_exact(tool, seed):
    rng = random.Random(seed)
    data, form, width, height, stride = random_picture(rng)
    extent = random_length(rng), random_length(rng)
    color, layout = rng.choice(("RGB", "BGR", "GRAY")), rng.choice(("NCHW", "NHWC"))
    name, pixel_filter = rng.choice((("bilinear", BILINEAR), ("nearest", NEAREST)))
    found = tool.samples(data, form, width, height, stride, extent, layout, color=color,
                         resize="exact", interpolation=name)
    image = open_picture(padded(data, height, stride), form, width, height, stride)
    if color == "GRAY":
        image = image.convert("L")
    assert found == samples_of(resized(image, extent[::-1], pixel_filter), color, layout)


@pytest.mark.parametrize("seed", range(200))
def test_random_shorter(tool, seed):
    rng = random.Random(1000 + seed)
    data, form, width, height, stride = random_picture(rng)
    side = random_length(rng)
    longer = side * max(width, height) // min(width, height)
    limits = (longer, side) if height >= width else (side, longer)
    extent = tuple(rng.randint(1, min(limit, 300)) for limit in limits)
    name, pixel_filter = rng.choice((("bilinear", BILINEAR), ("nearest", NEAREST)))
    found = tool.samples(data, form, width, height, stride, extent, color="RGB", resize="shorter",
                         resize_to=side, interpolation=name)
    image = open_picture(padded(data, height, stride), form, width, height, stride)
    assert found == samples_of(shorter(image, side, extent, pixel_filter), "RGB")


@pytest.mark.parametrize("seed", range(60))
def test_same_as_one_call(tool, seed):
    rng = random.Random(2000 + seed)
    width, height = rng.randint(1, 300), rng.randint(1, 300)
    extent = rng.randint(1, 300), rng.randint(1, 300)
    if height - extent[0] > 0 and height - extent[0] > 2 * (width - extent[1]):
        height, extent = extent[0], (height, extent[1])  # one that all versions start alike
    data = rng.randbytes(width * height * 3)
    found = tool.samples(data, "RGB", width, height, width * 3, extent, color="RGB",
                         resize="exact")
    image = Image.frombytes("RGB", (width, height), data)
    assert found == samples_of(image.resize(extent[::-1], BILINEAR), "RGB")


@pytest.mark.parametrize("size", [(10000, 1), (1, 10000), (4000, 3000), (20000, 3), (3, 20000)])
def test_large(tool, size):
    data = random.Random(0).randbytes(size[0] * size[1] * 3)
    found = tool.samples(data, "RGB", *size, size[0] * 3, (224, 200), color="RGB", resize="exact")
    image = Image.frombytes("RGB", size, data)
    assert found == samples_of(resized(image, (200, 224), BILINEAR), "RGB")


def plain_axis(line, to):
    """One axis with the triangle never widened, in Pillow's arithmetic."""
    scale, result = len(line) / to, bytearray()
    for at in range(to):
        centre = (at + 0.5) * scale
        begin, end = max(int(centre - 0.5), 0), min(int(centre + 1.5), len(line))
        weights = [max(1 - abs(i - centre + 0.5), 0) for i in range(begin, end)]
        fixed = [int(0.5 + weight / sum(weights) * (1 << 22)) for weight in weights]
        total = (1 << 21) + sum(map(lambda s, w: s * w, line[begin:end], fixed))
        result.append(min(total >> 22, 255))
    return result


@pytest.mark.parametrize("seed", range(60))
def test_random_plain(tool, seed):
    rng = random.Random(3000 + seed)
    width, height, out_height, out_width = (rng.randint(1, 40) for _ in range(4))
    data = rng.randbytes(width * height)
    found = tool.samples(data, "GRAY", width, height, width, (out_height, out_width),
                         color="GRAY", resize="exact", interpolation="plain")
    rows = [plain_axis(data[y * width:][:width], out_width) for y in range(height)]
    columns = [plain_axis(column, out_height) for column in zip(*rows)]
    assert found == bytes(sample for row in zip(*columns) for sample in row)


@pytest.mark.parametrize("name", PHOTO_NAMES)
def test_photo(tool, name):
    if not (PHOTOS / name).exists():
        pytest.skip(f"{PHOTOS / name} is absent")
    with Image.open(PHOTOS / name) as image:
        image = image.convert("RGB")
    data, form = image.tobytes(), (*image.size, image.width * 3)
    for extent in ((224, 224), (227, 227), (32, 32), (96, 160), (1000, 700)):
        found = tool.samples(data, "RGB", *form, extent, color="RGB", resize="exact")
        assert found == samples_of(resized(image, extent[::-1], BILINEAR), "RGB")
    for side, crop in ((256, 224), (232, 224), (40, 32)):
        found = tool.samples(data, "RGB", *form, (crop, crop), color="RGB", resize="shorter",
                             resize_to=side)
        assert found == samples_of(shorter(image, side, (crop, crop), BILINEAR), "RGB")
    found = tool.samples(data, "RGB", *form, (28, 28), color="GRAY", resize="exact")
    assert found == resized(image.convert("L"), (28, 28), BILINEAR).tobytes()


@pytest.mark.parametrize("color", ("RGB", "BGR"))
def test_normalised(tool, color):
    mean, deviation, scale = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), 1 / 255
    data = bytes(range(256)) * 3
    found = tool(data, "RGB", 16, 16, 48, (16, 16), "NHWC", color=color, resize="none",
                 scale=repr(scale), mean=",".join(map(str, mean)),
                 std=",".join(map(str, deviation)))
    pixels = [data[i:i + 3] for i in range(0, len(data), 3)]
    expected = [(sample * scale - mean[c]) / deviation[c] for pixel in pixels
                for c, sample in enumerate(pixel if color == "RGB" else pixel[::-1])]
    assert found == struct.pack(f"={len(expected)}f", *expected)


@pytest.mark.parametrize("text", ("0.1", "-3", "1e-3", "0.00392156862745098", "2.5E+2",
                                  "0.003921568627450980392156862745098", "1234567890.12345678901",
                                  "4.35e-20", "9007199254740993"))
def test_numbers_are_read_as_python_reads_them(tool, text):
    found = tool(b"\1", "GRAY", 1, 1, 1, (1, 1), color="GRAY", resize="none", scale=text)
    assert math.isfinite(float(text)) and found == struct.pack("=f", float(text))

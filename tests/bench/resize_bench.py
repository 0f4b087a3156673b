#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pixels to tensor, ours against Pillow's: one thread, interleaved, decoding excluded.

usage: resize_bench.py [--tool PROGRAM] [--rounds N]

Pillow resizes and crops; ours also turns the samples into normalised floats. PROGRAM is
tests/parity/resize_tool.cc, compiled; without it, it is compiled here. Prints the median
milliseconds of both, the median of their ratios within a round, and whether the samples are the
same. Needs Pillow.
"""
import argparse
import array
import pathlib
import random
import shutil
import statistics
import sys
import tempfile
import time

from PIL import Image, __version__

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "parity"))
import test_resize as parity  # noqa: E402

WIDTH, HEIGHT = 4000, 3000  # 12 megapixels
CASES = [  # format, network's colours, rule
    ("RGB", "RGB", "shorter"), ("RGB", "RGB", "exact"), ("BGR", "RGB", "exact"),
    ("RGBA", "RGB", "shorter"), ("RGBA", "RGB", "exact"), ("GRAY", "GRAY", "exact"),
    ("RGB", "GRAY", "exact"),
]


def photograph(form):
    """Bytes that vary as slowly as a photograph's, and noise."""
    image = Image.frombytes("L", (64, 48), random.Random(1).randbytes(64 * 48))
    channels = [image.rotate(90 * i).resize((WIDTH, HEIGHT)) for i in range(4)]
    return Image.merge("RGBA", channels).convert(parity.FORMATS[form][2])


def by_pillow(image, color, rule):
    if color == "GRAY" and image.mode != "L":
        image = image.convert("L")
    if rule == "exact":
        return image.resize((224, 224), Image.Resampling.BILINEAR)
    image = image.resize((256 * WIDTH // HEIGHT, 256), Image.Resampling.BILINEAR)
    left = round((image.width - 224) / 2)
    return image.crop((left, 16, left + 224, 240))


def compare(tool, form, color, rule, rounds):
    image = photograph(form)
    mode = image.mode
    data = image.tobytes("raw", form if form != "GRAY" else "L")
    keys = {"color": color, "resize": rule, "scale": "1"}
    if rule == "shorter":
        keys["resize_to"] = 256
    if mode == "RGBA":
        image = image.convert("RGB")  # alpha is no part of the comparison
    pixel_bytes = parity.FORMATS[form][1]
    ours, theirs = [], []
    for _ in range(rounds):
        tensor = tool(data, form, WIDTH, HEIGHT, WIDTH * pixel_bytes, (224, 224), "NHWC", **keys)
        ours.append(tool.milliseconds)
        start = time.perf_counter()
        expected = by_pillow(image, color, rule)
        theirs.append((time.perf_counter() - start) * 1e3)
    found = bytes(map(int, array.array("f", tensor)))
    apart = max(abs(a - b) for a, b in zip(found, expected.tobytes()))
    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    print(f"{form + ' to ' + color:14} {rule:8} {statistics.median(ours):8.2f} "
          f"{statistics.median(theirs):8.2f} {ratio:8.2f}x  samples differ by {apart}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        tool = parity.Tool(folder, options.tool)
        print(f"{WIDTH} x {HEIGHT} to 224 x 224, milliseconds; Pillow {__version__}")
        print(f"{'':23} {'ours':>8} {'Pillow':>8} {'ratio':>9}")
        for form, color, rule in CASES:
            compare(tool, form, color, rule, options.rounds)
        tool.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: MIT
"""PNG files of every colour type and depth, and the samples that Pillow sees in them."""
import random
import struct
import zlib

# Colour type -> samples a pixel, and the depths that the PNG specification allows.
KINDS = {0: (1, (1, 2, 4, 8, 16)), 2: (3, (8, 16)), 3: (1, (1, 2, 4, 8)), 4: (2, (8, 16)),
         6: (4, (8, 16))}
WIDTH, HEIGHT = 13, 7


def chunk(kind, data):
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def transparency(color_type, depth, numbers):
    """A tRNS chunk where the colour type may have one."""
    if color_type == 3:
        return chunk(b"tRNS", numbers.randbytes(1 << depth >> 1))
    if color_type in (0, 2):
        samples = KINDS[color_type][0]
        return chunk(b"tRNS", struct.pack(f">{samples}H", *[numbers.randrange(1 << depth)
                                                           for _ in range(samples)]))
    return b""


def png(color_type, depth, transparent):
    """A PNG file of random samples."""
    numbers = random.Random(f"{color_type} {depth} {transparent}")
    row_bytes = (WIDTH * KINDS[color_type][0] * depth + 7) // 8
    rows = b"".join(b"\0" + numbers.randbytes(row_bytes) for _ in range(HEIGHT))
    out = b"\x89PNG\r\n\x1a\n"
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color_type, 0, 0, 0))
    if color_type == 3:
        out += chunk(b"PLTE", numbers.randbytes(3 << depth))
    if transparent:
        out += transparency(color_type, depth, numbers)
    return out + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pillow_rgb(path):
    """The RGB samples of a picture file as the Python package reads it, with Pillow: alpha is
    ignored, 16 bits of gray lose their lower byte."""
    from PIL import Image  # an import that only this function needs
    with Image.open(path) as image:
        if image.mode.startswith("I"):
            width, height = image.size
            gray = bytes(min(max(image.getpixel((x, y)) >> 8, 0), 255)
                         for y in range(height) for x in range(width))
            image = Image.frombytes("L", image.size, gray)
        if image.mode in ("1", "LA", "La"):
            image = image.convert("L")
        if image.mode == "RGBA":
            return Image.merge("RGB", image.split()[:3]).tobytes()
        image.info.pop("transparency", None)  # alpha is ignored; Pillow would warn of it
        return image.convert("RGB").tobytes()


def write_pictures(folder):
    """Writes NAME.png and NAME.rgb for every kind, and returns their number."""
    count = 0
    for color_type, (_, depths) in KINDS.items():
        for depth in depths:
            for transparent in (False, True) if color_type < 4 else (False,):
                path = folder / f"type{color_type}_{depth}bits{'_trns' * transparent}.png"
                path.write_bytes(png(color_type, depth, transparent))
                path.with_suffix(".rgb").write_bytes(pillow_rgb(path))
                count += 1
    return count

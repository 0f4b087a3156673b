# SPDX-License-Identifier: MIT
"""Builds the examples in C and C++ against an installed Linnet and looks at what they print. The
model's scores are the averages of the picture's channels: what was decoded can be read off."""

import os
import re
import shutil
import struct
import subprocess
import zlib

import pytest

from test_install import LABELS, ROOT, model, prefix, run  # noqa: F401

numpy = pytest.importorskip("numpy")
Image = pytest.importorskip("PIL.Image")

SIDE = 8
WHITE = bytes([255]) * (SIDE * SIDE * 3)


@pytest.fixture(scope="session", params=["c", "cpp"])
def language(request):
    return request.param


@pytest.fixture(scope="session")
def programs(prefix, model, tmp_path_factory):  # noqa: F811
    build = tmp_path_factory.mktemp("examples")
    run("cmake", "-S", ROOT / "examples/classify/cpp", "-B", build,
        f"-DCMAKE_PREFIX_PATH={prefix}", f"-DLINNET_DEFAULT_MODEL={model}",
        "-DCMAKE_C_FLAGS=-Wall -Wextra -pedantic -Werror",
        "-DCMAKE_CXX_FLAGS=-Wall -Wextra -pedantic -Werror")
    run("cmake", "--build", build)
    return {"c": build / "c/classify", "cpp": build / "classify"}


@pytest.fixture
def classify(programs, language, tmp_path):
    def call(*arguments):
        return subprocess.run([programs[language], *map(str, arguments)], cwd=tmp_path,
                              capture_output=True, encoding="utf-8")
    return call


def noise(channels, dtype="uint8"):
    most = numpy.iinfo(dtype).max
    numbers = numpy.random.default_rng(5).integers(0, most, (SIDE, SIDE, channels))
    return numbers.astype(dtype)


def png(colour_type, depth, rows, *chunks, interlace=0):
    """A PNG file of any kind: of rows of bytes, with chunks before them."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, depth, colour_type, 0, 0, interlace)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
            b"".join(chunk(*one) for one in chunks) + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def adam7(pixels):
    """The rows of the seven passes of an interlaced picture."""
    for y, x, down, right in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2),
                              (0, 1, 2, 2), (1, 0, 2, 1)):
        yield from (row.tobytes() for row in pixels[y::down, x::right])


def kinds():
    """Name, file, and the 8-bit RGB that it stands for."""
    def lines(pixels):
        return [row.tobytes() for row in pixels]

    rgb, rgba, gray = noise(3), noise(4), noise(1)
    wide, wide_gray = noise(3, "uint16"), noise(1, "uint16")
    index = noise(1) % 4
    palette = numpy.array([[1, 2, 3], [200, 0, 9], [7, 77, 255], [0, 128, 64]], "uint8")
    see_through = (b"PLTE", palette.tobytes()), (b"tRNS", b"\0\x80\xff\0")
    bits = noise(1) % 2
    yield "rgb", png(2, 8, lines(rgb)), rgb
    yield "interlaced", png(2, 8, list(adam7(rgb)), interlace=1), rgb
    yield "gamma", png(2, 8, lines(rgb), (b"gAMA", b"\0\0\x40\0")), rgb
    yield "key", png(2, 8, lines(rgb),
                     (b"tRNS", rgb[0, 0].astype(">u2").tobytes())), rgb
    yield "rgba", png(6, 8, lines(rgba)), rgba[..., :3]
    yield "gray", png(0, 8, lines(gray)), gray
    yield "gray_alpha", png(4, 8, lines(rgba[..., :2])), rgba[..., :1]
    yield "black_white", png(0, 1, lines(numpy.packbits(bits, axis=1))), bits * 255
    yield "palette", png(3, 8, lines(index), *see_through), palette[index[..., 0]]
    yield "wide", png(2, 16, lines(wide.astype(">u2"))), wide >> 8
    yield "wide_gray", png(0, 16, lines(wide_gray.astype(">u2"))), wide_gray >> 8


def expected(name, rgb):
    averages = numpy.broadcast_to(rgb, (SIDE, SIDE, 3)).mean((0, 1))
    best = sorted(range(3), key=lambda i: (-averages[i], i))
    return f"{name}\n" + "".join(f"  {averages[i]:.4f}  {LABELS[i]}\n" for i in best)


@pytest.mark.parametrize("name, file, rgb", list(kinds()), ids=[kind[0] for kind in kinds()])
def test_kinds_of_png(classify, tmp_path, name, file, rgb):
    (tmp_path / name).write_bytes(file)
    done = classify(name)
    assert (done.returncode, done.stdout, done.stderr) == (0, expected(name, rgb), "")


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("progressive", [False, True])
def test_kinds_of_jpeg(classify, tmp_path, mode, progressive):
    picture = Image.fromarray(noise(3)).convert(mode)
    picture.save(tmp_path / "picture.png", "JPEG", quality=90, progressive=progressive)
    decoded = numpy.asarray(Image.open(tmp_path / "picture.png").convert("RGB"), "float64")
    done = classify("picture.png")
    assert done.returncode == 0
    numbers = {label: float(number)
               for number, label in re.findall(r"^  (\S+)  (.*)$", done.stdout, re.M)}
    for channel, label in enumerate(LABELS):
        assert abs(numbers[label] - decoded[..., channel].mean()) < 1


def test_both_languages_print_the_same(programs, model, tmp_path):  # noqa: F811
    names = []
    for name, file, _ in kinds():
        (tmp_path / name).write_bytes(file)
        names.append(name)
    Image.fromarray(noise(3)).save(tmp_path / "photo", "JPEG")
    printed = [subprocess.run([program, "--threads", "2", "--model", str(model), *names, "photo"],
                              cwd=tmp_path, capture_output=True, check=True).stdout
               for program in programs.values()]
    assert printed[0] == printed[1] and printed[0].count(b"\n") == 4 * (len(names) + 1)


def test_bad_pictures_do_not_stop_the_others(classify, tmp_path):
    rgb = noise(3)
    good = png(2, 8, [row.tobytes() for row in rgb])
    Image.fromarray(rgb).save(tmp_path / "whole.jpeg", quality=95)
    jpeg = (tmp_path / "whole.jpeg").read_bytes()
    Image.fromarray(noise(4), "CMYK").save(tmp_path / "cmyk", "JPEG")
    Image.new("RGB", (9, 8)).save(tmp_path / "size", "PNG")
    (tmp_path / "good").write_bytes(good)
    bad = {"empty": b"", "text": b"hello, world", "cut": good[:-20], "short": good[:10],
           "jpeg_cut": jpeg[:-60], "jpeg_short": jpeg[:5],
           "damaged": good.replace(b"IDAT", b"IDAX"),
           "huge": good.replace(struct.pack(">II", SIDE, SIDE), b"\0\0\xff\xff\0\0\xff\xff", 1)}
    for name, file in bad.items():
        (tmp_path / name).write_bytes(file)
    names = [*bad, "cmyk", "size", "missing", "."]
    done = classify(*names, "good")
    assert done.returncode == 1
    assert done.stdout == expected("good", rgb)
    lines = done.stderr.splitlines()
    assert [re.match(r"classify: (\S+): .", line).group(1) for line in lines] == names


def test_words(classify, tmp_path):
    (tmp_path / "good").write_bytes(next(kinds())[1])
    assert classify("--help").returncode == 0
    assert classify("--help").stdout.startswith("usage: classify [--model MODEL] [--threads N] PIC")
    for words in ([], ["--model"], ["--threads", "0", "good"], ["--threads", "x", "good"],
                  ["--threads", "65", "good"], ["--other", "good"], ["good", "--threads"]):
        done = classify(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("usage: ")
    assert classify("good", "--threads", "64").returncode == 0
    done = classify("--model", "missing", "good")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r'classify: .*"missing".*\n', done.stderr)


def test_classes_without_labels(classify, tmp_path):
    onnx = pytest.importorskip("onnx")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
         helper.make_node("Concat", ["mean", "mean", "mean"], ["scores"], axis=1)],
        "averages", [helper.make_tensor_value_info("image", floats, [1, 3, 8, 8])],
        [helper.make_tensor_value_info("scores", floats, [1, 9, 1, 1])])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(proto, {
        "linnet.color": "RGB", "linnet.resize": "none", "linnet.layout": "NCHW",
        "linnet.scale": "1", "linnet.scores": "raw"})
    onnx.save(proto, tmp_path / "model")
    Image.frombytes("RGB", (SIDE, SIDE), WHITE).save(tmp_path / "white", "PNG")
    done = classify("--model", "model", "white")
    assert done.stdout == "white\n" + "".join(f"  255.0000  class {i}\n" for i in range(5))


@pytest.mark.skipif(not shutil.which("valgrind") or "LINNET_VALGRIND" not in os.environ,
                    reason="set LINNET_VALGRIND to run under valgrind")
def test_decoding_leaks_nothing(programs, tmp_path):
    names = []
    for name, file, _ in kinds():
        (tmp_path / name).write_bytes(file)
        (tmp_path / f"{name}_cut").write_bytes(file[:-30])
        names += [name, f"{name}_cut"]
    for program in programs.values():
        done = subprocess.run(["valgrind", "-q", "--leak-check=full", "--error-exitcode=9", program,
                               *names], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 1, done.stderr

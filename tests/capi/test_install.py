# SPDX-License-Identifier: MIT
"""Installs Linnet into a folder, moves it, and uses it as others would. LINNET_BUILD names a built
build folder; without it everything is built."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONSUMER = HERE / "consumer"
LABELS = ["red", "green", "bl\u00fc"]

# What linnet.hpp leaves to the C interface: hooks for the whole process.
NOT_IN_HPP = {"linnet_set_log", "linnet_set_allocator"}
# What belongs to the C library, and nothing else.
SYSTEM = re.compile(r"lib(c|m|pthread|dl|rt)\.so\.\d+|ld-linux.*|ld-musl.*|libc\.musl.*")

for tool in ("cmake", "cc", "c++", "pkg-config", "readelf", "nm"):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed", allow_module_level=True)


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    build = os.environ.get("LINNET_BUILD")
    if not build:
        build = tmp_path_factory.mktemp("build")
        run("cmake", "-S", ROOT, "-B", build)
        run("cmake", "--build", build, "--parallel", os.cpu_count())
    first = tmp_path_factory.mktemp("first") / "prefix"
    run("cmake", "--install", build, "--prefix", first)
    moved = tmp_path_factory.mktemp("moved") / "new prefix"
    shutil.move(first, moved)
    return moved


@pytest.fixture(scope="session")
def library(prefix):
    found, = prefix.glob("lib*/**/liblinnet.so")
    return found


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """The averages of the channels of an 8 x 8 picture, in its own numbers, as scores."""
    onnx = pytest.importorskip("onnx")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
         helper.make_node("Flatten", ["mean"], ["scores"])],
        "averages", [helper.make_tensor_value_info("image", floats, ["N", 3, 8, 8])],
        [helper.make_tensor_value_info("scores", floats, ["N", 3])])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(proto, {
        "linnet.labels": "\n".join(LABELS), "linnet.color": "RGB", "linnet.resize": "none",
        "linnet.layout": "NCHW", "linnet.scale": "1", "linnet.scores": "raw"})
    path = tmp_path_factory.mktemp("model") / "averages.onnx"
    onnx.save(proto, path)
    return path


# -- the libraries -----------------------------------------------------------------------------

def test_only_the_contract_is_visible(library):
    names = {line.split()[0] for line in (ROOT / "capi/exports/symbols.txt").open()}
    seen = set()
    for line in run("nm", "-D", "--defined-only", library).splitlines():
        kind, name = line.split()[-2:]
        if kind != "A":  # the name of a version
            seen.add(name.split("@")[0])
    assert seen == names


def test_the_shared_library_needs_libc_only(library):
    dynamic = run("readelf", "-dW", library)
    needed = re.findall(r"NEEDED.*\[(.*)\]", dynamic)
    others = [name for name in needed if not SYSTEM.fullmatch(name)]
    cache = pathlib.Path(os.environ.get("LINNET_BUILD", "/none")) / "CMakeCache.txt"
    if others and cache.exists() and "LINNET_STATIC_RUNTIME:BOOL=OFF" in cache.read_text():
        pytest.skip("built with the C++ runtime outside")
    assert not others
    assert "SONAME" in dynamic and "[liblinnet.so.1]" in dynamic
    assert "TEXTREL" not in dynamic


def test_the_shared_library_fits_pages_of_16_kb(library):
    alignments = re.findall(r"^ *LOAD.* (0x[0-9a-f]+)$", run("readelf", "-lW", library), re.M)
    assert alignments and all(int(one, 16) >= 16384 for one in alignments)


def test_linnet_hpp_reaches_every_function():
    text = (ROOT / "capi/linnet.hpp").read_text()
    code = re.sub(r"//.*", "", text)
    names = {line.split()[0] for line in (ROOT / "capi/exports/symbols.txt").open()}
    missing = {name for name in names if not re.search(rf"\b{name}\b[(,)]", code)}
    assert missing == NOT_IN_HPP


# -- who uses them -----------------------------------------------------------------------------

@pytest.fixture(scope="session")
def consumers(prefix, tmp_path_factory):
    build = tmp_path_factory.mktemp("consumer")
    run("cmake", "-S", CONSUMER, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", build)
    return build


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize("kind", ["linnet", "linnet_static"])
def test_cmake_package(consumers, model, language, kind):
    program = consumers / f"{language}_{kind}"
    assert run(program, model).splitlines() == LABELS
    assert ("liblinnet" in run("readelf", "-dW", program)) == (kind == "linnet")


def test_cmake_package_in_a_project_in_c_only(prefix, model, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.18)\nproject(consumer LANGUAGES C)\n"
        "find_package(linnet CONFIG REQUIRED)\n"
        f"add_executable(shared {CONSUMER}/consumer.c)\n"
        f"add_executable(static {CONSUMER}/consumer.c)\n"
        "target_link_libraries(shared linnet::linnet)\n"
        "target_link_libraries(static linnet::linnet_static)\n")
    run("cmake", "-S", tmp_path, "-B", tmp_path / "b", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path / "b")
    for name in ("shared", "static"):
        assert run(tmp_path / "b" / name, model).splitlines() == LABELS


@pytest.mark.parametrize("version, good", [("1.0", True), ("1.99", False), ("2.0", False)])
def test_cmake_package_knows_its_version(prefix, tmp_path, version, good):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.18)\nproject(consumer LANGUAGES C)\n"
        f"find_package(linnet {version} CONFIG REQUIRED)\n")
    done = subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "b",
                           f"-DCMAKE_PREFIX_PATH={prefix}"], capture_output=True)
    assert (done.returncode == 0) == good


def pkg_config(prefix, *options):
    folder = next(prefix.glob("lib*/**/pkgconfig"))
    words = run("pkg-config", *options, "linnet", env={**os.environ, "PKG_CONFIG_PATH": folder})
    return [word.replace("\0", " ") for word in words.replace("\\ ", "\0").split()]


@pytest.mark.parametrize("compiler, standard, source",
                         [("cc", "c11", "consumer.c"), ("c++", "c++17", "consumer.cc")])
def test_pkg_config(prefix, library, model, tmp_path, compiler, standard, source):
    run(compiler, f"-std={standard}", "-pedantic", "-Wall", "-Wextra", "-Werror",
        CONSUMER / source, "-o", tmp_path / "program", *pkg_config(prefix, "--cflags", "--libs"))
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library.parent)}
    assert run(tmp_path / "program", model, env=environment).splitlines() == LABELS


def test_pkg_config_static(prefix, library, model, tmp_path):
    words = pkg_config(prefix, "--static", "--cflags", "--libs")
    words = [str(library.with_suffix(".a")) if word == "-llinnet" else word for word in words]
    run("cc", CONSUMER / "consumer.c", "-o", tmp_path / "program", *words)
    assert run(tmp_path / "program", model).splitlines() == LABELS

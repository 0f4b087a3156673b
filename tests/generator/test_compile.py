"""Compilers take what is generated, and what is generated does what it says. The wrappers of the
fixture, which has every tag, run against a library without a predictor."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

import pytest

import emit_stub
import reader

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TESTDATA = HERE / "testdata"
SMOKE = TESTDATA / "smoke"
ROOTS = pytest.mark.parametrize("root", [ROOT, TESTDATA], ids=["repository", "fixture"])
STRICT = ["-pedantic", "-Wall", "-Wextra", "-Werror"]
DIALECTS = pytest.mark.parametrize("compiler", [
    ["gcc", "-std=c11", "-x", "c"], ["g++", "-std=c++17", "-x", "c++"],
    ["clang", "-std=c11", "-x", "c"], ["clang++", "-std=c++17", "-x", "c++"],
], ids=["gcc", "g++", "clang", "clang++"])


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")


def run(*command, **options):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True,
                          **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# -- C and C++ ---------------------------------------------------------------------------------

@DIALECTS
@ROOTS
def test_check_api(compiler, root, tmp_path):
    need(compiler[0])
    run(*compiler, *STRICT, "-I", root / "capi", "-c", root / "tests/abi/check_api.c",
        "-o", tmp_path / "check.o")


@DIALECTS
@ROOTS
def test_header_alone(compiler, root, tmp_path):
    need(compiler[0])
    (tmp_path / "alone.c").write_text('#include "linnet.h"\n#include "linnet.h"\n'
                                      "int linnet_alone(void);\n"
                                      "int linnet_alone(void) { return LINNET_OK; }\n")
    run(*compiler, *STRICT, "-I", root / "capi", "-c", tmp_path / "alone.c",
        "-o", tmp_path / "alone.o")


def test_check_api_sees_a_difference(tmp_path):
    """The check itself: a header that says something else must not compile."""
    need("gcc")
    text = (ROOT / "capi/linnet.h").read_text()
    for old, new in (("LINNET_ISA_AVX2 = 2", "LINNET_ISA_AVX2 = 9"),
                     ("linnet_options *options, int32_t threads", "linnet_options *options")):
        assert old in text
        (tmp_path / "linnet.h").write_text(text.replace(old, new))
        done = subprocess.run(["gcc", "-std=c11", *STRICT, "-I", str(tmp_path), "-c",
                               str(ROOT / "tests/abi/check_api.c"), "-o", str(tmp_path / "o")],
                              capture_output=True)
        assert done.returncode != 0


# -- wrappers ----------------------------------------------------------------------------------

@pytest.fixture
def stub(tmp_path):
    need("gcc")
    path = tmp_path / "stub.c"
    path.write_text(emit_stub.emit(reader.read(TESTDATA / "capi/linnet.h")))
    return path


def test_python(stub, tmp_path):
    need("g++")
    for module in ("pybind11", "numpy"):
        if not importlib.util.find_spec(module):
            pytest.skip(f"{module} is not installed")
    import pybind11
    run("gcc", "-std=c11", "-fPIC", "-c", stub, "-I", TESTDATA / "capi", "-o", tmp_path / "stub.o")
    run("g++", "-std=c++17", "-O0", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-fPIC",
        "-shared", "-I", TESTDATA / "capi", "-I", ROOT / "bindings/python/src",
        "-isystem", pybind11.get_include(), "-isystem", sysconfig.get_paths()["include"],
        TESTDATA / "bindings/python/src/linnet_native_generated.cc", tmp_path / "stub.o",
        "-o", tmp_path / ("_native" + sysconfig.get_config_var("EXT_SUFFIX")))
    text = run(sys.executable, SMOKE / "smoke.py", env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert "all functions answered" in text


def test_python_stub_file_is_python():
    for root in (ROOT, TESTDATA):
        compile((root / "bindings/python/linnet/_native.pyi").read_text(), "_native.pyi", "exec")


def java_home():
    need("javac")
    return pathlib.Path(shutil.which("javac")).resolve().parents[1]


def swig(root, folder):
    need("swig")
    folder.mkdir()
    text = run("swig", "-java", "-Wall", "-package", "org.linnet", "-outdir", folder,
               "-o", folder / "wrap.c", "-I" + str(ROOT / "bindings/java/src/main/swig"),
               root / "bindings/java/src/main/swig/linnet.i")
    assert text == "", "swig warns"


@ROOTS
def test_swig(root, tmp_path):
    swig(root, tmp_path / "swig")
    assert (tmp_path / "swig/Native.java").is_file()


def test_java(stub, tmp_path):
    home, made = java_home(), tmp_path / "swig"
    swig(TESTDATA, made)
    library = tmp_path / "liblinnetjni.so"
    main = ROOT / "bindings/java/src/main"
    run("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
        "-I", home / "include", "-I", home / "include/linux", "-I", main / "swig",
        "-I", TESTDATA / "capi", made / "wrap.c", stub, "-o", library)
    (tmp_path / "LibraryLoader.java").write_text(
        "package org.linnet;\nfinal class LibraryLoader {\n  static void load() {\n"
        f'    System.load("{library}");\n  }}\n}}\n')
    run("javac", "-Xlint:all", "-Werror", "--release", "11", "-d", tmp_path / "classes",
        *made.glob("*.java"), main / "java/org/linnet/NativeHandle.java",
        *(TESTDATA / "bindings/java/src/main/java/org/linnet").glob("*.java"),
        SMOKE / "Smoke.java", tmp_path / "LibraryLoader.java")
    text = run("java", "-Xcheck:jni", "-cp", tmp_path / "classes", "org.linnet.Smoke")
    assert text == "java: all functions answered\n"


def test_go(stub, tmp_path):
    need("go")
    package = tmp_path / "linnet"
    package.mkdir()
    for source in (TESTDATA / "bindings/go/generated.go", ROOT / "bindings/go/native_support.go",
                   TESTDATA / "capi/linnet.h", SMOKE / "smoke_test.go", stub):
        shutil.copy(source, package)
    (package / "go.mod").write_text("module example.org/linnet\n\ngo 1.19\n")
    run("go", "vet", ".", cwd=package)
    run("go", "test", ".", cwd=package)


def test_javascript(stub, tmp_path):
    need("node")
    if not importlib.util.find_spec("ziglang"):
        pytest.skip("ziglang is not installed")
    names = reader.read(TESTDATA / "capi/linnet.h")["functions"]
    exports = [each["name"] for each in names] + ["malloc", "free"]
    run(sys.executable, "-m", "ziglang", "cc", "--target=wasm32-wasi", "-mexec-model=reactor",
        "-Os", "-I", TESTDATA / "capi", stub, "-o", tmp_path / "stub.wasm",
        *(f"-Wl,--export={each}" for each in exports))
    for source in (TESTDATA / "bindings/javascript/src/generated.js", SMOKE / "smoke.mjs",
                   ROOT / "bindings/javascript/src/native_support.js"):
        shutil.copy(source, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    text = run("node", tmp_path / "smoke.mjs", tmp_path / "stub.wasm")
    assert text == "javascript: all functions answered\n"

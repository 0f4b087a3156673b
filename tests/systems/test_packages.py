# SPDX-License-Identifier: MIT
"""What is handed out for several systems: the jar with all native libraries, the wheel and the sdist,
a static program of Go; each made by its command, and used."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cross"), str(ROOT / "tests/go")]

from machines import need  # noqa: E402
from test_modules import outside, proxy  # noqa: E402, F401

lief = pytest.importorskip("lief", reason="tests/systems/requirements.txt")
ziglang = pytest.importorskip("ziglang", reason="tests/systems/requirements.txt")

CACHE = str(ROOT / "build/systems/cache")
ENVIRONMENT = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": CACHE, "ZIG_LOCAL_CACHE_DIR": CACHE}
ZIG = pathlib.Path(ziglang.__file__).parent / "zig"
PICTURE = ROOT / "examples/pictures/ship_1.png"
NATIVES = {"linux-x86_64": "liblinnet_jni.so", "linux-aarch64": "liblinnet_jni.so",
           "macos-x86_64": "liblinnet_jni.dylib", "macos-aarch64": "liblinnet_jni.dylib",
           "windows-x86_64": "linnet_jni.dll"}


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, text=True, stdout=subprocess.PIPE,
                          env={**ENVIRONMENT, **options.pop("environment", {})}, **options).stdout


# ---- One jar for all ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def jar():
    need("mvn", "swig")
    folder = ROOT / "build/systems/java"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "bindings/java/src", folder / "src", dirs_exist_ok=True)
    shutil.copy(ROOT / "bindings/java/pom.xml", folder)
    run("mvn", "-B", "-q", "-ntp", "-f", folder / "pom.xml", "package", "-Pall-natives",
        "-DskipTests", f"-Dlinnet.zig={ZIG}", f"-Dlinnet.source={ROOT / 'bindings/go'}",
        f"-Dlinnet.model={ROOT / 'examples/model'}")
    (jar,) = (folder / "target").glob("linnet-*.jar")
    return jar


def names_of(binary):
    if isinstance(binary, lief.PE.Binary):
        return {entry.name for entry in binary.get_export().entries}
    return {symbol.name.removeprefix("_") for symbol in binary.exported_symbols}


@pytest.mark.xdist_group("jar")
def test_the_jar_has_the_library_of_every_system(jar, tmp_path):
    with zipfile.ZipFile(jar) as archive:
        archive.extractall(tmp_path)
    libraries = {path.parent.name: path for path in tmp_path.glob("native/*/*")}
    assert {system: path.name for system, path in libraries.items()} == NATIVES
    # What the Java classes declare.
    declared = run("javap", "-p", "-cp", jar, "org.linnet.NativeJNI")
    wanted = {f"Java_org_linnet_NativeJNI_{name}"
              for name in re.findall(r"\bnative \S+ (\w+)\(", declared)}
    assert "Java_org_linnet_NativeJNI_modelOpen" in wanted and len(wanted) > 30
    for system, library in libraries.items():
        binary = lief.parse(str(library))
        names = names_of(binary)
        if system.startswith("macos"):  # Zig's linker shows the C interface and C++'s new as well
            names = {name for name in names if name.startswith("Java_")}
        assert names - {"JNI_OnLoad"} == wanted, system
        if system.startswith("linux"):
            loaded = [part for part in binary.segments if part.type == lief.ELF.Segment.TYPE.LOAD]
            assert all(part.alignment % 16384 == 0 for part in loaded)
            versions = re.findall(rb"GLIBC_2\.(\d+)", library.read_bytes())
            assert versions and max(map(int, versions)) <= 17
    assert jar.stat().st_size < 5e6


@pytest.mark.xdist_group("jar")
def test_the_jar_runs(jar, tmp_path):
    source = ROOT / "examples/classify/java/src/main/java/Classify.java"
    printed = run("java", f"-Dlinnet.extract.dir={tmp_path}", "-cp", jar, source, PICTURE)
    assert "ship" in printed.splitlines()[1]


# ---- Python ------------------------------------------------------------------------------------

def answer_of(package, folder):
    """What the package says of a picture, installed in an environment of its own."""
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin/python", "-m", "pip", "install", "-q", package)
    return run(folder / "bin/python", ROOT / "examples/classify/python/classify.py", PICTURE,
               cwd=folder)


@pytest.mark.xdist_group("wheel")
def test_the_wheel_and_the_sdist(tmp_path):
    run(sys.executable, ROOT / "bindings/python/make_wheel.py", tmp_path,
        environment={"PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"})
    (wheel,) = tmp_path.glob("*.whl")
    assert "manylinux2014_x86_64" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "linnet/default.onnx" in names
    assert not [name for name in names if ".libs/" in name]  # it needs no library beside it
    assert wheel.stat().st_size < 2.5e6

    tree = tmp_path / "tree"  # of what is in the repository alone
    for name in run("git", "ls-files", "-z", cwd=ROOT).split("\0")[:-1]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    run(sys.executable, "-m", "venv", tmp_path / "build")
    python = tmp_path / "build/bin/python"
    run(python, "-m", "pip", "install", "-q", "build")
    run(python, "-m", "build", "-q", "--sdist", "-o", tmp_path, tree)
    shutil.rmtree(tree)
    (sdist,) = tmp_path.glob("*.tar.gz")
    answer = answer_of(wheel, tmp_path / "of_wheel")
    assert "ship" in answer.splitlines()[1]
    assert answer_of(sdist, tmp_path / "of_sdist") == answer


# ---- Go ----------------------------------------------------------------------------------------

@pytest.mark.xdist_group("go")
def test_a_static_program_from_scratch(outside, tmp_path):  # noqa: F811
    """A module outside, the model inside, in a folder with nothing else: as in an empty image."""
    need("go")
    folder, go_here = outside
    target = "-target x86_64-linux-musl"
    go_here("build", "-mod=mod", "-ldflags", "-s -w -linkmode external -extldflags -static", "-o",
            tmp_path / "program", ".", CGO_ENABLED="1", CC=f"{ZIG} cc {target}",
            CXX=f"{ZIG} c++ {target}", ZIG_GLOBAL_CACHE_DIR=CACHE, ZIG_LOCAL_CACHE_DIR=CACHE)
    shutil.copy(PICTURE, tmp_path)
    if os.geteuid() != 0:
        pytest.skip("only root may change the root folder")
    milliseconds = []
    for _ in range(5):
        start = time.perf_counter()
        assert run("chroot", tmp_path, "/program", f"/{PICTURE.name}") == f"ship {PICTURE.name}\n"
        milliseconds.append((time.perf_counter() - start) * 1000)
    print(f"{(tmp_path / 'program').stat().st_size} bytes, {min(milliseconds):.0f} ms")
    assert (tmp_path / "program").stat().st_size < 10e6

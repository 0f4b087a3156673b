# SPDX-License-Identifier: MIT
"""The Go module as its users meet it: inside the tree, from a module outside, and vendored."""
import os
import pathlib
import shutil
import subprocess
import zipfile

import pytest

from module_proxy import MODULE, ROOT, VERSION, make_proxy, zip_file
from png_writer import write_pictures

HERE = pathlib.Path(__file__).parent
PICTURE = ROOT / "examples/pictures/ship_1.png"

pytestmark = pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed")


def go(*arguments, cwd=ROOT, **environment):
    """Runs the go tool and returns what it prints; fails the test with its complaints."""
    done = subprocess.run(["go", *map(str, arguments)], cwd=cwd, env={**os.environ, **environment},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


def classify(program, *arguments):
    """What the program prints, as stdout, stderr and status."""
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    return done.stdout, done.stderr, done.returncode


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxy")
    make_proxy(folder)
    return folder


@pytest.fixture(scope="module")
def outside(tmp_path_factory, proxy):
    """A module outside the tree that has got this one from the proxy, and how to call go there.

    -trimpath lets all builds here share what they compile, wherever the sources lie."""
    folder = tmp_path_factory.mktemp("outside")
    cache = tmp_path_factory.mktemp("modcache")
    for source in (HERE / "testdata/outside").iterdir():
        shutil.copy(source, folder / source.name.removesuffix(".txt"))

    def go_here(*arguments, **environment):
        return go(*arguments, cwd=folder, **{
            "GOPROXY": proxy.as_uri(), "GONOSUMDB": "*", "GONOSUMCHECK": "1", "GOSUMDB": "off",
            "GOMODCACHE": str(cache), "GOWORK": "off", "GOFLAGS": "-modcacherw -trimpath",
            **environment})

    go_here("mod", "init", "example.com/outside")
    go_here("get", f"{MODULE}/bindings/go@{VERSION}")
    return folder, go_here


def expect_answer(program):
    assert classify(program, PICTURE) == (f"ship {PICTURE.name}\n", "", 0)


def test_the_code_is_formatted():
    folders = [ROOT / "bindings/go", ROOT / "examples"]
    done = subprocess.run(["gofmt", "-l", *folders], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == ""


def test_vet():
    go("vet", "./...")


def test_race_and_pillow(tmp_path):
    """All Go tests under the race detector; among them, that each kind of PNG file has the samples
    that Pillow sees."""
    pytest.importorskip("PIL")
    assert write_pictures(tmp_path) == 26
    printed = go("test", "-race", "-v", "./bindings/go", LINNET_PILLOW_PICTURES=str(tmp_path))
    assert "--- PASS: TestSamplesAreThoseOfPillow" in printed


def test_the_module_is_small_and_whole(proxy):
    with zipfile.ZipFile(zip_file(proxy)) as archive:
        names = {name.removeprefix(f"{MODULE}@{VERSION}/") for name in archive.namelist()}
    assert {"LICENSE", "go.mod", "bindings/go/linnet.cc", "bindings/go/linnet.h",
            "bindings/go/generated.go", "examples/model/default.onnx"} <= names
    assert zip_file(proxy).stat().st_size < 5e6


def test_a_module_outside(outside):
    folder, go_here = outside
    go_here("build", "-o", "program", ".")
    expect_answer(folder / "program")


def test_an_outside_module_that_vendors(outside):
    folder, go_here = outside
    go_here("mod", "vendor")
    assert (folder / "vendor" / MODULE / "bindings/go/linnet.cc").is_file()
    assert (folder / "vendor" / MODULE / "examples/model/default.onnx").is_file()
    go_here("build", "-mod=vendor", "-o", "vendored", ".", GOPROXY="off")
    expect_answer(folder / "vendored")


def test_a_static_program(outside):
    folder, go_here = outside
    go_here("build", "-mod=mod", "-ldflags", "-linkmode external -extldflags -static",
            "-o", "static", ".")
    listed = subprocess.run(["ldd", folder / "static"], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False)
    assert "not a dynamic executable" in listed.stdout
    expect_answer(folder / "static")


def test_without_cgo_the_first_complaint_says_so():
    done = subprocess.run(["go", "build", "./bindings/go"], cwd=ROOT, text=True, check=False,
                          env={**os.environ, "CGO_ENABLED": "0"}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode != 0
    assert "needs_cgo_set_CGO_ENABLED_to_1" in done.stdout.splitlines()[1]


def test_only_programs_that_ask_for_the_default_model_carry_it(outside):
    folder, go_here = outside
    labels = b"airplane\nautomobile\nbird"
    go_here("build", "-mod=mod", "-o", "with", ".")
    go_here("build", "-mod=mod", "-tags", "own_model", "-o", "without", ".")
    assert labels in (folder / "with").read_bytes()
    assert labels not in (folder / "without").read_bytes()


def test_the_example(outside, tmp_path):
    _, go_here = outside
    program = tmp_path / "classify"
    go_here("build", "-mod=mod", "-o", program, f"{MODULE}/examples/classify/go")
    printed, complaints, status = classify(program, "--threads", "2", PICTURE, "none.png", PICTURE)
    lines = printed.splitlines()
    assert lines[0] == str(PICTURE) and len(lines) == 12 and lines[:6] == lines[6:]
    assert lines[1].startswith("  0.") and lines[1].endswith("  ship")
    assert complaints == "classify: none.png: no such file or directory\n" and status == 1
    assert classify(program)[2] == 2 and classify(program, "--nonesuch")[2] == 2
    model = ROOT / "examples/model/default.onnx"
    assert classify(program, "--model", model, PICTURE)[0].splitlines() == lines[:6]
    printed, complaints, status = classify(program, "--model", "none.onnx", PICTURE)
    assert (printed, status) == ("", 1) and complaints.startswith("classify: cannot open")

# SPDX-License-Identifier: MIT
"""The table of sizes, of a library that is made here."""
import pathlib
import shutil
import subprocess
import sys

import pytest

SCRIPT = pathlib.Path(__file__).with_name("sizes.py")
SOURCES = {"core/ops/add.cc": "extern const char add_table[8192] = {1};",
           "core/kernels/isa_plain.cc": "extern const char plain_table[4096] = {1};"}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    compiler = shutil.which("c++")
    if not compiler or not shutil.which("strip") or not sys.platform.startswith("linux"):
        pytest.skip("needs a compiler and binutils")
    build = tmp_path_factory.mktemp("build")
    objects = []
    for name, text in SOURCES.items():
        source = build / "CMakeFiles" / "linnet_objects.dir" / name
        source.parent.mkdir(parents=True)
        source.write_text(text + "\n")
        objects.append(source.with_name(source.name + ".o"))
        subprocess.run([compiler, "-fPIC", "-c", source, "-o", objects[-1]], check=True)
    subprocess.run([compiler, "-shared", *objects, "-o", build / "liblinnet.so"], check=True)
    return build


def sizes(*arguments):
    return subprocess.run([sys.executable, SCRIPT, *map(str, arguments)], text=True,
                          capture_output=True)


def test_rooms(build):
    printed = sizes(build).stdout.splitlines()
    by_name = {" ".join(line.split()[2:]): float(line.split()[0])
               for line in printed if line.strip() and line.split()[0][0].isdigit()}
    assert by_name["ops"] == 8.0 and by_name["kernels, plain"] == 4.0
    assert by_name[".rodata"] >= 12.0


def test_limit(build):
    assert sizes(build, "--limit", 700).returncode == 0
    failed = sizes(build, "--limit", 11)
    assert failed.returncode == 1 and failed.stderr == "more than 11 KB\n"
